// Converting samples, and taking frames apart: signal.wasm beside the plain loop in C, at gcc -O3 as it stands, and with
// -march=native for this very processor, which may have lanes two or four times as wide as WebAssembly's.
//
// A pass is 65,536 samples, so that source and target lie in the caches of both: larger ones would measure memory. Each of a round's
// turns is timed where it runs, the C loop in its own process; contestants take turns, and the median of the rounds counts.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { nativeProgram } from "./lib/native.mjs";
import { median } from "./lib/rounds.mjs";
import { timedProgram } from "./lib/timed_program.mjs";

export const name = "convert";
export const question = "Do conversions reach 0.8 of the plain loop in C?";

const COUNT = 65_536;
const REACH = "≥ 0.8×";

/** signal.wasm over a memory of its own, the arena laid out by core.wasm. */
function instantiate() {
  const memory = new WebAssembly.Memory({ initial: 32, maximum: 32 });
  const load = (file) =>
    new WebAssembly.Instance(new WebAssembly.Module(readFileSync(new URL(`../build/${file}`, import.meta.url))), {
      env: { memory },
    }).exports;
  const core = load("core.wasm");
  core.arenaCreate(memory.buffer.byteLength, 8);
  const blocks = [0, 1].map(() => core.blockTake(8 * COUNT, 0));
  const [source, target] = blocks.map((handle) => core.blockBegin(handle));
  return { signal: load("signal.wasm"), handles: blocks, source, target, bytes: new Uint8Array(memory.buffer) };
}

/** As the C program fills its source. */
function fill(bytes, floats) {
  if (floats) {
    const view = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    for (let i = 0; i < view.length; i++) view[i] = (Math.imul(i, 2654435761) >>> 15) / 65_536 - 1;
  } else for (let i = 0; i < bytes.length; i++) bytes[i] = Math.imul(i, 2654435761) >>> 13;
}

const POWER_OF_TWO = 1;

function rowsOf({ signal, handles: [from, to], source, target }) {
  const convert = (format, result) => () =>
    signal.convertSamples(from, source, format, to, target, result, COUNT, POWER_OF_TWO);
  const split = (channels, size) => () => {
    const frames = COUNT / channels;
    return signal.splitFrames(from, source, to, target, frames, channels, size, frames * size);
  };
  return [
    { what: "s16 to f32", peer: "s16", bytes: [2, 4], run: convert(2, 5) },
    { what: "24-bit to f32", peer: "s24", bytes: [3, 4], run: convert(3, 5) },
    { what: "u8 to f32", peer: "u8", bytes: [1, 4], run: convert(0, 5) },
    { what: "f32 to s16", peer: "to-s16", bytes: [4, 2], run: convert(5, 2), floats: true },
    { what: "deinterleave 2 × 16 bits", peer: "split2x16", bytes: [2, 2], run: split(2, 2) },
    { what: "deinterleave 2 × 32 bits", peer: "split2x32", bytes: [4, 4], run: split(2, 4) },
    { what: "deinterleave 4 × 16 bits", peer: "split4x16", bytes: [2, 2], run: split(4, 2) },
    { what: "deinterleave 4 × 32 bits", peer: "split4x32", bytes: [4, 4], run: split(4, 4) },
  ];
}

/**
 * @param {{ size: "small" | "full", signal?: AbortSignal }} options
 * @returns {Promise<{ what: string, ours: number, peer: string, peers: number, ratio: number, unit: string, reach: string }[]>}
 */
export async function run({ size, signal }) {
  const [rounds, passes] = size === "full" ? [41, 200] : [5, 20];
  const peers = [
    { peer: "C loop, gcc -O3", program: nativeProgram("convert", [], []), reach: REACH },
    { peer: "C loop, -O3 -march=native", program: nativeProgram("convert"), reach: "–" },
  ];
  const ours = instantiate();
  const answers = [];
  for (const row of rowsOf(ours)) {
    fill(ours.bytes.subarray(ours.source, ours.source + row.bytes[0] * COUNT), row.floats);
    if (row.run() !== 0) throw new Error(`${row.what}: refused`);
    const got = ours.bytes.subarray(ours.target, ours.target + row.bytes[1] * COUNT);
    const running = peers.map(({ program }) => {
      const wanted = execFileSync(program, [row.peer, COUNT, "check"], { maxBuffer: 16 * COUNT });
      if (Buffer.compare(wanted, got) !== 0) throw new Error(`${row.what}: WebAssembly and C disagree`);
      return timedProgram(program, [row.peer, String(COUNT), "time"]);
    });
    const times = [[], ...peers.map(() => [])];
    for (let round = -5; round < rounds; round++) {
      signal?.throwIfAborted();
      const begun = performance.now();
      for (let pass = 0; pass < passes; pass++) row.run();
      const all = [performance.now() - begun];
      for (const program of running) all.push(await program.time(passes));
      if (round >= 0) for (const [i, time] of all.entries()) times[i].push(time);
    }
    for (const program of running) await program.end();
    const [own, ...its] = times.map((all) => (COUNT * passes) / 1e3 / median(all));
    for (const [i, { peer, reach }] of peers.entries()) {
      answers.push({ what: row.what, ours: own, peer, peers: its[i], ratio: own / its[i], unit: "MS/s", reach });
    }
  }
  return answers;
}
