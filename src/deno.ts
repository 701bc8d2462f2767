/**
 * Sources and sinks of Deno: files, read straight into the ring. What Deno has of the web is in `forebay/web`, and all of
 * `forebay/node` runs in it too.
 *
 * ```ts
 * import { Arena } from "forebay";
 * import { denoFileSource } from "forebay/deno";
 *
 * const arena = await Arena.create();
 * const flow = arena.open(denoFileSource("bearing-3.f32"), { element: "f32" });
 * ```
 *
 * @module
 */
export type { DenoFileInfo, DenoFiles, DenoReadFile, DenoWriteFile } from "./deno/host.js";
export { type DenoFileSinkOptions, denoFileSink } from "./sink/deno-file.js";
export { type DenoFileSourceOptions, denoFileSource } from "./source/deno-file.js";
