// Windows of 4 KiB at random places of a warm file of 1 GiB, and a mix in which nine of ten go on from the last one, as a
// reader of records does that looks things up elsewhere now and then. Beside it: `filehandle.read` per request, which keeps
// nothing, and the caches of geotiff.js (up to 12.4 MiB) and mediabunny (8 MiB, over HTTP 64), ours 16 MiB, over the file,
// a Blob and HTTP. Every contestant's bytes are compared with what the file was made of before anything is timed. Over HTTP
// it is requests and bytes that count, as the server counts them.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rangeServer } from "./lib/range_server.mjs";
import { rounds } from "./lib/rounds.mjs";
import { overBlob, overFile, overUrl } from "./lib/seekers.mjs";

export const name = "seek";
export const question = "What does a window at any place cost, in time, requests and bytes?";

const length = 4096;

/** What files and resources are made of: a pattern of a prime length again and again, so that no two places are alike soon. */
const period = 1_048_583;
const pattern = new Uint8Array(period + 65_536);
for (let at = 0, state = 1; at < pattern.length; at++) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  pattern[at] = at < period ? state >>> 24 : pattern[at - period];
}
const contentAt = (position, bytes) => pattern.subarray(position % period, (position % period) + bytes);
const fill = (into, position) => into.set(contentAt(position, into.length));

function makeFile(path, bytes) {
  const descriptor = openSync(path, "w");
  const whole = pattern.subarray(0, period);
  for (let at = 0; at < bytes; at += period) writeSync(descriptor, whole, 0, Math.min(period, bytes - at));
  closeSync(descriptor);
}

/** Places of a list, always the same: `share` of them go on from the last that did. */
function places(count, bytes, share) {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  let next = Math.floor(bytes / 3);
  return Array.from({ length: count }, () => {
    if (random() >= share) return Math.floor(random() * (bytes - length));
    next += length;
    return next - length;
  });
}

async function verify(what, open, where, list) {
  const reader = await open(where);
  for (const position of list) {
    const check = (bytes) => {
      if (bytes.length !== length || Buffer.compare(bytes, contentAt(position, length)) !== 0) {
        throw new Error(`${what}: wrong bytes at ${position}`);
      }
    };
    await reader.visit(position, length, check);
    if (reader.visitSync && what.endsWith("synchronous")) reader.visitSync(position, length, check);
  }
  await reader.close();
}

/** A whole round of a contestant: opened, asked for every place, closed. Answers with a sum of what it saw. */
function roundOf(what, open, where, list) {
  return async () => {
    const reader = await open(where);
    let sum = 0;
    const look = (bytes) => {
      sum += bytes[0] + bytes[length - 1];
    };
    if (what.endsWith("synchronous")) for (const position of list) reader.visitSync(position, length, look);
    else for (const position of list) await reader.visit(position, length, look);
    await reader.close();
    return sum;
  };
}

async function timed(over, where, list, turns, signal) {
  const contestants = {};
  for (const [what, open] of Object.entries(over)) {
    await verify(what, open, where, list);
    contestants[what] = roundOf(what, open, where, list);
  }
  const results = await rounds({ contestants, rounds: turns, warmup: 1, signal });
  const sum = list.reduce(
    (all, position) => all + contentAt(position, 1)[0] + contentAt(position + length - 1, 1)[0],
    0,
  );
  for (const [what, { result }] of Object.entries(results)) {
    if (result !== sum) throw new Error(`${what}: the windows add up to ${result}, not ${sum}`);
  }
  return (what) => (1e3 * results[what].median) / list.length;
}

/** Requests and bytes that a server counts for a list. */
async function counted(what, open, list, bytes) {
  const server = await rangeServer({ size: bytes, fill });
  try {
    await verify(what, open, server.url, list);
    return { requests: server.counts.requests, megabytes: server.counts.bytes / 2 ** 20 };
  } finally {
    await server.close();
  }
}

export async function run({ size, signal }) {
  const full = size === "full";
  const bytes = full ? 2 ** 30 : 2 ** 26;
  const turns = full ? 5 : 1;
  const folder = mkdtempSync(join(tmpdir(), "forebay-seek-"));
  const path = join(folder, "large.bin");
  const lists = {
    "random places": places(full ? 3000 : 200, bytes, 0),
    "90 % going on": places(full ? 3000 : 200, bytes, 0.9),
  };
  const rows = [];
  try {
    makeFile(path, bytes);
    for (const [kind, list] of Object.entries(lists)) {
      const time = await timed(overFile, path, list, turns, signal);
      const row = (ours, peer, reach) => ({
        what: `file, ${kind}${ours === "forebay" ? "" : ours.slice("forebay".length)}`,
        ours: time(ours),
        peer,
        peers: time(peer),
        ratio: time(peer) / time(ours),
        unit: "µs",
        reach,
      });
      for (const peer of ["filehandle.read", "geotiff.js", "mediabunny"]) rows.push(row("forebay", peer, "above 1×"));
      rows.push(row("forebay, always waiting", "filehandle.read", "0.9× or more"));
      rows.push(row("forebay, synchronous", "filehandle.read", "above 1×"));
    }
    for (const [kind, all] of Object.entries(lists)) {
      const list = all.slice(0, full ? 2000 : 100);
      const time = await timed(overBlob, path, list, full ? 3 : 1, signal);
      rows.push({
        what: `Blob, ${kind}`,
        ours: time("forebay"),
        peer: "mediabunny",
        peers: time("mediabunny"),
        ratio: time("mediabunny") / time("forebay"),
        unit: "µs",
        reach: "above 1×",
      });
    }
    for (const [kind, all] of Object.entries(lists)) {
      signal?.throwIfAborted();
      const list = all.slice(0, full ? 1000 : 100);
      const ours = await counted("forebay", overUrl.forebay, list, bytes);
      for (const peer of ["geotiff.js", "mediabunny"]) {
        const theirs = await counted(peer, overUrl[peer], list, bytes);
        for (const [count, unit] of [
          ["requests", ""],
          ["megabytes", "MiB"],
        ]) {
          rows.push({
            what: `HTTP, ${kind}, ${count === "requests" ? "requests" : "bytes sent"}`,
            ours: ours[count],
            peer,
            peers: theirs[count],
            ratio: theirs[count] / ours[count],
            unit,
            reach: "1× or more",
          });
        }
      }
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
