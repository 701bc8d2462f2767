// A warm file into windows of f32, beside the platform's own ways: a bare `readSync` loop into the same memory at the same
// read size (the floor: nothing can be faster that reads at all), and `fs.createReadStream`, whose chunks are only counted,
// which spares it the windows. 64 Ki elements a window is a usual block of a detector; the first and last element of each
// are looked at.
import { spawnSync } from "node:child_process";
import { closeSync, createReadStream, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Arena } from "../build/index.js";
import { fileSource } from "../build/node.js";
import { rounds } from "./lib/rounds.mjs";

export const name = "file";
export const question = "How fast does a warm file come into windows, and what does it cost in memory?";

const size = 65_536;

/** A file of f32 that count up in steps of one, `bytes` long; 2^24 and above lose their last bits, which is no harm here. */
function makeFile(path, bytes) {
  const chunk = new Float32Array(2 ** 20);
  const descriptor = openSync(path, "w");
  for (let at = 0; at < bytes / 4; at += chunk.length) {
    for (let i = 0; i < chunk.length; i++) chunk[i] = at + i;
    writeSync(descriptor, chunk, 0, Math.min(chunk.byteLength, bytes - at * 4));
  }
  closeSync(descriptor);
}

/** What the windows of the file must add up to. */
function expected(bytes) {
  let sum = 0;
  for (let at = 0; at < bytes / 4; at += size) sum += Math.fround(at) + Math.fround(at + size - 1);
  return sum;
}

function check(what, sum, bytes) {
  if (sum !== expected(bytes)) throw new Error(`${what}: the windows add up to ${sum}, not ${expected(bytes)}`);
}

async function throughput(path, bytes, turns) {
  const arena = await Arena.create();
  let sum = 0;
  const visit = (window) => {
    const { data } = window;
    sum += data[0] + data[data.length - 1];
  };
  const options = { element: "f32", maxWindow: size };
  const plan = arena.open(fileSource(path), { ...options, mode: "sync" });
  const { readBytes, capacity } = plan.plan;
  await plan.close();

  const bare = arena.allocate(capacity * 4);
  const contestants = {
    "sync windows": () => {
      sum = 0;
      const flow = arena.open(fileSource(path), { ...options, mode: "sync" });
      flow.eachSync({ size }, visit);
      flow.closeSync();
      return sum;
    },
    "bare readSync": () => {
      const descriptor = openSync(path, "r");
      let total = 0;
      for (let at = 0; ; at = (at + readBytes) % bare.bytes.length) {
        const some = readSync(descriptor, bare.bytes, at, Math.min(readBytes, bare.bytes.length - at), null);
        if (some === 0) break;
        total += some;
      }
      closeSync(descriptor);
      return total;
    },
    "async windows": async () => {
      sum = 0;
      const flow = arena.open(fileSource(path), { ...options, mode: "async" });
      for await (const window of flow.windows({ size })) visit(window);
      await flow.close();
      return sum;
    },
    "createReadStream at its default": () => drain(createReadStream(path)),
    "createReadStream at 1 MiB": () => drain(createReadStream(path, { highWaterMark: 2 ** 20 })),
  };
  const results = await rounds({ contestants, rounds: turns, warmup: 1 });
  bare.release();
  arena.close();
  check("sync", results["sync windows"].result, bytes);
  check("async", results["async windows"].result, bytes);
  for (const [peer, { result }] of Object.entries(results)) {
    if (!peer.includes("windows") && result !== bytes) throw new Error(`${peer} read ${result} bytes of ${bytes}`);
  }
  const rate = (contestant) => bytes / 2 ** 30 / (results[contestant].median / 1e3);
  const row = (what, ours, peer, reach) => ({
    what,
    ours: rate(ours),
    peer,
    peers: rate(peer),
    ratio: rate(ours) / rate(peer),
    unit: "GiB/s",
    reach,
  });
  return [
    row("synchronous, into windows", "sync windows", "bare readSync", "0.9× or more"),
    row("asynchronous iteration", "async windows", "createReadStream at its default", "3×"),
    row("asynchronous iteration", "async windows", "createReadStream at 1 MiB", "1.2×"),
  ];
}

async function drain(stream) {
  let total = 0;
  for await (const chunk of stream) total += chunk.length;
  return total;
}

/** The most memory that a process of its own had while it looked at all windows of a file, in MiB, the arena included. */
function peakMemory(path, mode) {
  const program = fileURLToPath(new URL("./lib/read_file.mjs", import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, path, String(size), mode], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`reading ${path} failed: ${stderr}`);
  const { sum, maxRss, arena } = JSON.parse(stdout);
  return { sum, peak: maxRss / 2 ** 20, arena: arena / 2 ** 20 };
}

export async function run({ size: amount }) {
  const folder = mkdtempSync(join(tmpdir(), "forebay-file-"));
  try {
    const bytes = amount === "full" ? 2 ** 30 : 2 ** 26;
    const path = join(folder, "one.f32");
    makeFile(path, bytes);
    const rows = await throughput(path, bytes, amount === "full" ? 9 : 3);
    const eightfold = join(folder, "eight.f32");
    makeFile(eightfold, 8 * bytes);
    for (const mode of ["sync", "async"]) {
      const one = peakMemory(path, mode);
      const eight = peakMemory(eightfold, mode);
      check(`${mode}, one`, one.sum, bytes);
      check(`${mode}, eight`, eight.sum, 8 * bytes);
      rows.push({
        what: `peak memory, ${mode}: ${(8 * bytes) / 2 ** 30} GiB file`,
        ours: eight.peak,
        peer: `${bytes / 2 ** 30} GiB file`,
        peers: one.peak,
        ratio: eight.peak / one.peak,
        unit: "MiB",
        reach: `the same, at most ${one.arena + 80}`,
      });
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
