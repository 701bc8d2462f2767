/**
 * Random calls of every export, over one memory in which everything that no call names is watched.
 *
 * All state of the core lies in its memory. So a batch of calls that has changed a byte that it must not change is run again
 * from a copy of the memory, one call at a time, and the call that did it is named with its arguments.
 */
import { difference } from "./bytes.js";
import type { Build, Raw } from "./core.js";

type Call = (...numbers: number[]) => number;

/** What an argument stands for. */
type Kind =
  | "buf"
  | "block"
  | "any"
  | "none"
  | "reader"
  | "hold"
  | "count"
  | "small"
  | "flag"
  | "position"
  | "pointer"
  | "bytes"
  | "byte"
  | "offset"
  | "format"
  | "size"
  | "slots"
  | "length";

/** What a call may write to beside the arena's header. */
type Writes = "nothing" | "block" | "data" | "heap" | "arena";

/** Every export: its arguments, and what it may write to of what they name. A new export has to be added here. */
export const EXPORTS: Record<string, readonly [Writes, ...Kind[]]> = {
  arenaCreate: ["nothing", "length", "slots"],
  arenaClose: ["arena"],
  arenaUsed: ["nothing"],
  arenaLeft: ["nothing"],
  arenaAsked: ["nothing"],
  arenaLimit: ["nothing"],
  arenaRefusal: ["nothing"],
  blockTake: ["heap", "length", "flag"],
  blockBegin: ["nothing", "any"],
  blockRelease: ["heap", "block"],
  bufCreate: ["heap", "small", "small", "count", "count", "small", "small", "flag", "position"],
  bufRelease: ["heap", "buf"],
  bufLimits: ["block", "buf", "count", "count"],
  bufControl: ["nothing", "buf"],
  bufReady: ["nothing", "buf"],
  bufPartial: ["nothing", "buf"],
  bufRoom: ["block", "buf"],
  bufReserve: ["block", "buf", "count", "count"],
  bufCommit: ["block", "buf", "count"],
  bufReserveBytes: ["block", "buf", "count"],
  bufCommitBytes: ["block", "buf", "count"],
  bufWanted: ["block", "buf"],
  bufFinish: ["block", "buf", "flag"],
  bufRestart: ["block", "buf", "position"],
  readerOpen: ["block", "buf", "count"],
  readerClose: ["block", "buf", "reader"],
  readerAddress: ["nothing", "buf", "reader"],
  readerPosition: ["nothing", "buf", "reader"],
  readerAvailable: ["nothing", "buf", "reader"],
  readerSeek: ["block", "buf", "reader", "position"],
  readerPrime: ["block", "buf", "reader", "count"],
  windowLook: ["block", "buf", "reader", "count", "count"],
  windowMore: ["block", "buf", "reader"],
  windowPadded: ["block", "buf", "reader", "count"],
  windowAdvance: ["block", "buf", "reader", "count"],
  windowRun: ["block", "buf", "reader", "count", "count", "count"],
  windowSkip: ["block", "buf", "reader", "count"],
  holdTake: ["block", "buf", "reader"],
  holdRelease: ["block", "buf", "hold"],
  findByte: ["nothing", "any", "pointer", "bytes", "byte"],
  findLastByte: ["nothing", "any", "pointer", "bytes", "byte"],
  countByte: ["nothing", "any", "pointer", "bytes", "byte"],
  findLiteral: ["nothing", "any", "pointer", "bytes", "any", "pointer", "small", "offset", "offset"],
  statsBytes: ["nothing", "small"],
  statsReset: ["data", "any", "pointer", "small"],
  statsAdd: ["data", "any", "pointer", "bytes", "small", "any", "pointer", "small", "offset"],
  statsResult: ["data", "any", "pointer", "small", "small", "any", "pointer"],
  convertSamples: ["data", "any", "pointer", "format", "any", "pointer", "format", "bytes", "small"],
  deinterleave: ["data", "any", "pointer", "any", "pointer", "offset", "small", "size", "bytes"],
  interleave: ["data", "any", "pointer", "any", "pointer", "offset", "small", "size", "bytes"],
};

/** What the shared build has beside them. A bell's block is named by the handle that is given, so only handles that are none are. */
export const SHARED_EXPORTS: typeof EXPORTS = {
  bufCreateShared: ["heap", "small", "small", "count", "count", "small", "small", "flag", "position", "small"],
  bufRoomSeen: ["nothing", "buf"],
  bufWrite: ["block", "buf", "any", "pointer", "count"],
  writerTake: ["block", "buf"],
  writerLeave: ["block", "buf"],
  writerSleep: ["block", "buf", "count"],
  writerWake: ["block", "buf"],
  writerBell: ["nothing", "buf"],
  writerListen: ["block", "buf", "none"],
  writerBeat: ["block", "buf"],
  writerAbandon: ["block", "buf"],
  readerOpenLossy: ["block", "buf"],
  readerSleep: ["block", "buf", "reader", "count"],
  readerWake: ["block", "buf", "reader"],
  readerBell: ["nothing", "buf", "reader"],
  readerListen: ["block", "buf", "reader", "none"],
  readerBeat: ["block", "buf", "reader"],
  readerAbandon: ["block", "buf", "reader"],
};

/** The table of a build's exports. */
export function exportsOf({ name }: Build): typeof EXPORTS {
  return name === "shared" ? { ...EXPORTS, ...SHARED_EXPORTS } : EXPORTS;
}

/** The exports of a module that are functions. */
export function functionsOf(module: WebAssembly.Module): string[] {
  return WebAssembly.Module.exports(module).flatMap(({ name, kind }) => (kind === "function" ? [name] : []));
}

const ODD = [
  0,
  1,
  2,
  3,
  7,
  8,
  0x7f,
  0x80,
  0xff,
  0x100,
  0xffff,
  0x10000,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 31 + 1,
  2 ** 32 - 2,
  2 ** 32 - 1,
];
const ODD_FLOATS = [
  Number.NaN,
  -1,
  -0,
  0.5,
  1e-300,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  1e300,
  Infinity,
  -Infinity,
];

/** A call with its arguments, to repeat and to print. */
interface Made {
  readonly name: string;
  readonly numbers: number[];
}

interface Live {
  readonly handle: number;
  readonly isBuf: boolean;
  /** The block with its header. */
  readonly from: number;
  readonly to: number;
  /** What its holder may write to. */
  readonly begin: number;
  readonly end: number;
}

const ARENA = 64;
const TABLE = 192;
const SLOTS = 24;
const HEADER = 128;
/** Where the arena's header keeps what changes: the free list's head, and the numbers of the last refusal. */
const KEPT = [ARENA, ARENA + 16] as const;

export class Fuzz {
  readonly #build: Build;
  readonly #names: readonly string[];
  readonly #exports: typeof EXPORTS;
  #raw!: Raw;
  #before!: Uint8Array;
  #live: Live[] = [];
  #stale: number[] = [0];
  #readers: number[] = [];
  #holds: number[] = [];
  #state: number;
  calls = 0;

  constructor(build: Build, seed: number) {
    this.#build = build;
    this.#names = functionsOf(build.module);
    this.#exports = exportsOf(build);
    this.#state = seed >>> 0;
    this.#begin();
  }

  /** mulberry32. */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }

  #below(limit: number): number {
    return this.#random() % limit;
  }

  #of<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T;
  }

  #call(name: string): Call {
    return (this.#raw.exports as unknown as Record<string, Call>)[name] as Call;
  }

  /** A new arena with Bufs and blocks of several kinds, all bytes of which are set to what is not zero. */
  #begin(): void {
    this.#raw = this.#build.raw(65_536, SLOTS);
    this.#before = new Uint8Array(this.#raw.bytes.length);
    this.#live = [];
    this.#stale = [0, 0x10001, 0xffffffff];
    const { exports, bytes } = this.#raw;
    for (const size of [0, 100, 1024, 5000]) this.#add(exports.blockTake(size, size & 4), false, size);
    for (const [element, channels, capacity, maxWindow, start] of [
      [0, 1, 7, 3, 0],
      [2, 3, 31, 31, 2 ** 32 - 9],
      [6, 2, 64, 16, 2 ** 53 - 80],
      [7, 1, 1, 1, 5],
    ] as const) {
      const size = [1, 1, 2, 2, 4, 4, 4, 8][element] as number;
      const shape = [element, channels, capacity, maxWindow, 3, 3, capacity & 1, start] as const;
      const lossy = this.#build.name === "shared" ? capacity % 3 : 0;
      const buf = lossy > 0 ? this.#call("bufCreateShared")(...shape, lossy) : exports.bufCreate(...shape);
      this.#add(buf, true, size * channels * (capacity + maxWindow * (1 + lossy)));
    }
    for (const { begin, end } of this.#live) for (let at = begin; at < end; at++) bytes[at] = 1 + this.#below(255);
  }

  #add(handle: number, isBuf: boolean, size: number): void {
    const begin = this.#raw.exports.blockBegin(handle) >>> 0;
    const from = (isBuf ? this.#raw.exports.bufControl(handle) >>> 0 : begin) - HEADER;
    const to = from + (this.#raw.view.getUint32(from, true) >>> 0);
    this.#live.push({ handle: handle >>> 0, isBuf, from, to, begin, end: begin + size });
  }

  /** Runs `calls` calls in batches, half of them on what there is and half creating and releasing, too. */
  run(calls: number): void {
    for (const until = this.calls + calls; this.calls < until; ) {
      this.#batch();
      if (this.#below(400) === 0) {
        this.#closed();
        this.#begin();
      }
    }
  }

  /** A closed arena: whatever is asked for then, nothing happens. */
  #closed(): void {
    this.#raw.exports.arenaClose();
    this.#before.set(this.#raw.bytes);
    const made: Made[] = [];
    for (let count = 0; count < 64; count++) {
      const name = this.#of(this.#names);
      // This one would lay out a new arena, as it should.
      if (name === "arenaCreate") continue;
      made.push({ name, numbers: this.#arguments(name, this.#live, []) });
      this.#call(name)(...(made.at(-1) as Made).numbers);
    }
    this.calls += made.length;
    const { bytes } = this.#raw;
    const refusal = { from: ARENA + 32, to: ARENA + 64 };
    for (let at = 0; at < bytes.length; at++) {
      if (bytes[at] === this.#before[at] || (at >= refusal.from && at < refusal.to)) continue;
      throw new Error(`byte ${at} of a closed arena changed: ${history(made, made.length)}`);
    }
  }

  #batch(): void {
    const named = new Set<Live>();
    for (let more = 1 + this.#below(3); more > 0; more--) named.add(this.#of(this.#live));
    const mode = this.#of(["data", "block", "block", "heap"] as const);
    const allowed: readonly Writes[] =
      mode === "data"
        ? ["nothing", "data"]
        : mode === "block"
          ? ["nothing", "data", "block"]
          : ["nothing", "data", "block", "heap"];
    const names = this.#names.filter((name) => allowed.includes((this.#exports[name] as readonly [Writes])[0]));
    this.#before.set(this.#raw.bytes);
    const others = this.#live.filter((live) => !named.has(live)).map(({ handle }) => handle);
    const made: Made[] = [];
    let trap: unknown;
    for (let count = 0; count < 64 && trap === undefined; count++) {
      const name = this.#of(names);
      const numbers = this.#arguments(name, [...named], others);
      made.push({ name, numbers });
      try {
        this.#learn(name, this.#call(name)(...numbers));
      } catch (error) {
        trap = error;
      }
    }
    this.calls += made.length;
    const spoilt = this.#spoilt([...named], mode);
    if (trap !== undefined || spoilt !== undefined) this.#explain(made, [...named], mode, trap);
    if (mode === "heap") this.#forget(named);
  }

  /** Arguments of a call; every other handle than the named ones is left out, by chance too. */
  #arguments(name: string, named: Live[], others: readonly number[]): number[] {
    const target = this.#of(named);
    return (this.#exports[name] as readonly [Writes, ...Kind[]]).slice(1).map((kind) => {
      const value = this.#argument(kind as Kind, this.#below(8) === 0 ? this.#of(named) : target, named);
      return others.includes(value >>> 0) && Number.isInteger(value) ? 0 : value;
    });
  }

  #argument(kind: Kind, target: Live, named: Live[]): number {
    const wild = this.#below(24);
    if (wild === 0) return this.#of(ODD);
    if (wild === 1 && kind !== "position") return this.#random();
    switch (kind) {
      case "buf": {
        const bufs = named.filter(({ isBuf }) => isBuf);
        return this.#below(30) === 0 || bufs.length === 0 ? this.#of(this.#stale) : this.#of(bufs).handle;
      }
      case "none":
        return this.#of(this.#stale);
      case "block":
      case "any":
        return this.#below(30) === 0 ? this.#of(this.#stale) : target.handle;
      case "reader":
        return this.#below(30) === 0 || this.#readers.length === 0 ? this.#below(2000) : this.#of(this.#readers);
      case "hold":
        return this.#below(30) === 0 || this.#holds.length === 0 ? this.#below(20_000) : this.#of(this.#holds);
      case "position":
        return wild < 6 ? this.#of(ODD_FLOATS) : this.#of([0, 5, 2 ** 32 - 9, 2 ** 53 - 80]) + this.#below(70);
      case "count":
        return this.#below(this.#of([4, 10, 40]));
      case "small":
        return this.#below(10);
      case "flag":
        return this.#below(3);
      case "byte":
        return this.#below(257);
      case "offset":
        return this.#below(20);
      case "format":
        return this.#below(17);
      case "size":
        return this.#of([0, 1, 2, 3, 4, 8, 16]);
      case "slots":
        return this.#below(70);
      case "pointer":
        return (
          this.#of([
            target.begin,
            target.begin,
            target.end,
            target.begin + this.#below(target.end - target.begin + 1),
          ]) +
          this.#below(9) -
          4
        );
      case "bytes":
        return this.#of([this.#below(70), target.end - target.begin + this.#below(9) - 4]);
      case "length":
        return this.#of([this.#below(300), this.#below(70_000)]);
    }
  }

  /** Remembers what was given out, to be used by later calls. */
  #learn(name: string, answer: number): void {
    if ((name === "readerOpen" || name === "readerOpenLossy") && answer !== 0) this.#readers[this.#below(8)] = answer;
    if (name === "holdTake" && answer !== 0) this.#holds[this.#below(8)] = answer;
    if (this.#readers.includes(undefined as never))
      this.#readers = this.#readers.filter((reader) => reader !== undefined);
    if (this.#holds.includes(undefined as never)) this.#holds = this.#holds.filter((hold) => hold !== undefined);
  }

  /** The first byte that has changed and must not have, or undefined. */
  #spoilt(named: readonly Live[], mode: "data" | "block" | "heap"): string | undefined {
    const { bytes } = this.#raw;
    const kept: [from: number, to: number, what: string][] = [
      [0, ARENA, "what lies below the arena"],
      [...KEPT, "the arena's header"],
    ];
    if (mode !== "heap") {
      kept.push([ARENA + 16, ARENA + 32, "the allocator's lists"], [TABLE, TABLE + 16 * SLOTS, "the handle table"]);
      const spared = named.map(({ from, to, begin, end, isBuf }) =>
        mode === "data" || !isBuf ? ([begin, end] as const) : ([from + HEADER, to] as const),
      );
      let at = TABLE + 16 * SLOTS;
      for (const [from, to] of [...spared].sort((a, b) => a[0] - b[0])) {
        kept.push([at, from, "what no call named"]);
        at = to;
      }
      kept.push([at, bytes.length, "what no call named"]);
    } else {
      for (const live of this.#live)
        if (!named.includes(live)) kept.push([live.from + HEADER, live.to, "a block that no call named"]);
    }
    for (const [from, to, what] of kept) {
      if (to <= from || difference(bytes.subarray(from, to), this.#before.subarray(from, to)) === undefined) continue;
      const at = bytes.findIndex((byte, index) => index >= from && index < to && byte !== this.#before[index]);
      return `byte ${at} of ${what} (${from} to ${to}) changed from ${this.#before[at]} to ${bytes[at]}`;
    }
    return undefined;
  }

  /** What creating and releasing has left: live handles are looked up anew, the named ones may be gone. */
  #forget(named: ReadonlySet<Live>): void {
    this.#live = this.#live.filter((live) => {
      if (!named.has(live) || this.#raw.exports.blockBegin(live.handle) >>> 0 === live.begin) return true;
      this.#stale.push(live.handle);
      return false;
    });
    // Blocks that the batch took are released, so that there is room for the next one.
    const known = new Set(this.#live.map(({ handle }) => handle));
    for (let slot = 1; slot < SLOTS; slot++) {
      const word = this.#raw.view.getUint32(TABLE + 16 * slot + 12, true);
      const handle = (((word >>> 16) << 16) | slot) >>> 0;
      if ((word & 0xffff) === 0 || known.has(handle)) continue;
      this.#raw.exports.blockRelease(handle);
      this.#raw.exports.bufRelease(handle);
    }
    if (this.#live.length < 5 || !this.#live.some(({ isBuf }) => isBuf)) this.#begin();
  }

  /** Runs the batch again from the memory as it was, call by call, and names the one that went wrong. */
  #explain(made: readonly Made[], named: readonly Live[], mode: "data" | "block" | "heap", trap: unknown): never {
    this.#raw.bytes.set(this.#before);
    for (const [at, { name, numbers }] of made.entries()) {
      const call = `call ${at} of a batch: ${name}(${numbers.join(", ")}), named ${named.map(({ handle }) => handle).join(", ")}`;
      try {
        this.#call(name)(...numbers);
      } catch (error) {
        const broken = this.#raw.view.getUint32(ARENA + 48, true);
        throw new Error(
          `${call} trapped: ${String(error)}${broken ? ` (invariant ${broken})` : ""}\nbefore it: ${history(made, at)}`,
        );
      }
      const spoilt = this.#spoilt(named, mode);
      if (spoilt) throw new Error(`${call}: ${spoilt}\nbefore it: ${history(made, at)}`);
    }
    throw new Error(`the batch went wrong once and not again: ${String(trap)}`);
  }
}

function history(made: readonly Made[], until: number): string {
  return made
    .slice(Math.max(0, until - 12), until)
    .map(({ name, numbers }) => `${name}(${numbers.join(", ")})`)
    .join("; ");
}
