/**
 * Kernels: loops in WebAssembly over windows and blocks, in place. They are a module of their own, so that a program which
 * imports none does not carry them.
 *
 * ```ts
 * import { Arena, bytesSource } from "forebay";
 * import { Stats } from "forebay/kernels";
 *
 * const arena = await Arena.create();
 * const flow = arena.open(bytesSource(new Float32Array(10_000)), { element: "f32" });
 * const stats = new Stats(arena, "f32");
 * await flow.each({ size: 1024, hop: 1024 }, (window) => stats.add(window));
 * console.log(stats.result());
 * ```
 *
 * @module
 */
export {
  convertSamples,
  type LittleSampleFormat,
  type SampleFormat,
  type ScaleProfile,
  sampleBytes,
} from "./kernel/convert.js";
export { deinterleave, interleave, type PlaneShape } from "./kernel/interleave.js";
export { countByte, findByte, findLastByte, Literal } from "./kernel/search.js";
export { type ChannelStats, Stats } from "./kernel/stats.js";
