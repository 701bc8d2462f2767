/**
 * Sources and sinks over a WASI implementation (preview 1) in a JavaScript host.
 *
 * ```ts
 * import { WASI } from "node:wasi"; // or browser_wasi_shim, uwasi, …
 * import { Arena } from "forebay";
 * import { wasiOver, wasiSource } from "forebay/wasi";
 *
 * const arena = await Arena.create();
 * const wasi = wasiOver(arena, new WASI({ version: "preview1" }));
 * const flow = arena.open(wasiSource(wasi, 0), { element: "u8" }); // standard input, read into the ring itself
 * ```
 *
 * The command without JavaScript is `forebay/forebay.wasi.wasm`.
 *
 * @module
 */
export { type WasiSinkOptions, wasiSink } from "./sink/wasi-descriptor.js";
export { type WasiSourceOptions, wasiSource } from "./source/wasi-descriptor.js";
export { type WasiArena, type WasiFile, type WasiHost, type WasiOverOptions, wasiOver } from "./wasi/host.js";
