// Kernels: each in its vector form, beside its scalar form and beside the loop that a JavaScript developer would write.
//
// The data lies in one window of 256 KiB: larger than any first-level cache, smaller than most second-level ones, so the figures
// are about the kernels and not about main memory. Figures are gigabytes of source read in a second.
import { readFileSync } from "node:fs";
import { rareOffsets } from "../build/kernel/rare.js";
import { rounds } from "./lib/rounds.mjs";

export const name = "kernels";
export const question = "Is each kernel at least four times as fast as the same loop in JavaScript?";

const WINDOW = 1 << 18;
const REACH = "≥ 4×";

/** One build over a memory of its own: a window, room for what is made of it, and the JavaScript views on both. */
function instantiate(build) {
  const memory = new WebAssembly.Memory({ initial: 32, maximum: 32 });
  const module = new WebAssembly.Module(readFileSync(new URL(`../build/${build}`, import.meta.url)));
  const core = new WebAssembly.Instance(module, { env: { memory } }).exports;
  core.arenaCreate(memory.buffer.byteLength, 8);
  const handle = core.blockTake(5 * WINDOW, 0);
  if (handle === 0) throw new Error("The arena has no room for the bench's block");
  const begin = core.blockBegin(handle);
  return { core, handle, begin, out: begin + WINDOW, buffer: memory.buffer };
}

/** Text of lines with an average length of 40, made from a fixed seed, without "z" and "Q". */
function fillText(bytes) {
  let state = 1;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const draw = state >>> 16;
    bytes[i] = draw % 40 === 0 ? 10 : draw % 6 === 0 ? 32 : 97 + (draw % 25);
  }
}

/** Sines with a little noise, over the whole range of the type. */
function fillSignal(array, centre, amplitude) {
  let state = 7;
  for (let i = 0; i < array.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    array[i] = centre + amplitude * (0.9 * Math.sin(i * 0.0123) + 0.05 * ((state >>> 16) / 32768 - 1));
  }
}

// The loops in JavaScript. Each is a function of its own for each row, as it would be in a program that does one of these
// things: a shared one would see several array types and be slow for a reason that is not the loop's.

const jsFindByte = () => (bytes, wanted) => {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === wanted) return i;
  return -1;
};

const jsFindLastByte = () => (bytes, wanted) => {
  for (let i = bytes.length - 1; i >= 0; i--) if (bytes[i] === wanted) return i;
  return -1;
};

const jsCountByte = () => (bytes, wanted) => {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === wanted) count++;
  return count;
};

const jsFindLiteral = () => (bytes, needle) => {
  const first = needle[0];
  const last = bytes.length - needle.length;
  outer: for (let i = 0; i <= last; i++) {
    if (bytes[i] !== first) continue;
    for (let j = 1; j < needle.length; j++) if (bytes[i + j] !== needle[j]) continue outer;
    return i;
  }
  return -1;
};

let made = 0;

/** A loop made from its text, which is never the same twice: V8 compiles each row's loop for that row's types alone. */
const own = (...text) => new Function(...text.slice(0, -1), `${text.at(-1)} // ${made++}`);

const jsStats = () =>
  own(
    "a",
    `let min = Infinity, max = -Infinity, sum = 0, squares = 0;
     for (let i = 0; i < a.length; i++) {
       const x = a[i];
       if (x < min) min = x;
       if (x > max) max = x;
       sum += x;
       squares += x * x;
     }
     return [min, max, sum, squares];`,
  );

const jsStereoStats = () =>
  own(
    "a",
    `const result = [];
     for (let c = 0; c < 2; c++) {
       let min = Infinity, max = -Infinity, sum = 0, squares = 0;
       for (let i = c; i < a.length; i += 2) {
         const x = a[i];
         if (x < min) min = x;
         if (x > max) max = x;
         sum += x;
         squares += x * x;
       }
       result.push(min, max, sum, squares);
     }
     return result;`,
  );

const map = (expression) => own("a", "out", `for (let i = 0; i < out.length; i++) { out[i] = ${expression}; }`);

const clipped = (scale, low, high) => `Math.max(${low}, Math.min(${high}, Math.round(a[i] * ${scale})))`;

/** Each row: what it does, the bytes it reads, one run in WebAssembly, one in JavaScript, and whether they agree. */
function rowsOf(simd, needle) {
  const { buffer, begin, out } = simd;
  const text = new Uint8Array(buffer, begin, WINDOW);
  const rows = [];

  const search = (what, make, call, js, ready = () => fillText(text)) => rows.push({ what, ready, make, call, js });

  search(
    "find a byte (absent)",
    jsFindByte,
    (k) => k.core.findByte(k.handle, k.begin, WINDOW, 0x7a),
    (f) => f(text, 0x7a),
  );
  search(
    "find the last byte (absent)",
    jsFindLastByte,
    (k) => k.core.findLastByte(k.handle, k.begin, WINDOW, 0x7a),
    (f) => f(text, 0x7a),
  );
  search(
    "count a byte",
    jsCountByte,
    (k) => k.core.countByte(k.handle, k.begin, WINDOW, 10),
    (f) => f(text, 10),
  );
  const [rareA, rareB] = rareOffsets(needle);
  search(
    "find a literal (absent)",
    jsFindLiteral,
    (k) => {
      const at = k.begin + 4 * WINDOW;
      return k.core.findLiteral(k.handle, k.begin, WINDOW, k.handle, at, needle.length, rareA, rareB);
    },
    (f) => f(text, needle),
  );

  const types = [Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array];
  const stats = (type, channels) => {
    const array = new types[type](buffer, begin, WINDOW / types[type].BYTES_PER_ELEMENT);
    const amplitude = type >= 6 ? 1 : 2 ** (8 * array.BYTES_PER_ELEMENT - 1) - 1;
    const centre = type < 6 && type % 2 === 0 ? amplitude : 0;
    const results = new Float64Array(buffer, out + 4096, 4 * channels);
    rows.push({
      what: `statistics of ${types[type].name.replace("Array", "").toLowerCase()}${channels === 2 ? ", 2 channels" : ""}`,
      ready: () => fillSignal(array, centre, amplitude),
      make: channels === 2 ? jsStereoStats : jsStats,
      call: (k) => {
        k.core.statsReset(k.handle, k.out, channels);
        k.core.statsAdd(k.handle, k.begin, array.length, type, k.handle, k.out, channels, 0);
        return k.core.statsResult(k.handle, k.out, channels, type, k.handle, k.out + 4096);
      },
      js: (f) => f(array),
      // The order of additions differs, so sums agree but for rounding.
      agrees: (_, js) =>
        js.every((x, i) => Math.abs(x - results[i]) <= 1e-9 * Math.max(array.length * amplitude, Math.abs(x))),
    });
  };
  for (let type = 0; type < 8; type++) stats(type, 1);
  stats(3, 2);
  stats(6, 2);

  /** `samples` samples from one format to another; the two arrays may be views of bytes where JavaScript has no such array. */
  const conversion = (what, source, from, target, to, samples, profile, fill, make) => {
    const bytesOut = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    rows.push({
      what,
      bytes: source.byteLength,
      ready: fill,
      make,
      call: (k) => k.core.convertSamples(k.handle, k.begin, from, k.handle, k.out, to, samples, profile),
      js: (f) => f(source, target),
      check: (runOurs, runJs) => {
        runOurs();
        const ours = bytesOut.slice();
        runJs();
        return Buffer.compare(ours, bytesOut) === 0;
      },
    });
  };
  const COUNT = 1 << 16;
  const view = (Type, at, length = COUNT) => new Type(buffer, at, length);
  const u8 = view(Uint8Array, begin);
  const s16 = view(Int16Array, begin);
  const s24 = view(Uint8Array, begin, 3 * COUNT);
  const s32 = view(Int32Array, begin);
  const f32 = view(Float32Array, begin);
  const f32Out = view(Float32Array, out);
  const all = new Uint8Array(buffer, begin, WINDOW);
  const bytes = () => all.forEach((_, i) => (all[i] = (i * 2654435761) >>> 13));
  // A quarter beside multiples of 2⁻²³: no product with a scale is halfway between two integers, where Math.round and
  // half-to-even part. One number in eight is clipped.
  const signal = () =>
    f32.forEach((_, i) => (f32[i] = i % 8 === 7 ? 1.1 : (Math.floor(2 ** 21 * Math.sin(i * 0.0123)) + 0.25) / 2 ** 23));
  conversion("u8 to f32", u8, 0, f32Out, 5, COUNT, 1, bytes, () => map("(a[i] - 128) / 128"));
  conversion("s16 to f32", s16, 2, f32Out, 5, COUNT, 1, bytes, () => map("a[i] / 32768"));
  conversion("s16 to f32, full scale", s16, 2, f32Out, 5, COUNT, 2, bytes, () => map("a[i] / 32767"));
  const big16 = "((a[2 * i] << 24 >> 16) | a[2 * i + 1]) / 32768";
  conversion("s16 big-endian to f32", view(Uint8Array, begin, 2 * COUNT), 10, f32Out, 5, COUNT, 1, bytes, () =>
    map(big16),
  );
  const little24 = "((a[3 * i + 2] << 24 >> 8) | (a[3 * i + 1] << 8) | a[3 * i]) / 8388608";
  conversion("s24 to f32", s24, 3, f32Out, 5, COUNT, 1, bytes, () => map(little24));
  conversion("s32 to f32", s32, 4, f32Out, 5, COUNT, 1, bytes, () => map("a[i] / 2147483648"));
  const u8Out = view(Uint8Array, out);
  const s16Out = view(Int16Array, out);
  const s24Out = view(Uint8Array, out, 3 * COUNT);
  const s32Out = view(Int32Array, out);
  conversion("f32 to u8", f32, 5, u8Out, 0, COUNT, 1, signal, () => map(`${clipped(128, -128, 127)} + 128`));
  conversion("f32 to s16", f32, 5, s16Out, 2, COUNT, 1, signal, () => map(clipped(32768, -32768, 32767)));
  conversion("f32 to s16, full scale", f32, 5, s16Out, 2, COUNT, 2, signal, () => map(clipped(32767, -32768, 32767)));
  const pack24 = () =>
    own(
      "a",
      "out",
      `for (let i = 0; i < a.length; i++) {
         const n = ${clipped(8388608, -8388608, 8388607)};
         out[3 * i] = n;
         out[3 * i + 1] = n >> 8;
         out[3 * i + 2] = n >> 16;
       }`,
    );
  conversion("f32 to s24", f32, 5, s24Out, 3, COUNT, 1, signal, pack24);
  conversion("f32 to s32", f32, 5, s32Out, 4, COUNT, 1, signal, () =>
    map(clipped(2147483648, -2147483648, 2147483647)),
  );
  const f64Out = view(Float64Array, out);
  conversion("f32 to f64", f32, 5, f64Out, 6, COUNT, 1, signal, () => map("a[i]"));
  const half = COUNT / 2;
  const f64 = view(Float64Array, begin, half);
  const f64Signal = () => f64.forEach((_, i) => (f64[i] = Math.sin(i * 0.0123)));
  conversion("f64 to f32", f64, 6, view(Float32Array, out, half), 5, half, 1, f64Signal, () => map("a[i]"));
  const swap16 = () => map("(a[i] << 8) | (a[i] >>> 8)");
  conversion(
    "swap the bytes of 16-bit samples",
    view(Uint16Array, begin),
    2,
    view(Uint16Array, out),
    10,
    COUNT,
    1,
    bytes,
    swap16,
  );
  const swap32 = () => map("(a[i] << 24) | ((a[i] & 0xff00) << 8) | ((a[i] >>> 8) & 0xff00) | (a[i] >>> 24)");
  conversion(
    "swap the bytes of 32-bit samples",
    view(Uint32Array, begin),
    4,
    view(Uint32Array, out),
    12,
    COUNT,
    1,
    bytes,
    swap32,
  );

  const planes = (what, Type, channels, direction) => {
    const source = new Type(buffer, begin, WINDOW / Type.BYTES_PER_ELEMENT);
    const target = new Type(buffer, out, source.length);
    const frames = Math.floor(source.length / channels);
    const size = Type.BYTES_PER_ELEMENT;
    const body =
      direction === "deinterleave"
        ? `out[c * ${frames} + i] = a[i * ${channels} + c]`
        : `out[i * ${channels} + c] = a[c * ${frames} + i]`;
    rows.push({
      what,
      ready: bytes,
      make: () => own("a", "out", `for (let c = 0; c < ${channels}; c++) for (let i = 0; i < ${frames}; i++) ${body};`),
      call: (k) => k.core[direction](k.handle, k.begin, k.handle, k.out, frames, channels, size, frames * size),
      js: (f) => f(source, target),
      check: (runOurs, runJs) => {
        const bytesOut = new Uint8Array(buffer, out, frames * channels * size);
        runOurs();
        const ours = bytesOut.slice();
        runJs();
        return Buffer.compare(ours, bytesOut) === 0;
      },
    });
  };
  planes("deinterleave 2 × 8 bits", Uint8Array, 2, "deinterleave");
  planes("deinterleave 2 × 16 bits", Uint16Array, 2, "deinterleave");
  planes("deinterleave 2 × 32 bits", Uint32Array, 2, "deinterleave");
  planes("deinterleave 4 × 16 bits", Uint16Array, 4, "deinterleave");
  planes("interleave 2 × 16 bits", Uint16Array, 2, "interleave");
  planes("interleave 2 × 32 bits", Uint32Array, 2, "interleave");
  return rows;
}

/**
 * @param {{ size: "small" | "full", signal?: AbortSignal }} options
 * @returns {Promise<{ what: string, ours: number, peer: string, peers: number, ratio: number, unit: string, reach: string }[]>}
 */
export async function run({ size, signal }) {
  const [timed, passes] = size === "full" ? [21, 40] : [3, 4];
  const simd = instantiate("core.wasm");
  const scalar = instantiate("core.scalar.wasm");
  const needle = new TextEncoder().encode("Quetzalcoatl");
  for (const k of [simd, scalar]) new Uint8Array(k.buffer).set(needle, k.begin + 4 * WINDOW);
  const answers = [];
  for (const row of rowsOf(simd, needle)) {
    row.ready();
    new Uint8Array(scalar.buffer, scalar.begin, WINDOW).set(new Uint8Array(simd.buffer, simd.begin, WINDOW));
    const loop = row.make();
    const runOurs = () => row.call(simd);
    const runJs = () => row.js(loop);
    const agrees = row.check ? row.check(runOurs, runJs) : (row.agrees ?? Object.is)(runOurs(), runJs());
    if (!agrees) throw new Error(`${row.what}: WebAssembly and JavaScript disagree`);
    const repeated = (once) => () => {
      let answer = 0;
      for (let pass = 0; pass < passes; pass++) answer = once();
      return answer;
    };
    const result = await rounds({
      contestants: { ours: repeated(runOurs), scalar: repeated(() => row.call(scalar)), js: repeated(runJs) },
      rounds: timed,
      warmup: 3,
      signal,
    });
    const speed = (contestant) => ((row.bytes ?? WINDOW) * passes) / 1e6 / result[contestant].median;
    const ours = speed("ours");
    const common = { what: row.what, ours, unit: "GB/s" };
    answers.push({ ...common, peer: "JavaScript loop", peers: speed("js"), ratio: ours / speed("js"), reach: REACH });
    answers.push({
      ...common,
      peer: "scalar form",
      peers: speed("scalar"),
      ratio: ours / speed("scalar"),
      reach: "> 1×",
    });
  }
  return answers;
}
