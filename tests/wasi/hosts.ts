/** Runs the WASI command over real folders, under the implementations that run on Node alone. */
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WASI as NodeWasi } from "node:wasi";
import type { Inode } from "@bjorn3/browser_wasi_shim";
import { type Calls, type Ended, instantiate, type Run, runShim, shimFile, shimFolder } from "./shims.js";

/** A host over the files of a folder, which the command sees as "." and, where the host has real paths, below "/". */
export type Host = (folder: string, run: Run) => Ended;

/**
 * The same functions, each called by one of ours. Up to Node 22, WebAssembly calls those of node:wasi without telling V8, which
 * collects garbage when one of them allocates: the process dies of it (https://github.com/nodejs/node/issues/46777).
 */
const calledByUs = (calls: Calls): Calls =>
  Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, (...values) => call(...values)]));

/** node:wasi. Standard input is a file; see `tests/wasi/pipes.test.ts` for pipes. */
export const underNode: Host = (folder, { args, input = new Uint8Array(0), between }) => {
  const scratch = mkdtempSync(join(tmpdir(), "forebay-wasi-"));
  const file = (name: string) => join(scratch, name);
  writeFileSync(file("in"), input);
  const descriptors = [openSync(file("in"), "r"), openSync(file("out"), "w"), openSync(file("err"), "w")] as const;
  try {
    const [stdin, stdout, stderr] = descriptors;
    const preopens = { ".": folder, "/": "/" };
    const wasi = new NodeWasi({ version: "preview1", args: ["forebay", ...args], preopens, stdin, stdout, stderr });
    const instance = instantiate(calledByUs(wasi.wasiImport as Calls), between);
    const code = wasi.start(instance);
    return {
      code,
      out: readFileSync(file("out"), "latin1"),
      err: readFileSync(file("err"), "utf8"),
      memoryBytes: instance.exports.memory.buffer.byteLength,
    };
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
    rmSync(scratch, { recursive: true });
  }
};

/** The files of a real folder, in the shim's memory; links are left out. */
function contentsOf(folder: string): Map<string, Inode> {
  const contents = new Map<string, Inode>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const at = join(folder, entry.name);
    if (entry.isDirectory()) contents.set(entry.name, shimFolder(contentsOf(at)));
    else if (entry.isFile()) contents.set(entry.name, shimFile(readFileSync(at)));
  }
  return contents;
}

/** The copies of folders, which no run changes. */
const copies = new Map<string, Map<string, Inode>>();

/** browser_wasi_shim, with a copy of the folder. */
export const underShim: Host = (folder, run) => {
  const contents = copies.get(folder) ?? contentsOf(folder);
  copies.set(folder, contents);
  return runShim(contents, run);
};
