// Scan: whole processes of `forebay scan` beside ripgrep's, over one long file and over a tree of many small ones.
//
// The literal is absent, so the time is that of opening, reading and searching, not of printing. Both programs get one thread
// and data that the page cache holds. Figures are milliseconds from start to exit, ours with Node's own start-up in it.
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rounds } from "./lib/rounds.mjs";

export const name = "scan";
export const question = "Is forebay scan as fast as ripgrep with one thread, start-up included?";

const REACH = "≤ 1.3×";
const ABSENT = "Quetzalcoatl";
const PRESENT = "turbine intake";
const MIB = 2 ** 20;
const main = fileURLToPath(new URL("../build/bin/forebay.cjs", import.meta.url));

const sizes = {
  full: { fileBytes: 4096 * MIB, files: 50_000, rounds: 11 },
  small: { fileBytes: 64 * MIB, files: 2000, rounds: 3 },
};

/** Numbers below 2³², always the same ones: Marsaglia's xorshift. */
function generator(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Lines of words, some 45 bytes long; one line in a few thousand has `PRESENT`. */
function text(bytes, next) {
  const words =
    "static int return struct unsigned void const if else for while a stream of data flows through pools".split(" ");
  const lines = [];
  for (let length = 0; length < bytes; ) {
    const line = Array.from({ length: 4 + (next() % 10) }, () => words[next() % words.length]);
    if (next() % 4000 === 0) line.push(PRESENT);
    lines.push(line.join(" "));
    length += lines.at(-1).length + 1;
  }
  return Buffer.from(lines.join("\n")).subarray(0, bytes);
}

/** A long file: 64 MiB of text over and over. */
function makeFile(path, bytes, chunk) {
  const file = openSync(path, "w");
  for (let done = 0; done < bytes; done += chunk.length)
    writeSync(file, chunk, 0, Math.min(chunk.length, bytes - done));
  closeSync(file);
}

/** Files as in Linux's sources: sizes log-normal, median 5 KB, mean 13 KB, the largest 2 MiB; about 20 in a folder. */
function makeTree(path, files, chunk, next) {
  const normal = () => Array.from({ length: 12 }, next).reduce((sum, n) => sum + n / 2 ** 32, -6);
  const folders = Math.ceil(files / 20);
  for (let i = 0; i < files; i++) {
    const unit = i % folders;
    const folder = join(path, `part${unit % 40}`, `unit${unit}`);
    if (i < folders) mkdirSync(folder, { recursive: true });
    const bytes = Math.min(2 * MIB, Math.floor(5000 * Math.exp(1.4 * normal())));
    const begin = next() % (chunk.length - bytes);
    writeFileSync(join(folder, `file${i}.c`), chunk.subarray(begin, begin + bytes));
  }
}

/** Runs a program to its end; throws where it fails. Returns what it printed. */
function call(program, args) {
  const { error, status, stdout, stderr } = spawnSync(program, args, { maxBuffer: 2 ** 30, encoding: "utf8" });
  if (error?.code === "ENOENT")
    throw new Error(`There is no ${program} to compare with: install the Debian package ripgrep`);
  if (error) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

/** What Node itself takes for the tree, to tell its share from ours. */
const bareWalk = fileURLToPath(new URL("./lib/bare_walk.cjs", import.meta.url));

const ours = (...args) => call(process.execPath, [main, "scan", ...args]);

/** Lines of `path:number` or, of a single file, the number: the numbers' sum. */
function total(counts) {
  return counts.split("\n").reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(":") + 1)), 0);
}

/** Throws unless we find as many matches as ripgrep, and as many in the file as a search over `chunk` finds. */
function check(file, tree, chunk, copies) {
  for (const path of [file, tree]) {
    const [mine, its] = [
      ours("-c", PRESENT, path),
      call("rg", ["-uuu", "-a", "-F", "--count-matches", PRESENT, path]),
    ].map(total);
    if (mine !== its || mine === 0) throw new Error(`${path}: we count ${mine} matches, ripgrep ${its}`);
  }
  let naive = 0;
  for (let at = chunk.indexOf(PRESENT); at >= 0; at = chunk.indexOf(PRESENT, at + PRESENT.length)) naive++;
  const mine = total(ours("-c", PRESENT, file));
  if (mine !== naive * copies) throw new Error(`${file}: we count ${mine} matches, a naive search ${naive * copies}`);
  for (const path of [file, tree]) if (ours(ABSENT, path) !== "") throw new Error(`${path} has the absent literal`);
}

/**
 * @param {{ size: "small" | "full", signal?: AbortSignal }} options
 * @returns {Promise<{ what: string, ours: number, peer: string, peers: number, ratio: number, unit: string, reach: string }[]>}
 */
export async function run({ size, signal }) {
  const { fileBytes, files, rounds: timed } = sizes[size];
  call("rg", ["--version"]);
  const folder = mkdtempSync(join(tmpdir(), "forebay-bench-"));
  try {
    const next = generator(20261122);
    const chunk = text(64 * MIB, next);
    const file = join(folder, "file.txt");
    const tree = join(folder, "tree");
    makeFile(file, fileBytes, chunk);
    makeTree(tree, files, chunk, next);
    check(file, tree, chunk, fileBytes / chunk.length);
    const time = (contestants) => rounds({ contestants, rounds: timed, warmup: 1, signal });
    const onFile = await time({
      ours: () => ours(ABSENT, file),
      "rg --no-mmap -j1 -a": () => call("rg", ["--no-mmap", "-j1", "-a", "-F", ABSENT, file]),
      "rg --mmap -j1 -a": () => call("rg", ["--mmap", "-j1", "-a", "-F", ABSENT, file]),
    });
    const onTree = await time({
      ours: () => ours(ABSENT, tree),
      "rg -j1 -uuu -a": () => call("rg", ["-j1", "-uuu", "-a", "-F", ABSENT, tree]),
      "node:fs alone, no search": () => call(process.execPath, [bareWalk, tree]),
    });
    const read = Number(onTree["node:fs alone, no search"].result);
    if (read !== files) throw new Error(`the bare walk read ${read} files of ${files}`);
    const start = await time({
      ours: () => ours(ABSENT, "/dev/null"),
      "node -e 0": () => call(process.execPath, ["-e", "0"]),
    });
    const rows = (what, { ours: mine, ...peers }) =>
      Object.entries(peers).map(([peer, its]) => {
        const ratio = mine.median / its.median;
        const reach = what === "start-up" ? "small" : peer.startsWith("node:fs") ? "–" : REACH;
        return { what, ours: mine.median, peer, peers: its.median, ratio, unit: "ms", reach };
      });
    return [
      ...rows(`${fileBytes / MIB} MiB file, literal absent`, onFile),
      ...rows(`tree of ${files} files, literal absent`, onTree),
      ...rows("start-up", start),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
