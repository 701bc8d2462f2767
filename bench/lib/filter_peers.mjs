// What the benches of filters share: one row of noise through every contestant, each checked against the definition in f64 before
// anything is timed. Peers in other languages are programs that time themselves; all take turns, round by round.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Arena } from "../../build/index.js";
import { elementFacts } from "../../build/element.js";
import { nativeProgram } from "./native.mjs";
import { median } from "./rounds.mjs";

/** Samples of a pass: 256 KiB, which fit into most second-level caches. */
export const SAMPLES = 1 << 16;

/** Noise between −1 and 1, as f32. */
export function noise(count) {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) / 8388608 - 1;
  });
}

/** A windowed low-pass of `count` taps below `cutoff` (1 is half of the rate), with a gain of 1. */
export function lowPass(count, cutoff) {
  const taps = Array.from({ length: count }, (_, k) => {
    const t = Math.PI * (k - (count - 1) / 2);
    return (Math.sin(cutoff * t) / t) * (0.54 - 0.46 * Math.cos((2 * Math.PI * k) / (count - 1)));
  });
  const sum = taps.reduce((all, tap) => all + tap);
  return Float32Array.from(taps, (tap) => tap / sum);
}

/** Every `factor`-th output of the taps over `x`, in f64. */
export function convolved(x, taps, factor = 1) {
  return Float64Array.from({ length: x.length / factor }, (_, m) => {
    let sum = 0;
    for (let k = 0; k < taps.length && k <= m * factor; k++) sum += taps[k] * x[m * factor - k];
    return sum;
  });
}

/** An operator of ours over `x`: `once` runs it. */
export function ours(operator, x) {
  const arena = Arena.createSync({ bytes: 4 * 2 ** 20 });
  const stage = operator.open(arena, { element: elementFacts("f32"), channels: 1, rate: undefined });
  const input = arena.allocate(4 * x.length);
  const output = arena.allocate(4 * x.length);
  new Float32Array(input.bytes.buffer, input.pointer, x.length).set(x);
  const once = () => stage.run(input, x.length, output);
  return inProcess("forebay", () => new Float32Array(output.bytes.buffer, output.pointer, once()), once);
}

/** A contestant in this very process. `first` answers with the output of the first pass. */
export function inProcess(name, first, once) {
  return {
    name,
    output: async () => first(),
    async time(passes) {
      const begun = performance.now();
      for (let pass = 0; pass < passes; pass++) once();
      return performance.now() - begun;
    },
    end() {},
  };
}

/** A contestant in a program that writes its first output to a file, says "ready", and then answers numbers of passes with nanoseconds. */
function inProgram(name, needs, program, args, target) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  const said = [];
  child.stderr.on("data", (text) => said.push(text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (!done) return value;
    throw new Error(`${name} ended. It needs Debian's ${needs}. It said: ${Buffer.concat(said).toString().trim()}`);
  };
  child.on("error", (error) => said.push(Buffer.from(error.message)));
  // A program that has ended is noticed where its answer is waited for.
  child.stdin.on("error", () => {});
  return {
    name,
    async output() {
      await line();
      const bytes = readFileSync(target);
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    },
    async time(passes) {
      child.stdin.write(`${passes}\n`);
      return Number(await line()) / 1e6;
    },
    end: () => child.stdin.end(),
  };
}

const script = fileURLToPath(new URL("../native/filters.py", import.meta.url));

/** liquid-dsp's, scipy's and (but for `sos`) GNU Radio's filter of a kind over `x`, and what gives their files back. */
export function nativePeers(kind, x, coefficients, factor = 1) {
  const folder = mkdtempSync(join(tmpdir(), "forebay-filters-"));
  const file = (name, numbers) => {
    writeFileSync(join(folder, name), new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    return join(folder, name);
  };
  const files = [file("input", x), file("coefficients", coefficients)];
  const args = (target) => [kind, ...files, join(folder, target), String(factor)];
  const python = (library, name, needs) =>
    inProgram(name, needs, "/usr/bin/python3", [script, library, ...args(library)], join(folder, library));
  let liquid;
  try {
    liquid = nativeProgram("filters", ["liquid"]);
  } catch (error) {
    throw new Error(`liquid-dsp's filters were not compiled: they need Debian's gcc and libliquid-dev.`, {
      cause: error,
    });
  }
  const peers = [
    inProgram("liquid-dsp", "libliquid-dev", liquid, args("liquid"), join(folder, "liquid")),
    python("scipy", { fir: "scipy lfilter", decimate: "scipy upfirdn", sos: "scipy sosfilt" }[kind], "python3-scipy"),
  ];
  if (kind !== "sos") peers.push(python("gnuradio", "GNU Radio", "gnuradio"));
  return { peers, remove: () => rmSync(folder, { recursive: true }) };
}

/** Throws unless each output is within `bound` of what is expected. */
function check(name, output, expected, bound) {
  if (output.length !== expected.length) throw new Error(`${name} made ${output.length} samples of ${expected.length}`);
  const wrong = expected.findIndex((y, i) => !(Math.abs(output[i] - y) <= bound));
  if (wrong >= 0) throw new Error(`${name} is wrong at ${wrong}: ${output[wrong]}, not ${expected[wrong]}`);
}

/**
 * Checks all contestants, the first of which is ours, and times them: a row for each of the others. `bounds` has the contestants by
 * name that need another bound than `bound`.
 */
export async function contest({ what, contestants, expected, bound, bounds = {}, reach, size, signal }) {
  const [timed, milliseconds] = size === "full" ? [15, 100] : [3, 10];
  const passes = new Map();
  const times = new Map(contestants.map((each) => [each, []]));
  for (const each of contestants) {
    check(each.name, await each.output(), expected, bounds[each.name] ?? bound);
    // The second pass knows the way: enough of them for a round.
    await each.time(1);
    passes.set(each, Math.max(1, Math.round(milliseconds / (await each.time(1)))));
  }
  for (let round = -1; round < timed; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      signal?.throwIfAborted();
      const each = contestants[(turn + round + 1) % contestants.length];
      const time = await each.time(passes.get(each));
      if (round >= 0) times.get(each).push((SAMPLES * passes.get(each)) / 1e3 / time);
    }
  }
  const [our, ...others] = contestants.map((each) => ({ name: each.name, speed: median(times.get(each)) }));
  return others.map(({ name, speed }) => ({
    what,
    ours: our.speed,
    peer: name,
    peers: speed,
    ratio: our.speed / speed,
    unit: "MS/s",
    reach,
  }));
}

/** Runs a contest with peers that are ended whatever happens. */
export async function contestWith(native, contestants, options) {
  try {
    return await contest({ ...options, contestants: [...contestants, ...native.peers] });
  } finally {
    for (const peer of native.peers) peer.end();
    native.remove();
  }
}
