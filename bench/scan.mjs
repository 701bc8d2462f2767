// Scan: whole processes of `forebay scan` beside ripgrep's, over one long file, over a tree of many files, and with much to print.
//
// Data that the page cache holds, and figures in milliseconds from start to exit, ours with Node's own start-up in it. The long
// file and the tree have an absent literal, so that the time is that of opening, reading and searching. Beside the long file
// stands its limit, too: what copying it out of the page cache takes with as many processes, and no search. ripgrep can do
// without that copy (--mmap); Node cannot.
//
// The tree is a real one: the folder that FOREBAY_BENCH_TREE names, or the sources of Debian's package linux-source, where that
// is installed. Elsewhere, and in the small form, it is made here.
import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rounds } from "./lib/rounds.mjs";

export const name = "scan";
export const question = "Is forebay scan as fast as ripgrep with as many threads, start-up included?";

const ABSENT = "Quetzalcoatl";
const PRESENT = "turbine intake";
/** In about one line of ten. */
const COMMON = "penstock";
const MIB = 2 ** 20;
const main = fileURLToPath(new URL("../build/bin/forebay.cjs", import.meta.url));

const sizes = {
  full: { fileBytes: 4096 * MIB, commonBytes: 1024 * MIB, files: 50_000, rounds: 11 },
  small: { fileBytes: 128 * MIB, commonBytes: 64 * MIB, files: 2000, rounds: 3 },
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
    if (next() % 10 === 0) line.push(COMMON);
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

/** The tree to search: its folder, and what it is called. */
function findTree(size, folder, files, chunk, next) {
  const named = process.env.FOREBAY_BENCH_TREE;
  if (named) return { path: named, what: `tree ${basename(named)}` };
  const archive = (existsSync("/usr/src") ? readdirSync("/usr/src") : [])
    .filter((entry) => /^linux-source-.*\.tar\.xz$/.test(entry))
    .sort()
    .at(-1);
  const path = join(folder, "tree");
  mkdirSync(path);
  if (size === "small" || archive === undefined) {
    makeTree(path, files, chunk, next);
    return { path, what: `tree of ${files} made files` };
  }
  execFileSync("tar", ["-xf", join("/usr/src", archive), "-C", path]);
  return { path, what: `tree ${archive.replace(/\.tar\.xz$/, "")}` };
}

/** Runs a program to its end; throws where it fails. Returns what it printed, or puts it into a file. */
function call(program, args, file) {
  const into = file === undefined ? "pipe" : openSync(file, "w");
  const stdio = ["ignore", into, "pipe"];
  const { error, status, stdout, stderr } = spawnSync(program, args, { maxBuffer: 2 ** 30, encoding: "utf8", stdio });
  if (file !== undefined) closeSync(into);
  if (error?.code === "ENOENT")
    throw new Error(`There is no ${program} to compare with: install the Debian package ripgrep`);
  if (error) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

/** What Node itself takes for the tree, to tell its share from ours. */
const bareWalk = fileURLToPath(new URL("./lib/bare_walk.cjs", import.meta.url));

const ours = (...args) => call(process.execPath, [main, "scan", ...args]);
const ripgrep = (...args) => call("rg", ["-uuu", "-a", "-F", ...args]);

/** Copies a file out of the page cache in two halves at once, and does nothing with it. */
function copyHalves(path) {
  const blocks = statSync(path).size / 2 / MIB;
  const half = (skip) => `dd if='${path}' of=/dev/null bs=1M count=${blocks} skip=${skip} 2>/dev/null`;
  call("sh", ["-c", `${half(0)} & ${half(blocks)} & wait`]);
}

/** Lines of `path:number` or, of a single file, the number: the numbers' sum. */
function total(counts) {
  return counts.split("\n").reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(":") + 1)), 0);
}

/** Throws unless we find as many matches as ripgrep with any threads, and as many in the file as a search over `chunk` finds. */
function check(file, tree, chunk, copies, present) {
  for (const [path, literal] of [
    [file, PRESENT],
    [tree, present],
  ]) {
    const its = total(ripgrep("--count-matches", literal, path));
    for (const threads of ["-j1", "-j2"]) {
      const mine = total(ours(threads, "-c", literal, path));
      if (mine !== its || mine === 0) throw new Error(`${path}: we count ${mine} matches, ripgrep ${its}`);
    }
    if (ours(ABSENT, path) !== "") throw new Error(`${path} has the absent literal`);
  }
  let naive = 0;
  for (let at = chunk.indexOf(PRESENT); at >= 0; at = chunk.indexOf(PRESENT, at + PRESENT.length)) naive++;
  const mine = total(ours("-c", PRESENT, file));
  if (mine !== naive * copies) throw new Error(`${file}: we count ${mine} matches, a naive search ${naive * copies}`);
}

/** Throws unless what we print of a file are the lines that ripgrep prints, and each offset is where the literal is. */
function checkLines(path, content, mine, its) {
  const print = (threads) => {
    call(process.execPath, [main, "scan", threads, COMMON, path], mine);
    return readFileSync(mine, "latin1");
  };
  const alone = print("-j1");
  if (print("-j2") !== alone) throw new Error("two threads print something else than one");
  call("rg", ["-b", "-a", "-F", COMMON, path], its);
  const lines = alone.trimEnd().split("\n");
  const theirs = readFileSync(its, "latin1").trimEnd().split("\n");
  if (lines.length !== theirs.length) throw new Error(`we print ${lines.length} lines, ripgrep ${theirs.length}`);
  lines.forEach((line, i) => {
    const tab = line.indexOf("\t");
    const offset = Number(line.slice(path.length + 1, tab));
    const same = line.slice(tab + 1) === theirs[i].slice(theirs[i].indexOf(":") + 1);
    if (!same || content.toString("latin1", offset, offset + COMMON.length) !== COMMON)
      throw new Error(`line ${i + 1}: we print ${line}, ripgrep ${theirs[i]}`);
  });
}

/**
 * @param {{ size: "small" | "full", signal?: AbortSignal }} options
 * @returns {Promise<{ what: string, ours: number, peer: string, peers: number, ratio: number, unit: string, reach: string }[]>}
 */
export async function run({ size, signal }) {
  const { fileBytes, commonBytes, files, rounds: timed } = sizes[size];
  call("rg", ["--version"]);
  const folder = mkdtempSync(join(tmpdir(), "forebay-bench-"));
  const rows = [];
  const time = async (what, mine, peers) => {
    const contestants = {
      ours: mine,
      ...Object.fromEntries(Object.entries(peers).map(([peer, { run }]) => [peer, run])),
    };
    const times = await rounds({ contestants, rounds: timed, warmup: 1, signal });
    for (const [peer, { reach }] of Object.entries(peers)) {
      const [own, its] = [times.ours.median, times[peer].median];
      rows.push({ what, ours: own, peer, peers: its, ratio: own / its, unit: "ms", reach: reach ?? "–" });
    }
  };
  try {
    const next = generator(20261122);
    const chunk = text(64 * MIB, next);
    const file = join(folder, "file.txt");
    makeFile(file, fileBytes, chunk);
    const { path: tree, what: treeName } = findTree(size, folder, files, chunk, next);
    check(file, tree, chunk, fileBytes / chunk.length, treeName.includes("made") ? PRESENT : "include");

    const fileName = `${fileBytes / MIB} MiB file, literal absent`;
    await time(`${fileName}, -j1`, () => ours("-j1", ABSENT, file), {
      "rg --no-mmap": { run: () => ripgrep("--no-mmap", ABSENT, file) },
    });
    await time(`${fileName}, -j2`, () => ours("-j2", ABSENT, file), {
      "rg --no-mmap": { run: () => ripgrep("--no-mmap", ABSENT, file), reach: "≤ 0.8×" },
      "rg --mmap": { run: () => ripgrep("--mmap", ABSENT, file), reach: "aim: 1.0×" },
      "dd, 2 halves at once: the copy alone": { run: () => copyHalves(file) },
    });
    for (const threads of ["-j1", "-j2"]) {
      const walk = { "node:fs alone, no search": { run: () => call(process.execPath, [bareWalk, tree]) } };
      await time(`${treeName}, literal absent, ${threads}`, () => ours(threads, ABSENT, tree), {
        [`rg ${threads} -uuu -a`]: { run: () => ripgrep(threads, ABSENT, tree), reach: "≤ 1.2×, aim: 1.0×" },
        ...(threads === "-j1" ? walk : {}),
      });
    }
    rmSync(file);
    const [mine, its] = [join(folder, "ours.out"), join(folder, "rg.out")];
    const common = join(folder, "common.txt");
    writeFileSync(common, chunk);
    checkLines(common, chunk, mine, its);
    makeFile(common, commonBytes, chunk);
    for (const threads of ["-j1", "-j2"]) {
      const print = () => call(process.execPath, [main, "scan", threads, COMMON, common], mine);
      await time(`${commonBytes / MIB} MiB file, 1 line of 10 printed to a file, ${threads}`, print, {
        "rg -b": { run: () => call("rg", ["-b", "-a", "-F", COMMON, common], its), reach: "≤ 1.2×" },
      });
    }
    await time("start-up", () => ours(ABSENT, "/dev/null"), {
      "node -e 0": { run: () => call(process.execPath, ["-e", "0"]), reach: "≤ 15 ms more" },
    });
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
