// Windows at random places of a large file over HTTP on loopback, through pages over a URL source, beside the caches of
// blocks that readers of media and of images bring along, and beside a request for each window. The server runs in a process
// of its own and counts: requests, and bytes of bodies that the system took from it, which includes what nobody read.
//
// 4 KiB is an index or a record; every reader begins with the file's head, as readers of formats do, and is opened anew for
// each round. In the mix nine of ten windows follow the one before.
import { Arena } from "../build/index.js";
import { openPages } from "../build/pages.js";
import { urlSource } from "../build/web.js";
import { bareFile, geotiffFile, httpFile, mediabunnyFile } from "./lib/http_file.mjs";
import { rounds } from "./lib/rounds.mjs";

export const name = "seek-http";
export const question = "What do windows at random places of a file over HTTP cost: requests, bytes, time?";

const windowBytes = 4096;

/** Numbers that look random, the same in every run. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Where the windows begin, in bytes: the file's head first. */
function places(count, bytes, sequential) {
  const next = numbers(1);
  const list = [0];
  while (list.length < count) {
    const after = list.at(-1) + windowBytes;
    if (next() < sequential && after + windowBytes <= bytes) list.push(after);
    else list.push(Math.floor((next() * (bytes - windowBytes)) / 4) * 4);
  }
  return list;
}

/** Pages over a URL source. */
async function ourFile(url, arena) {
  const pages = openPages(arena, await urlSource(url), { element: "u32" });
  return {
    async read(position, length, use) {
      const { state, window } = await pages.ready(position / 4, length / 4);
      if (state !== "ready") throw new Error(`the window at ${position} is ${state}`);
      use(window.data);
      window.release();
    },
    close: () => pages.close(),
  };
}

/** Reads all windows, `atOnce` at a time, and returns the sum of their first and last words. */
async function visit(file, list, atOnce) {
  let sum = 0;
  const use = (words) => {
    sum += words[0] + words[words.length - 1];
  };
  const one = async (position) => {
    const words = await file.read(position, windowBytes, use);
    if (words) use(words);
  };
  for (let at = 0; at < list.length; at += atOnce) {
    if (atOnce === 1) await one(list[at]);
    else await Promise.all(list.slice(at, at + atOnce).map(one));
  }
  await file.close();
  return sum;
}

async function compare(file, { what, list, atOnce, turns, signal }) {
  const arena = await Arena.create({ bytes: 64 * 2 ** 20 });
  const openers = {
    forebay: () => ourFile(file.url, arena),
    mediabunny: () => mediabunnyFile(file.url),
    "geotiff.js": () => geotiffFile(file.url),
    "a request a window": () => bareFile(file.url),
  };
  const expected = list.reduce((sum, place) => sum + place / 4 + (place + windowBytes) / 4 - 1, 0);
  const counts = {};
  await file.counts();
  for (const [who, open] of Object.entries(openers)) {
    const sum = await visit(await open(), list, atOnce);
    if (sum !== expected) throw new Error(`${who}: the windows add up to ${sum}, not ${expected}`);
    counts[who] = await file.counts();
  }
  const contestants = Object.fromEntries(
    Object.entries(openers).map(([who, open]) => [who, async () => visit(await open(), list, atOnce)]),
  );
  const times = await rounds({ contestants, rounds: turns, warmup: turns > 1 ? 1 : 0, signal });
  arena.close();
  const rows = [];
  for (const peer of Object.keys(openers).slice(1)) {
    const cache = peer !== "a request a window";
    const row = (of, unit, ours, peers, ratio, reach) => ({
      what: `${what}: ${of}`,
      ours,
      peer,
      peers,
      ratio,
      unit,
      reach: cache ? reach : "–",
    });
    const [mine, theirs] = [counts.forebay, counts[peer]];
    const rate = (who) => list.length / (times[who].median / 1e3);
    rows.push(
      row("time", "windows/s", rate("forebay"), rate(peer), rate("forebay") / rate(peer), "ahead"),
      row("requests", "", mine.requests, theirs.requests, mine.requests / theirs.requests, "1× at most"),
      row("bytes", "MB", mine.bytes / 1e6, theirs.bytes / 1e6, mine.bytes / theirs.bytes, "1× at most"),
    );
  }
  return rows;
}

export async function run({ size, signal }) {
  const full = size === "full";
  const bytes = full ? 2 ** 30 : 2 ** 26;
  const count = full ? 400 : 40;
  const turns = full ? 3 : 1;
  const file = await httpFile(bytes);
  try {
    const random = places(count, bytes, 0);
    const mix = places(2 * count, bytes, 0.9);
    return [
      ...(await compare(file, { what: "random", list: random, atOnce: 1, turns, signal })),
      ...(await compare(file, { what: "random, 4 at once", list: random, atOnce: 4, turns, signal })),
      ...(await compare(file, { what: "90 % in order", list: mix, atOnce: 1, turns, signal })),
    ];
  } finally {
    file.close();
  }
}
