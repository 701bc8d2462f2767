/** Runs the WASI command under the implementations that run on Node alone. */
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WASI as NodeWasi } from "node:wasi";
import { Directory, File, type Inode, OpenFile, PreopenDirectory, WASI as Shim } from "@bjorn3/browser_wasi_shim";
import uwasi from "uwasi";
import type { Outcome } from "../cli/run.js";

const path = `${process.env["FOREBAY_BUILD"] ?? new URL("../../build", import.meta.url).pathname}/forebay.wasi.wasm`;
export const module = new WebAssembly.Module(readFileSync(path));

/** The functions of preview 1, as an import object has them. */
export type Calls = Record<string, (...values: never[]) => unknown>;

/** Puts something between the command and its host. */
export type Between = (calls: Calls, memory: () => WebAssembly.Memory) => Calls;

/** How the command is run. `input` is its standard input. */
export interface Run {
  readonly args: readonly string[];
  readonly input?: Uint8Array;
  readonly between?: Between;
}

/** What it left behind, and its memory's length in bytes. */
export type Ended = Outcome & { readonly memoryBytes: number };

/** A host over the files of a folder, which the command sees as "." and, where the host has real paths, below "/". */
export type Host = (folder: string, run: Run) => Ended;

interface Exports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  readonly _start: () => void;
}

function instantiate(calls: object, between: Between | undefined): { readonly exports: Exports } {
  let exports: Exports | undefined;
  const memory = () => (exports as Exports).memory;
  const imports = between ? between(calls as Calls, memory) : calls;
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: imports as WebAssembly.ModuleImports });
  exports = instance.exports as Exports;
  return { exports };
}

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
    const instance = instantiate(wasi.wasiImport, between);
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
    if (entry.isDirectory()) contents.set(entry.name, new Directory(contentsOf(at)));
    else if (entry.isFile()) contents.set(entry.name, new File(readFileSync(at)));
  }
  return contents;
}

/** The copies of folders, which no run changes. */
const copies = new Map<string, Map<string, Inode>>();

/** browser_wasi_shim, with a copy of the folder. */
export const underShim: Host = (folder, { args, input = new Uint8Array(0), between }) => {
  const [out, err] = [new File([]), new File([])];
  const streams = [new File(input), out, err].map((file) => new OpenFile(file));
  const contents = copies.get(folder) ?? contentsOf(folder);
  copies.set(folder, contents);
  const preopen = new PreopenDirectory(".", contents);
  const wasi = new Shim(["forebay", ...args], [], [...streams, preopen], { debug: false });
  const instance = instantiate(wasi.wasiImport, between);
  const code = wasi.start(instance);
  const text = (file: File, encoding: BufferEncoding) => Buffer.from(file.data).toString(encoding);
  const memoryBytes = instance.exports.memory.buffer.byteLength;
  return { code, out: text(out, "latin1"), err: text(err, "utf8"), memoryBytes };
};

/** uwasi has no files, and text alone on its standard input and output. */
export const underUwasi: Host = (_folder, { args, input = new Uint8Array(0), between }) => {
  let at = 0;
  const texts = { out: "", err: "" };
  const wasi = new uwasi.WASI({
    args: ["forebay", ...args],
    features: [
      uwasi.useArgs,
      uwasi.useClock,
      uwasi.useProc,
      uwasi.useStdio({
        stdin: () => {
          const some = input.subarray(at, at + 1000);
          at += some.length;
          return new TextDecoder().decode(some);
        },
        stdout: (text) => {
          texts.out += text;
        },
        stderr: (text) => {
          texts.err += text;
        },
      }),
    ],
  });
  const instance = instantiate(wasi.wasiImport, between);
  const code = wasi.start(instance);
  return { code, ...texts, memoryBytes: instance.exports.memory.buffer.byteLength };
};

/**
 * Between the command and `fd_read`: every read brings as few bytes as `lengths` say, one after the other; a 0 stands for an
 * answer of EINTR, and −1 for one of EAGAIN.
 */
export function fewAtATime(lengths: readonly number[]): Between {
  return (calls, memory) => {
    let turn = 0;
    const read = calls["fd_read"] as unknown as (fd: number, at: number, count: number, counted: number) => number;
    const fd_read = (fd: number, at: number, count: number, counted: number): number => {
      const length = lengths[turn++ % lengths.length] as number;
      if (length <= 0) return length === 0 ? 27 : 6;
      const view = new DataView(memory().buffer);
      view.setUint32(at + 4, Math.min(length, view.getUint32(at + 4, true)), true);
      return read(fd, at, count, counted);
    };
    return { ...calls, fd_read: fd_read as never };
  };
}
