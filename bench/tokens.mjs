// A binary file of small records, read record by record: u16 length, then a body of 20 to 200 bytes that begins with the
// record's number (u32) and ends with a tag. From each record its length, number and tag are taken, as a parser takes a
// record's fields, and go into a checksum; the second part sums every byte of every body, where adding up takes the most time
// on all sides.
//
// Beside the library: a Node stream with the usual carry code (what is left of a chunk is put in front of the next one),
// `bl`, and strtok3 over the file and over a stream. Each side parses as its users write it. strtok3 and bl take so much longer
// that they get a shorter file; all figures are records a second. Each way runs in processes of its own, which take turns.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "./lib/rounds.mjs";

export const name = "tokens";
export const question = "How many length-prefixed records of 20 to 200 bytes a second are read from a warm file?";

/** A file's bytes, its records, and what both checksums must be. */
function makeRecords(bytes) {
  const file = Buffer.alloc(bytes);
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return seed >>> 0;
  };
  let at = 0;
  let records = 0;
  let fields = 0;
  let sum = 0;
  for (;;) {
    const length = 20 + (random() % 181);
    if (at + 2 + length > bytes) break;
    file.writeUInt16LE(length, at);
    for (let i = 0; i < length; i += 4) file.writeUInt32LE(random(), Math.min(at + 2 + i, bytes - 4));
    file.writeUInt32LE(records, at + 2);
    const tag = file[at + 1 + length];
    fields = (Math.imul(fields, 31) + length + records + tag) | 0;
    for (let i = at + 2; i < at + 2 + length; i++) sum = (sum + file[i]) | 0;
    at += 2 + length;
    records++;
  }
  return { file: file.subarray(0, at), records, fields, sum };
}

const program = fileURLToPath(new URL("./lib/read_tokens.mjs", import.meta.url));

/** Reads a file in one way and answers with the milliseconds it took each time. Throws where the records are not the file's. */
async function read(way, doing, file, times, signal) {
  const { stdout } = await promisify(execFile)(process.execPath, [program, way, doing, file.path, String(times)], {
    signal,
  });
  const { records, check, taken } = JSON.parse(stdout);
  if (records !== file.records || check !== file[doing]) {
    throw new Error(
      `${way}, ${doing}: ${records} records with checksum ${check}, not ${file.records} with ${file[doing]}`,
    );
  }
  return taken;
}

/** Which file each way reads. */
const ways = {
  "records, sync": "long",
  "records, async": "long",
  "window by hand, sync": "long",
  "a window a record, sync": "middle",
  "stream, carried": "long",
  "stream of 1 MiB, carried": "long",
  bl: "middle",
  "strtok3, stream": "middle",
  "strtok3, file": "short",
};

export async function run({ size, signal }) {
  const folder = mkdtempSync(join(tmpdir(), "forebay-tokens-"));
  const full = size === "full";
  try {
    const files = {};
    for (const [what, bytes] of Object.entries({
      long: full ? 2 ** 26 : 2 ** 22,
      middle: full ? 2 ** 24 : 2 ** 20,
      short: full ? 2 ** 21 : 2 ** 17,
    })) {
      const { file, ...facts } = makeRecords(bytes);
      files[what] = { path: join(folder, what), ...facts };
      writeFileSync(files[what].path, file);
    }
    const rows = [];
    for (const [doing, what, reach] of [
      ["fields", "fields taken", "5× the fastest"],
      ["sum", "every byte summed", "–"],
    ]) {
      const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
      for (let round = 0; round < (full ? 3 : 1); round++) {
        for (const [way, which] of Object.entries(ways)) {
          times[way].push(...(await read(way, doing, files[which], full ? 5 : 2, signal)));
        }
      }
      const rate = (way) => files[ways[way]].records / 1e3 / median(times[way]);
      const row = (ours, peer) => ({
        what: `${ours}: ${what}`,
        ours: rate(ours),
        peer,
        peers: rate(peer),
        ratio: rate(ours) / rate(peer),
        unit: "M/s",
        reach: peer === "stream, carried" ? reach : "more",
      });
      for (const peer of ["stream, carried", "stream of 1 MiB, carried", "bl", "strtok3, stream", "strtok3, file"]) {
        rows.push(row("records, sync", peer));
      }
      for (const peer of ["stream, carried", "stream of 1 MiB, carried"]) rows.push(row("records, async", peer));
      rows.push(row("window by hand, sync", "stream, carried"), row("a window a record, sync", "stream, carried"));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
