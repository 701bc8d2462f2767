// Transforms: ours beside those that JavaScript can have, and beside FFTW in C, whose lanes are two or four times as wide.
//
// Every contestant transforms the same noise again and again where it lies, in its own memory: none is charged for copying to or
// from it. pffft-wasm is its build with SIMD, in natural order. A real transform of n counts n samples, a complex one n pairs.
import { createRequire } from "node:module";
import pffftModule from "@echogarden/pffft-wasm/simd";
import { Fft } from "../build/signal.js";
import { blocks, check, compiled, contest, fourier, here, noise, there } from "./lib/fourier.mjs";

export const name = "fft";
export const question = "Are transforms ahead of all that JavaScript has, and at 0.65 of FFTW?";

const require = createRequire(import.meta.url);
const FftJs = require("fft.js");

function ours(size, real, x) {
  const [arena, samples, bins] = blocks(x.length, 2 * (real ? size / 2 + 1 : size));
  const fft = new Fft(arena, size, { real });
  samples.numbers.set(x);
  return here(
    "forebay",
    () => fft.forward(samples, bins),
    () => bins.numbers,
  );
}

/** Real bins come with that of ½ behind that of 0. */
const unpacked = (size, packed) => Float32Array.of(packed[0], 0, ...packed.subarray(2, size), packed[1], 0);

async function pffft(size, real, x) {
  const module = await pffftModule();
  if (module._pffft_simd_size() !== 4) throw new Error("pffft-wasm is not its build with SIMD");
  const setup = module._pffft_new_setup(size, real ? 0 : 1);
  const [input, output, work] = [0, 1, 2].map(() => module._pffft_aligned_malloc(8 * size));
  module.HEAPF32.set(x, input / 4);
  return here(
    "pffft-wasm",
    () => module._pffft_transform_ordered(setup, input, output, work, 0),
    () => {
      const numbers = module.HEAPF32.subarray(output / 4, output / 4 + x.length);
      return real ? unpacked(size, numbers) : numbers;
    },
  );
}

async function kissfft(size, real, x) {
  // Its loader takes a host with fetch for a browser; without it, it reads its file as Node does.
  const { fetch } = globalThis;
  globalThis.fetch = undefined;
  const kissfft = require("kissfft-wasm/lib/wasm.js");
  try {
    await kissfft.waitLoading();
  } finally {
    globalThis.fetch = fetch;
  }
  const { wasm } = kissfft;
  const plan = real ? wasm._kiss_fftr_alloc(size, 0, 0, 0) : wasm._kiss_fft_alloc(size, 0, 0, 0);
  const [input, output] = [0, 1].map(() => wasm._malloc(8 * size + 8));
  wasm.HEAPF32.set(x, input / 4);
  const run = real ? wasm._kiss_fftr : wasm._kiss_fft;
  const count = real ? size + 2 : 2 * size;
  return here(
    "kissfft-wasm",
    () => run(plan, input, output),
    () => wasm.HEAPF32.subarray(output / 4, output / 4 + count),
  );
}

function fftJs(size, real, x) {
  const fft = new FftJs(size);
  const input = Array.from(x);
  const output = fft.createComplexArray();
  return here(
    "fft.js",
    () => (real ? fft.realTransform(output, input) : fft.transform(output, input)),
    () => (real ? output.slice(0, size + 2) : output),
  );
}

/**
 * @param {{ size: "small" | "full", signal?: AbortSignal }} options
 * @returns {Promise<{ what: string, ours: number, peer: string, peers: number, ratio: number, unit: string, reach: string }[]>}
 */
export async function run({ size: work, signal }) {
  const fftw = compiled("fft", ["fftw3f"], "libfftw3-dev");
  const rows = [];
  for (const [size, real] of work === "full"
    ? [
        [1024, true],
        [1024, false],
        [256, true],
        [8192, true],
        [65_536, false],
      ]
    : [[1024, true]]) {
    const kind = real ? "real" : "complex";
    const x = noise(real ? size : 2 * size);
    const contestants = [
      ours(size, real, x),
      await pffft(size, real, x),
      await kissfft(size, real, x),
      fftJs(size, real, x),
      there("FFTW", "libfftw3-dev", fftw, (what) => [what, kind, String(size)]),
    ];
    const ought = fourier(size, (j) => (real ? [x[j], 0] : [x[2 * j], x[2 * j + 1]]), real ? size / 2 + 1 : size);
    for (const each of contestants) check(each.name, each.output(), ought);
    const reaches = { "pffft-wasm": "> 1×", "kissfft-wasm": "> 1×", "fft.js": "> 1×" };
    if (real && size === 1024) reaches.FFTW = "≥ 0.65×, aim 0.8×";
    const what = `${kind} ${size}`;
    rows.push(...(await contest({ what, contestants, samples: size, reaches, size: work, signal })));
  }
  return rows;
}
