// Rows of power: 1024 samples under a Hann window every 512, from a stream of noise to f32.
//
// A pass is 131,072 samples, 255 rows. The JavaScript contestants have the loops a program would have around the transform: the
// window on the way in, the squares on the way out. GNU Radio's flow graph uses as many threads as it has blocks; liquid-dsp's
// periodogram adds the rows up and writes none.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import pffftModule from "@echogarden/pffft-wasm/simd";
import { elementFacts } from "../build/element.js";
import { stft } from "../build/signal.js";
import { blocks, check, compiled, contest, fourier, here, noise, there } from "./lib/fourier.mjs";

export const name = "stft";
export const question = "Are rows of a stream's spectrum twice as fast as JavaScript's, and at 0.7 of FFTW in C?";

const SIZE = 1024;
const HOP = 512;
const FRAMES = 131_072;
const ROWS = (FRAMES - SIZE) / HOP + 1;
const BINS = SIZE / 2 + 1;

const require = createRequire(import.meta.url);
const FftJs = require("fft.js");

const hann = Float32Array.from({ length: SIZE }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SIZE));

function ours(x) {
  const [arena, input, output] = blocks(FRAMES, (ROWS + 2) * BINS);
  const stage = stft({ size: SIZE, hop: HOP }).open(arena, {
    element: elementFacts("f32"),
    channels: 1,
    rate: undefined,
  });
  input.numbers.set(x);
  // Each pass begins a stretch, as those of the others do.
  const once = () => {
    stage.reset();
    if (stage.run(input, FRAMES, output) !== ROWS) throw new Error("forebay made another number of rows");
  };
  return here("forebay", once, () => output.numbers.subarray(0, ROWS * BINS));
}

async function pffft(x) {
  const module = await pffftModule();
  if (module._pffft_simd_size() !== 4) throw new Error("pffft-wasm is not its build with SIMD");
  const setup = module._pffft_new_setup(SIZE, 0);
  const [input, output, work] = [0, 1, 2].map(() => module._pffft_aligned_malloc(4 * SIZE));
  const segment = module.HEAPF32.subarray(input / 4, input / 4 + SIZE);
  const packed = module.HEAPF32.subarray(output / 4, output / 4 + SIZE);
  const rows = new Float32Array(ROWS * BINS);
  const once = () => {
    for (let row = 0; row < ROWS; row++) {
      const from = row * HOP;
      for (let i = 0; i < SIZE; i++) segment[i] = x[from + i] * hann[i];
      module._pffft_transform_ordered(setup, input, output, work, 0);
      const to = row * BINS;
      rows[to] = packed[0] * packed[0];
      rows[to + BINS - 1] = packed[1] * packed[1];
      for (let k = 1; k < BINS - 1; k++) {
        const re = packed[2 * k];
        const im = packed[2 * k + 1];
        rows[to + k] = re * re + im * im;
      }
    }
  };
  return here("pffft-wasm + JS", once, () => rows);
}

function fftJs(x) {
  const fft = new FftJs(SIZE);
  const segment = new Array(SIZE).fill(0);
  const bins = fft.createComplexArray();
  const rows = new Float32Array(ROWS * BINS);
  const once = () => {
    for (let row = 0; row < ROWS; row++) {
      const from = row * HOP;
      for (let i = 0; i < SIZE; i++) segment[i] = x[from + i] * hann[i];
      fft.realTransform(bins, segment);
      const to = row * BINS;
      for (let k = 0; k < BINS; k++) rows[to + k] = bins[2 * k] * bins[2 * k] + bins[2 * k + 1] * bins[2 * k + 1];
    }
  };
  return here("fft.js", once, () => rows);
}

/** All rows, in f64. */
function definition(x) {
  const out = new Float64Array(ROWS * BINS);
  for (let row = 0; row < ROWS; row++) {
    const weighed = (j) => [x[row * HOP + j] * (0.5 - 0.5 * Math.cos((2 * Math.PI * j) / SIZE)), 0];
    const bins = fourier(SIZE, weighed, BINS);
    for (let k = 0; k < BINS; k++) out[row * BINS + k] = bins[2 * k] ** 2 + bins[2 * k + 1] ** 2;
  }
  return out;
}

/** liquid-dsp's mean in decibels is that of the rows, but for a factor: its scaling, and the rows it begins with. */
function checkMean(who, decibels, rows) {
  const mean = Float64Array.from({ length: BINS }, (_, k) => {
    let sum = 0;
    for (let row = 0; row < ROWS; row++) sum += rows[row * BINS + k];
    return 10 * Math.log10(sum / ROWS);
  });
  const difference = (k) => decibels[SIZE / 2 + k] - mean[k];
  const centre = difference(SIZE / 8);
  for (let k = 2; k < SIZE / 2 - 2; k++) {
    // It has one row more, of zeros and the first samples, among 256.
    if (!(Math.abs(difference(k) - centre) < 0.5)) throw new Error(`${who} is wrong at bin ${k}: ${difference(k)} dB`);
  }
}

/**
 * @param {{ size: "small" | "full", signal?: AbortSignal }} options
 * @returns {Promise<{ what: string, ours: number, peer: string, peers: number, ratio: number, unit: string, reach: string }[]>}
 */
export async function run({ size, signal }) {
  const fftw = compiled("fft", ["fftw3f"], "libfftw3-dev");
  const spgram = compiled("spgram", ["liquid"], "libliquid-dev");
  const python = fileURLToPath(new URL("native/spectra.py", import.meta.url));
  const cut = [SIZE, HOP, FRAMES].map(String);
  const inPython = (library) => (what) => [python, library, what, ...cut];
  const x = noise(FRAMES);
  const contestants = [
    ours(x),
    await pffft(x),
    fftJs(x),
    there("FFTW in C", "libfftw3-dev", fftw, (what) => ["rows", ...cut, ...(what === "check" ? [what] : [])]),
    there("GNU Radio", "gnuradio", "/usr/bin/python3", inPython("gnuradio"), 10),
    there("liquid-dsp spgram", "libliquid-dev", spgram, (what) => [what, ...cut]),
    there("scipy spectrogram", "python3-scipy", "/usr/bin/python3", inPython("scipy")),
  ];
  const ought = definition(x);
  for (const each of contestants) {
    if (each.name === "liquid-dsp spgram") checkMean(each.name, each.output(), ought);
    else check(each.name, each.output(), ought);
  }
  const what = `${SIZE}/${HOP} Hann power`;
  const reaches = {
    "pffft-wasm + JS": "≥ 2×",
    "fft.js": "≥ 2×",
    "FFTW in C": "≥ 0.7×, aim 0.9×",
    "GNU Radio": "> 1×",
    "liquid-dsp spgram": "> 1×",
    "scipy spectrogram": "> 1×",
  };
  return contest({ what, contestants, samples: FRAMES, reaches, size, signal });
}
