/** What the tests of filters share: streams put through stages in pieces, and both builds of the operators. */
import fc from "fast-check";
import { Arena } from "../../src/index.js";
import { elementFacts } from "../../src/element.js";
import type { Operator } from "../../src/signal/operator.js";
import { useSignal } from "../../src/wasm/signal.js";
import { projectFile } from "../support/host.js";

/** Both builds of the operators, each over an arena of its own. */
export const builds = ["signal.wasm", "signal.scalar.wasm"].map((name) => {
  const arena = Arena.createSync({ bytes: 8 * 2 ** 20 });
  useSignal(arena.core, new WebAssembly.Module(projectFile(`build/${name}`)));
  return { name, arena };
});

const [vectors, scalars] = builds as [(typeof builds)[number], (typeof builds)[number]];
export { scalars, vectors };

/** A stream of f32. */
export function streamOf(channels: number, rate?: number) {
  return { element: elementFacts("f32"), channels, rate };
}

/**
 * All of `data` (interleaved) through a stage, cut into runs of `cuts` frames over and over. The input lies at a place that no
 * vector would choose, in the midst of NaN, and so does the output.
 */
export function through(
  { arena }: { readonly arena: Arena },
  operator: Operator<"f32">,
  channels: number,
  data: Float32Array,
  cuts: readonly number[] = [data.length],
): Float32Array<ArrayBuffer> {
  const stage = operator.open(arena, streamOf(channels));
  const frames = data.length / channels;
  const most = stage.most(frames);
  const input = arena.allocate(data.byteLength + 64);
  const output = arena.allocate(4 * most * channels + 64);
  const into = new Float32Array(input.bytes.buffer, input.pointer, data.length + 16).fill(Number.NaN);
  const from = new Float32Array(output.bytes.buffer, output.pointer, most * channels + 16).fill(Number.NaN);
  const made: number[] = [];
  for (let at = 0, turn = 0; at < frames; turn++) {
    const run = Math.min(frames - at, cuts[turn % cuts.length] as number);
    const skewed = (turn % 4) + 3;
    into.fill(Number.NaN).set(data.subarray(at * channels, (at + run) * channels), skewed);
    const region = { core: arena.core, handle: input.handle, pointer: input.pointer + 4 * skewed, byteLength: 4 * run };
    from.fill(Number.NaN);
    const target = { core: arena.core, handle: output.handle, pointer: output.pointer + 4, byteLength: 4 * most };
    const written = stage.run(region, run, target);
    if (written > stage.most(run)) throw new Error(`${written} frames of ${run}: more than most`);
    // What lies around the output is as it was.
    if (!Number.isNaN(from[0]) || !Number.isNaN(from[1 + written * channels])) throw new Error("written outside");
    for (let i = 0; i < written * channels; i++) made.push(from[1 + i] as number);
    at += run;
  }
  for (const part of [input, output]) part.release();
  stage.close();
  return Float32Array.from(made);
}

/** Every `channels`-th element. */
export function channelOf(data: Float32Array, channels: number, channel: number): Float32Array {
  return data.filter((_, i) => i % channels === channel);
}

/** Samples and taps: numbers of very different sizes, all finite, none so small that its products vanish. */
export const samples = (least: number, most: number) =>
  fc
    .array(
      fc.oneof(
        fc.float({ min: -1, max: 1, noNaN: true }),
        fc.integer({ min: -32768, max: 32767 }),
        fc.constantFrom(0, -0, 1, -1, 3e5, 1e-5),
      ),
      { minLength: least, maxLength: most },
    )
    .map((numbers) => Float32Array.from(numbers, (x) => (Math.abs(x) < 1e-10 ? 0 : x)));

/** Lengths of runs, some of them 1. */
export const cutting = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 90 })), {
  minLength: 1,
  maxLength: 6,
});

/** The bits of each sample, with one number for all NaNs: their bits are the host's affair. */
export function bits(data: Float32Array): Uint32Array {
  const canonical = data.map((x) => (Number.isNaN(x) ? Number.NaN : x));
  return new Uint32Array(canonical.buffer);
}

/** y[m] = Σ h[p + k·up] · x[floor(m·down/up) − k] of one channel, in f64, and the sum of the products' sizes for bounds. */
export function upfirdn(x: Float32Array, h: ArrayLike<number>, up = 1, down = 1): { sum: number; size: number }[] {
  return Array.from({ length: Math.ceil((x.length * up) / down) }, (_, m) => {
    let sum = 0;
    let size = 0;
    const newest = Math.floor((m * down) / up);
    for (let k = 0, tap = (m * down) % up; tap < h.length && k <= newest; k++, tap += up) {
      const product = (h[tap] as number) * (x[newest - k] as number);
      sum += product;
      size += Math.abs(product);
    }
    return { sum, size };
  });
}

const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;

/** Numbers as tests/oracle/signal/make_filters.py writes them. */
export const f64 = (text: string) => new Float64Array(bytesOf(text));
export const f32 = (text: string) => new Float32Array(bytesOf(text));
