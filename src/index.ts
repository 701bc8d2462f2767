/**
 * forebay: a typed ring of frames in linear memory, looked at through windows that are contiguous and never block.
 *
 * ```ts
 * import { Arena, bytesSource } from "forebay";
 *
 * const arena = await Arena.create();
 * const flow = arena.open(bytesSource(new Float32Array(10_000)), { element: "f32" });
 * for await (const w of flow.windows({ size: 1024, hop: 256 })) console.log(w.start, w.data.length);
 * await flow.close();
 * ```
 *
 * What not every program needs has entries of its own: `forebay/records`, `forebay/poll`, `forebay/pages`, `forebay/kernels`,
 * `forebay/explain`, and `forebay/adapters` for sources and sinks that run on every host.
 *
 * @module
 */
export { Arena, type ArenaOptions, type Block } from "./arena.js";
export { Buf, type BufOptions, type Span } from "./buf.js";
export type { Chunk } from "./chunk.js";
export type { AnyView, Element, ElementFacts, Labels, NumberElement, ViewOf } from "./element.js";
export { elementNames } from "./element.js";
export { Fault, type FaultCode, type FaultFacts, Unsupported } from "./fault.js";
export { Flow, type FlowOptions } from "./flow.js";
export { type Gap, Ledger } from "./ledger.js";
export type { FlowStats } from "./flow-stats.js";
export type { Plan, PlanMode, PlanOptions } from "./plan.js";
export type { Answer, Reader, ReaderOptions, WindowVisitor } from "./reader.js";
export type { Sink } from "./sink/sink.js";
export { bytesSource } from "./source/bytes.js";
export type { Source } from "./source/source.js";
export type { ReadableOptions } from "./stream/readable.js";
export type { WritableChunk } from "./stream/writable.js";
export type { WaitOptions } from "./wait.js";
export type { ModuleLike } from "./wasm/compile.js";
export type { Pollable, PollState, Watched, Watcher } from "./watch.js";
export type { Core, Region } from "./wasm/core.js";
export type { CoreExports, KernelExports } from "./wasm/exports.js";
export type { Hold, Window } from "./window.js";
export type { WindowLoop, WindowsOptions } from "./windows.js";
