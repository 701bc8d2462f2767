/** A `node:fs` in which the n-th call fails, and which may answer short: as SQLite tests what it does with its disk. */
import * as fs from "node:fs";
import type { FileReads, FileWrites } from "../../src/node.js";

export interface Failing {
  /** The call that fails, from 1 on; 0 for none. */
  nth?: number;
  /** The error's code. Default `EIO`. */
  code?: string;
  /** Most bytes of one read or write; the n-th call only, when `shortOnly` is set. */
  most?: number;
  /** Whether call `nth` is short instead of failing. */
  short?: boolean;
}

export interface FailingFs extends FileReads, FileWrites {
  /** The names of the calls made so far. */
  readonly calls: string[];
  /** Bytes that reads have given. */
  readonly given: number;
  /** Of them, those of the last read. */
  readonly last: number;
}

type Callback = (error: Error | null, ...answer: unknown[]) => void;

export function failingFs({ nth = 0, code = "EIO", most = 2 ** 30, short = false }: Failing = {}): FailingFs {
  const calls: string[] = [];
  let read = 0;
  let last = 0;
  /** Counts a call and returns its error, if it is the one to fail. */
  const count = (name: string): Error | undefined => {
    calls.push(name);
    if (calls.length !== nth || short) return undefined;
    return Object.assign(new Error(`${code}: call ${nth} was to fail, ${name}`), { code, syscall: name });
  };
  const limit = (length: number) =>
    short ? (calls.length === nth ? Math.min(1, length) : length) : Math.min(most, length);
  const sync =
    (name: string, call: (...given: never[]) => unknown) =>
    (...given: unknown[]) => {
      const error = count(name);
      if (error) throw error;
      if (name === "writevSync") given[1] = atMost(given[1] as readonly Uint8Array[], limit(2 ** 30));
      if (name === "readSync" || name === "writeSync") given[3] = limit(given[3] as number);
      const answer = call(...(given as never[]));
      if (name === "readSync") read += last = answer as number;
      return answer;
    };
  const later =
    (name: string, call: (...given: never[]) => unknown) =>
    (...given: unknown[]) => {
      const error = count(name);
      const done = given.at(-1) as Callback;
      if (error) return void queueMicrotask(() => done(error));
      if (name === "writev") given[1] = atMost(given[1] as readonly Uint8Array[], limit(2 ** 30));
      if (name === "read" || name === "write") given[3] = limit(given[3] as number);
      if (name === "read") {
        given[given.length - 1] = (failed: Error | null, bytes: number, ...more: unknown[]) => {
          read += last = failed ? 0 : bytes;
          done(failed, bytes, ...more);
        };
      }
      return call(...(given as never[]));
    };
  return {
    calls,
    get given() {
      return read;
    },
    get last() {
      return last;
    },
    statSync: sync("statSync", fs.statSync),
    fstatSync: sync("fstatSync", fs.fstatSync),
    openSync: sync("openSync", fs.openSync),
    readSync: sync("readSync", fs.readSync),
    writeSync: sync("writeSync", fs.writeSync),
    writevSync: sync("writevSync", fs.writevSync),
    fsyncSync: sync("fsyncSync", fs.fsyncSync),
    closeSync: sync("closeSync", fs.closeSync),
    open: later("open", fs.open),
    read: later("read", fs.read),
    write: later("write", fs.write),
    writev: later("writev", fs.writev),
    fsync: later("fsync", fs.fsync),
    close: later("close", fs.close),
  } as unknown as FailingFs;
}

/** The pieces, cut to `most` bytes in all. */
function atMost(pieces: readonly Uint8Array[], most: number): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (const piece of pieces) {
    if (most > 0) cut.push(piece.subarray(0, most));
    most -= piece.length;
  }
  return cut;
}
