// A radio's file from end to end: cu8 to complex f32, a frequency shift, a low-pass of 64 taps to an eighth of the rate, spectra of 1024
// through a Hann window, and rows of a byte a bin, as a waterfall shows them. Beside GNU Radio's blocks for the same, in both of its
// forms: a rotator and a filter, and the filter that does both. It runs a thread for each block, ours is one thread.
//
// Each runs in a process of its own and times itself, without what it takes to start; what they read is in the page cache. Memory is the
// most that a process had resident, for the large file and for a tenth of it: it must not grow with the file.
import { execFile, execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "./lib/rounds.mjs";

export const name = "pipeline";
export const question = "Is a whole flow faster than GNU Radio's, in memory that does not grow with the file?";

const SMALL = 64 * 2 ** 20;
/** Of which the memory is told beside the large file's: long enough for the host's heap to have its size. */
const MIDDLE = 2 ** 30;
const flow = { size: 1024, factor: 8, by: 0.1, range: [-40, 45] };

/** A low-pass of 64 taps below a sixteenth of the rate, by the Hamming window. */
const taps = Float32Array.from({ length: 64 }, (_, i) => {
  const t = i - 31.5;
  return (Math.sin(2 * Math.PI * 0.05 * t) / (Math.PI * t)) * (0.54 - 0.46 * Math.cos((2 * Math.PI * i) / 63));
});

/** Noise and two tones, 16 MiB of them over and over. */
function makeFile(path, bytes) {
  const block = new Uint8Array(16 * 2 ** 20);
  let state = 1;
  for (let i = 0; i < block.length; i += 2) {
    for (let part = 0; part < 2; part++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const [slow, fast] = [0.09, -0.11].map((by) => Math.sin(Math.PI * (by * i + part / 2)));
      block[i + part] = 128 + 40 * slow + 5 * fast + (state >>> 24) / 4 - 32;
    }
  }
  const descriptor = openSync(path, "w");
  for (let at = 0; at < bytes; at += block.length) writeSync(descriptor, block, 0, Math.min(block.length, bytes - at));
  closeSync(descriptor);
}

const ours = fileURLToPath(new URL("lib/run_pipeline.mjs", import.meta.url));
const theirs = fileURLToPath(new URL("native/pipeline.py", import.meta.url));
const start = promisify(execFile);

function contestants(path, out) {
  const step = 255 / (flow.range[1] - flow.range[0]);
  const options = JSON.stringify({ ...flow, taps: [...taps] });
  const numbers = [flow.size, flow.factor, flow.by, flow.range[0], step, taps.join(",")].map(String);
  const python = (form) => ["/usr/bin/python3", [theirs, path, out, ...numbers, form]];
  return {
    ours: [process.execPath, [ours, path, out, options]],
    rotate: python("rotate"),
    translate: python("translate"),
  };
}

/** Throws unless all make the same rows but for roundings of the last bit, and as many. */
function check(folder, path) {
  const rows = {};
  for (const [contestant, [program, args]] of Object.entries(contestants(path, join(folder, "rows.u8")))) {
    execFileSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
    rows[contestant] = readFileSync(join(folder, "rows.u8"));
  }
  const frames = Math.ceil(SMALL / 2 / flow.factor);
  const wanted = Math.floor(frames / flow.size) * flow.size;
  for (const [contestant, bytes] of Object.entries(rows)) {
    if (bytes.length !== wanted) throw new Error(`${contestant}: ${bytes.length} bytes of rows, not ${wanted}`);
    let apart = 0;
    for (let i = 0; i < wanted; i++) {
      const distance = Math.abs(bytes[i] - rows.ours[i]);
      if (distance > 1) throw new Error(`${contestant}: byte ${i} of the rows is ${bytes[i]}, ours ${rows.ours[i]}`);
      apart += distance;
    }
    // Those whose decibels lie at the limit between two bytes.
    if (apart > wanted / 100) throw new Error(`${contestant}: ${apart} of ${wanted} bytes differ`);
  }
}

/**
 * @param {{ size: "small" | "full", signal?: AbortSignal }} options
 * @returns {Promise<{ what: string, ours: number, peer: string, peers: number, ratio: number, unit: string, reach: string }[]>}
 */
export async function run({ size, signal }) {
  const [bytes, rounds] = size === "full" ? [10e9, 3] : [SMALL, 3];
  const folder = mkdtempSync(join(tmpdir(), "forebay-pipeline-"));
  try {
    const small = join(folder, "small.cu8");
    makeFile(small, SMALL);
    check(folder, small);
    const path = size === "full" ? join(folder, "large.cu8") : small;
    if (size === "full") makeFile(path, bytes);
    const middle = size === "full" ? join(folder, "middle.cu8") : small;
    if (size === "full") makeFile(middle, MIDDLE);
    const measure = async (file) => {
      const found = {};
      for (const [contestant, [program, args]] of Object.entries(contestants(file, "-"))) {
        signal?.throwIfAborted();
        found[contestant] = JSON.parse((await start(program, args, { signal })).stdout);
      }
      return found;
    };
    const before = await measure(middle);
    const all = [];
    for (let round = 0; round < rounds; round++) all.push(await measure(path));
    const speed = (contestant) => bytes / 2 / 1e3 / median(all.map((found) => found[contestant].ms));
    const memory = (contestant) => Math.max(...all.map((found) => found[contestant].bytes)) / 2 ** 20;
    const what = `${bytes / 1e9 >= 10 ? "10 GB" : "64 MiB"} of cu8 to rows`;
    const rows = [
      ["rotate", "GNU Radio, rotator and FIR"],
      ["translate", "GNU Radio, translating FIR"],
    ].map(([contestant, peer]) => ({
      what,
      ours: speed("ours"),
      peer,
      peers: speed(contestant),
      ratio: speed("ours") / speed(contestant),
      unit: "MS/s",
      reach: "> 1×",
    }));
    const most = { what: "most memory", ours: memory("ours"), unit: "MiB" };
    const inMiddle = before.ours.bytes / 2 ** 20;
    return [
      ...rows,
      {
        ...most,
        peer: "GNU Radio",
        peers: memory("translate"),
        ratio: memory("ours") / memory("translate"),
        reach: "–",
      },
      {
        ...most,
        peer: `ours, of ${size === "full" ? "1 GiB" : "64 MiB"}`,
        peers: inMiddle,
        ratio: memory("ours") / inMiddle,
        reach: "≤ 1.1×",
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
