// Overlapping windows over frames that are already there, on one thread: the library's loop beside ringbuf.js used the
// usual way (pop a hop into an array, shift the window by copyWithin, set the hop behind it).
//
// 128/128 is an audio render quantum, 1024/256 a usual analysis window. The ring holds 2^18 frames (1 MiB, the size of a
// second-level cache), filled before each round, which is not timed; only the reading is.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { RingBuffer } from "ringbuf.js";
import { Arena } from "../build/index.js";
import { median } from "./lib/rounds.mjs";

export const name = "windows";
export const question = "How many overlapping windows of f32 a second can one thread look at?";

const frames = 2 ** 18;
const signal = Float32Array.from({ length: frames }, (_, i) => Math.fround(Math.sin(i * 0.37)));

/** What each window is used for: its ends are looked at, so that neither side can leave the work out. */
const look = (data) => data[0] + data[data.length - 1];

/** Ours: a Buf filled once a round, its windows given to a callback. */
async function ours(size, hop) {
  const arena = await Arena.create();
  const buf = arena.buf({ element: "f32", capacity: frames, maxWindow: 4096 });
  const reader = buf.reader();
  const loop = reader.loop({ size, hop });
  let at = 0;
  let windows = 0;
  let sum = 0;
  const visit = (window) => {
    windows++;
    sum += look(window.data);
  };
  return {
    fill() {
      for (let span = buf.tryReserve(1); span; span = buf.tryReserve(1)) {
        const some = Math.min(span.length, frames - at);
        span.data.set(signal.subarray(at, at + some));
        buf.commit(some);
        at = (at + some) % frames;
      }
    },
    read() {
      windows = 0;
      sum = 0;
      reader.visitReady(loop, visit);
      return { windows, sum };
    },
  };
}

/** The usual way: its window starts half filled, so both sides see the same windows. */
function usual(size, hop) {
  const ring = new RingBuffer(RingBuffer.getStorageForCapacity(frames, Float32Array), Float32Array);
  const part = new Float32Array(hop);
  const window = new Float32Array(size);
  let at = 0;
  let history = 0;
  return {
    fill() {
      for (let some = ring.availableWrite(); some > 0; some = ring.availableWrite()) {
        const chunk = signal.subarray(at, Math.min(frames, at + some));
        at = (at + ring.push(chunk)) % frames;
      }
    },
    read() {
      let windows = 0;
      let sum = 0;
      while (ring.availableRead() >= hop) {
        ring.pop(part);
        window.copyWithin(0, hop);
        window.set(part, size - hop);
        history = Math.min(size, history + hop);
        if (history < size) continue;
        windows++;
        sum += look(window);
      }
      return { windows, sum };
    },
  };
}

/** Both sides must have seen the same windows: their numbers differ only by what still lies in the last half window. */
function check(mine, theirs, size, hop) {
  const fromSignal = (windows) => {
    let sum = 0;
    for (let w = 0; w < windows; w++) sum += signal[w * hop] + signal[w * hop + size - 1];
    return sum;
  };
  for (const { windows, sum } of [mine, theirs]) {
    if (windows !== Math.floor((frames - size) / hop) + 1 || sum !== fromSignal(windows)) {
      throw new Error(`windows ${size}/${hop}: ${windows} windows with sum ${sum}, which is not the signal's`);
    }
  }
}

async function compare(size, hop, rounds) {
  const contestants = [await ours(size, hop), usual(size, hop)];
  const first = contestants.map((contestant) => {
    contestant.fill();
    return contestant.read();
  });
  check(first[0], first[1], size, hop);
  const rates = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const turn of [round % 2, 1 - (round % 2)]) {
      contestants[turn].fill();
      const started = process.hrtime.bigint();
      const { windows } = contestants[turn].read();
      rates[turn].push(windows / (Number(process.hrtime.bigint() - started) / 1e9));
    }
  }
  const [mine, theirs] = rates.map((values) => median(values.slice(Math.floor(values.length / 5))));
  return { mine: mine / 1e6, theirs: theirs / 1e6 };
}

/** Runs the steady state in a process that reports each garbage collection. */
function steadyState(windows) {
  const program = fileURLToPath(new URL("./lib/steady_windows.mjs", import.meta.url));
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--trace-gc", "--expose-gc", program, String(windows)],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the steady state failed: ${stderr}`);
  const inside = stdout.slice(stdout.indexOf("BEGIN"), stdout.indexOf("END"));
  const result = JSON.parse(stdout.slice(stdout.indexOf("END") + 3));
  if (result.windows < windows) throw new Error(`only ${result.windows} windows of ${windows}`);
  return { collections: (inside.match(/Scavenge|Mark-[Cc]ompact|Mark-sweep/g) ?? []).length, grown: result.grown };
}

export async function run({ size }) {
  const rounds = size === "full" ? 2000 : 50;
  const rows = [];
  for (const [length, hop, reach] of [
    [1024, 256, "10× or more"],
    [128, 128, "4× or more"],
  ]) {
    const { mine, theirs } = await compare(length, hop, rounds);
    rows.push({
      what: `windows of ${length}, hop ${hop}`,
      ours: mine,
      peer: "ringbuf.js, pop and shift",
      peers: theirs,
      ratio: mine / theirs,
      unit: "M/s",
      reach,
    });
  }
  const windows = size === "full" ? 10_000_000 : 1_000_000;
  const { collections, grown } = steadyState(windows);
  rows.push({
    what: `garbage collections in ${windows / 1e6} M windows`,
    ours: collections,
    peer: "–",
    unit: "",
    reach: "none",
  });
  rows.push({ what: "heap grown meanwhile", ours: grown / 1024, peer: "–", unit: "KiB", reach: "flat" });
  return rows;
}
