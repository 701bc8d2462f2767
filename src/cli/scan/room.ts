/**
 * The memory of one thread that scans, and the module that works in it (assembly/scan.ts). Everything has its place from the
 * begin, since all of it is known then:
 *
 *     ┌────────┬──────┬────────────────┬──────────────────────────┐
 *     │ needle │ path │ output         │ tray: what of a file is   │
 *     │        │      │                │ read and searched         │
 *     └────────┴──────┴────────────────┴──────────────────────────┘
 *
 * Behind each lies some slack, which copies in whole vectors run over.
 */
import { rareOffsets } from "../../kernel/rare.js";
import { inlinedScan } from "../../wasm/inline-scan.js";
import { pageBytes } from "../../wasm/memory.js";

/** What the module exports; assembly/scan.ts says what it means. */
export interface ScanExports {
  setNeedle(pointer: number, length: number, rareA: number, rareB: number): void;
  find(hay: number, from: number, end: number): number;
  findNewline(hay: number, from: number, end: number): number;
  findLastNewline(hay: number, from: number, end: number): number;
  countMatches(hay: number, from: number, end: number): void;
  printLines(
    hay: number,
    length: number,
    from: number,
    end: number,
    mostLine: number,
    atLineBegin: number,
    base: number,
    path: number,
    pathLength: number,
    output: number,
    outputLimit: number,
  ): number;
  readonly matches: WebAssembly.Global;
  readonly firstMatch: WebAssembly.Global;
  readonly lastEnd: WebAssembly.Global;
  readonly outputEnd: WebAssembly.Global;
}

/** Longest path that the module prints by itself; Linux's are below it. */
export const pathBytes = 8192;

/** Bytes of output that are gathered. */
export const outputBytes = 256 * 1024;

const slack = 64;

/** The compiled module. A thread hands it to those that it starts. */
export function compileScan(): WebAssembly.Module {
  return new WebAssembly.Module(Buffer.from(inlinedScan, "base64"));
}

/** One thread's memory. */
export class Room {
  readonly exports: ScanExports;
  /** All of the memory. It never grows. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly literalBytes: number;
  /** Addresses. */
  readonly path: number;
  readonly output: number;
  readonly tray: number;
  /** Bytes of the tray. */
  readonly capacity: number;

  /** `capacity`: bytes of the tray. Throws a `RangeError` where there is no memory. */
  constructor(module: WebAssembly.Module, literal: Uint8Array, capacity: number) {
    const needle = slack;
    this.path = aligned(needle + literal.length);
    this.output = aligned(this.path + pathBytes);
    this.tray = aligned(this.output + outputBytes);
    const pages = Math.ceil((this.tray + capacity + slack) / pageBytes);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as ScanExports;
    this.bytes = new Uint8Array(memory.buffer as ArrayBuffer);
    this.literalBytes = literal.length;
    this.capacity = capacity;
    this.bytes.set(literal, needle);
    this.exports.setNeedle(needle, literal.length, ...rareOffsets(literal));
  }
}

/** The next address behind `end` and its slack that begins a line of the cache. */
function aligned(end: number): number {
  return Math.ceil((end + slack) / 64) * 64;
}
