/** Runs the WASI command under the implementations that need no host of their own: browser_wasi_shim and uwasi. */
import { Directory, File, type Inode, OpenFile, PreopenDirectory, WASI as Shim } from "@bjorn3/browser_wasi_shim";
import * as uwasi from "uwasi";
import { projectFile } from "../support/host.js";

/** The command, compiled when it is asked for first. */
let compiled: WebAssembly.Module | undefined;
export function command(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(projectFile("build/forebay.wasi.wasm"));
  return compiled;
}

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

/** What it left behind; `out` as latin1, so that every byte can be seen. `memoryBytes`: its memory's length. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly memoryBytes: number;
}

interface Exports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  readonly _start: () => void;
}

export function instantiate(calls: object, between: Between | undefined): { readonly exports: Exports } {
  let exports: Exports | undefined;
  const memory = () => (exports as Exports).memory;
  const imports = between ? between(calls as Calls, memory) : calls;
  const instance = new WebAssembly.Instance(command(), {
    wasi_snapshot_preview1: imports as WebAssembly.ModuleImports,
  });
  exports = instance.exports as Exports;
  return { exports };
}

/** Every byte as the character of its number. */
const latin1 = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

/** browser_wasi_shim, with files that the command sees as ".". */
export function runShim(contents: Map<string, Inode>, { args, input = new Uint8Array(0), between }: Run): Ended {
  const [out, err] = [new File([]), new File([])];
  const streams = [new File(input), out, err].map((file) => new OpenFile(file));
  const preopen = new PreopenDirectory(".", contents);
  const wasi = new Shim(["forebay", ...args], [], [...streams, preopen], { debug: false });
  const instance = instantiate(wasi.wasiImport, between);
  const code = wasi.start(instance);
  const memoryBytes = instance.exports.memory.buffer.byteLength;
  return { code, out: latin1(out.data), err: new TextDecoder().decode(err.data), memoryBytes };
}

/** A folder of the shim. */
export function shimFolder(contents: Map<string, Inode>): Inode {
  return new Directory(contents);
}

/** A file of the shim. */
export function shimFile(content: Uint8Array | string): Inode {
  return new File(typeof content === "string" ? new TextEncoder().encode(content) : content);
}

/** uwasi has no files, and text alone on its standard input and output. */
export function runUwasi({ args, input = new Uint8Array(0), between }: Run): Ended {
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
}

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
