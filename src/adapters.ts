/**
 * The sources and sinks that run on every host: chunks of bytes from an iteration, a function that is called with what was
 * written, and those two of `forebay` that lie in memory. A host's own are in its entry: `forebay/node`, `forebay/web` …
 *
 * ```ts
 * import { Arena } from "forebay";
 * import { openSink } from "forebay/outflow";
 * import { callbackSink, iterableSource } from "forebay/adapters";
 *
 * const arena = await Arena.create();
 * const flow = arena.open(iterableSource(chunks()), { element: "f32" });
 * const out = openSink(arena, callbackSink((bytes) => socket.send(bytes)), { element: "f32" });
 * ```
 *
 * @module
 */
export { type ArraySink, arraySink } from "./sink/array.js";
export { type CallbackSinkOptions, callbackSink, type WriteCallback } from "./sink/callback.js";
export { bytesSource } from "./source/bytes.js";
export { type IterableSourceOptions, iterableSource } from "./source/iterable.js";
