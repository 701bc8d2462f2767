// What the benches of transforms share: noise, transforms in f64 to check against, contestants, and the rounds that time them.
import { execFileSync } from "node:child_process";
import { Arena } from "../../build/index.js";
import { nativeProgram } from "./native.mjs";
import { median } from "./rounds.mjs";
import { timedProgram } from "./timed_program.mjs";

/** Noise between −1 and 1, as f32: the same as in bench/native. */
export function noise(count) {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) / 8388608 - 1;
  });
}

/** The first `bins` of the transform of a power of two of samples, in f64, as pairs. `at(j)` answers with [re, im]. */
export function fourier(size, at, bins = size) {
  let re = new Float64Array(size);
  let im = new Float64Array(size);
  for (let j = 0; j < size; j++) [re[j], im[j]] = at(j);
  for (let step = 1; step < size; step *= 2) {
    const [nextRe, nextIm] = [new Float64Array(size), new Float64Array(size)];
    const half = size / 2;
    for (let p = 0; p < half; p++) {
      const q = p % step;
      const angle = (-Math.PI * q) / step;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const [br, bi] = [re[p + half] * c - im[p + half] * s, re[p + half] * s + im[p + half] * c];
      const to = 2 * (p - q) + q;
      nextRe[to] = re[p] + br;
      nextIm[to] = im[p] + bi;
      nextRe[to + step] = re[p] - br;
      nextIm[to + step] = im[p] - bi;
    }
    [re, im] = [nextRe, nextIm];
  }
  return Float64Array.from({ length: 2 * bins }, (_, i) => (i % 2 === 0 ? re[i >> 1] : im[i >> 1]));
}

/** Throws unless `is` is within 10⁻⁶ of `ought`, root mean square against root mean square. */
export function check(who, is, ought) {
  if (is.length !== ought.length) throw new Error(`${who} made ${is.length} numbers and not ${ought.length}`);
  let difference = 0;
  let whole = 0;
  for (let i = 0; i < ought.length; i++) {
    difference += (is[i] - ought[i]) ** 2;
    whole += ought[i] ** 2;
  }
  const error = Math.sqrt(difference / whole);
  if (!(error < 1e-6)) throw new Error(`${who} is wrong: its error is ${error} of the whole`);
}

/** An arena, and blocks in it with their numbers. */
export function blocks(...counts) {
  const arena = Arena.createSync({ bytes: 2 ** 24 });
  return [
    arena,
    ...counts.map((count) => {
      const block = arena.allocate(4 * count);
      return { ...block, numbers: new Float32Array(block.bytes.buffer, block.pointer, count) };
    }),
  ];
}

/** A contestant in this process: `once` is one pass, after which `output()` has what it made. */
export function here(name, once, output) {
  return {
    name,
    output() {
      once();
      return output();
    },
    time(passes) {
      const begun = performance.now();
      for (let pass = 0; pass < passes; pass++) once();
      return performance.now() - begun;
    },
    end() {},
  };
}

/**
 * A contestant that is a program. `command(what)`: its arguments, to "check" and to "time". `needs`: Debian's package. `patience`: how
 * many times as long its rounds are, where starting takes part of each.
 */
export function there(name, needs, program, command, patience = 1) {
  let running;
  return {
    name,
    patience,
    output() {
      try {
        const bytes = execFileSync(program, command("check"), { maxBuffer: 2 ** 28 });
        return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
      } catch (error) {
        throw new Error(`${name} did not run. It needs Debian's ${needs}.`, { cause: error });
      }
    },
    time(passes) {
      running ??= timedProgram(program, command("time"));
      return running.time(passes);
    },
    end: () => running?.end(),
  };
}

/** A program of bench/native. */
export function compiled(name, libraries, needs) {
  try {
    return nativeProgram(name, libraries);
  } catch (error) {
    throw new Error(`bench/native/${name}.c was not compiled: it needs Debian's gcc and ${needs}.`, { cause: error });
  }
}

/** Passes of a contestant that take so long, once it has run for long enough that its compilers are done. */
async function passesFor(contestant, milliseconds) {
  const begun = performance.now();
  let passes = 1;
  for (;;) {
    const time = await contestant.time(passes);
    if (performance.now() - begun > 100 && time > milliseconds / 4) {
      return Math.max(1, Math.round((passes * milliseconds) / time));
    }
    if (time < milliseconds) passes *= 2;
  }
}

/** Times contestants, which have been checked; the first is ours. A row for each other one, in millions of `samples` a second. */
export async function contest({ what, contestants, samples, reaches, size, signal }) {
  const [rounds, milliseconds] = size === "full" ? [25, 40] : [3, 5];
  const speeds = contestants.map(() => []);
  const passes = [];
  for (const each of contestants) passes.push(await passesFor(each, milliseconds * (each.patience ?? 1)));
  for (let round = -2; round < rounds; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      signal?.throwIfAborted();
      const index = (turn + round + contestants.length) % contestants.length;
      const time = await contestants[index].time(passes[index]);
      if (round >= 0) speeds[index].push((samples * passes[index]) / 1e3 / time);
    }
  }
  for (const each of contestants) await each.end();
  const [ours, ...others] = speeds.map(median);
  return others.map((peers, i) => {
    const peer = contestants[i + 1].name;
    return { what, ours, peer, peers, ratio: ours / peers, unit: "MS/s", reach: reaches[peer] ?? "–" };
  });
}
