/**
 * A WASI implementation (preview 1) bound to an arena's memory.
 *
 * WASI's calls take addresses: of the bytes, of the vectors that say where the bytes lie (iovecs), and of the words that the
 * answers go to. All of those lie in the arena here, so the implementation reads and writes the ring itself. A small block
 * of the arena, taken once, holds the vectors and the answers:
 *
 *     0                  512      520      528         624      688     696            760
 *     ┌──────────────────┬────────┬────────┬───────────┬────────┬───────┬──────────────┐
 *     │ 64 iovecs, 8 each│ count  │ offset │ 2 sub-    │ 2      │ how   │ file's facts │
 *     │ (address, length)│        │        │ scriptions│ events │ many  │ (filestat)   │
 *     └──────────────────┴────────┴────────┴───────────┴────────┴───────┴──────────────┘
 *
 * One call at a time is under way, so one block serves all sources and sinks over the same implementation.
 */
import { dispose } from "../dispose.js";
import { Fault, Unsupported } from "../fault.js";
import { errno, faultOfErrno } from "./errno.js";

/** What is needed of an arena: its memory, and a block of it. */
export interface WasiArena {
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): { readonly pointer: number; release(): void };
}

/** How a WASI implementation is bound. */
export interface WasiOverOptions {
  /**
   * Tells the implementation which memory to work on, where it has none of the usual methods (`initialize`, `setMemory`).
   * `instance` looks like a WebAssembly instance whose exports are that memory and an `_initialize` that does nothing.
   */
  readonly bind?: (instance: WebAssembly.Instance) => void;
}

/** What to wait for on a descriptor. */
export type Readiness = "read" | "write";

/** The functions of preview 1 that are called here, of which an implementation may lack any. */
interface Calls {
  readonly [name: string]: Call | undefined;
  readonly fd_filestat_get?: Call;
  readonly fd_seek?: Call;
  readonly poll_oneoff?: Call;
}

type Call = (...values: (number | bigint)[]) => unknown;

/** Most pieces of one write. */
const mostVectors = 64;

// Where things lie in the block.
const COUNT = 512;
const OFFSET = 520;
const SUBSCRIPTIONS = 528;
const EVENTS = 624;
const EVENT_COUNT = 688;
const FILE = 696;
const BLOCK_BYTES = 760;

const subscriptionBytes = 48;
const eventBytes = 32;

const monotonicClock = 1;

/** A millisecond, in nanoseconds: node:wasi counts no shorter ones. */
const shortestWait = 1_000_000n;

/** A descriptor's kind, of the kinds that are told apart. */
const regularFile = 4;

/** What a count holds until it is answered: no implementation reads as much at once. */
const unanswered = 0xffffffff;

/** Some systems refuse to read or write 2³¹ bytes or more at once. */
const mostBytes = 2 ** 30;

/** What is known of a regular file. */
export interface WasiFile {
  /** Bytes. */
  readonly size: number;
  /** Last change, in nanoseconds. */
  readonly modified: bigint;
}

/** A WASI implementation whose calls work on an arena's memory. Make one with `wasiOver`. */
export class WasiHost implements Disposable {
  readonly #calls: Calls;
  readonly #buffer: ArrayBufferLike;
  readonly #view: DataView;
  readonly #block: { readonly pointer: number; release(): void };

  /** @internal */
  constructor(arena: WasiArena, calls: Calls) {
    this.#calls = calls;
    this.#buffer = arena.memory.buffer;
    this.#view = new DataView(this.#buffer);
    this.#block = arena.allocate(BLOCK_BYTES);
  }

  /** Gives its block of the arena back. Close the flows over it first. */
  release(): void {
    this.#block.release();
  }

  [dispose](): void {
    this.release();
  }

  /** Calls the implementation and returns the error number. Throws `unsupported` for a call that it does not have. */
  #call(name: string, ...values: (number | bigint)[]): number {
    const call = this.#calls[name];
    if (typeof call !== "function") throw new Unsupported(`this WASI has no ${name}`, { call: name });
    return Number(call.apply(this.#calls, values));
  }

  /** Writes the vectors of pieces that lie in the arena; returns how many. */
  #point(pieces: readonly Uint8Array[]): number {
    const count = Math.min(pieces.length, mostVectors);
    for (let i = 0; i < count; i++) {
      const { buffer, byteOffset, length } = pieces[i] as Uint8Array;
      if (buffer !== this.#buffer) {
        throw new Fault("outside", "the bytes do not lie in the memory of the arena that this WASI was bound to");
      }
      const at = this.#block.pointer + 8 * i;
      this.#view.setUint32(at, byteOffset, true);
      this.#view.setUint32(at + 4, Math.min(length, mostBytes), true);
    }
    return count;
  }

  /** Moves bytes by one of the calls on vectors; undefined where they would have to be waited for. */
  #move(
    code: "source-failed" | "sink-failed",
    name: string,
    descriptor: number,
    pieces: readonly Uint8Array[],
    position?: number,
  ): number | undefined {
    const at = this.#block.pointer;
    const count = this.#point(pieces);
    this.#view.setUint32(at + COUNT, unanswered, true);
    for (;;) {
      const answer =
        position === undefined
          ? this.#call(name, descriptor, at, count, at + COUNT)
          : this.#call(name, descriptor, at, count, BigInt(position), at + COUNT);
      if (answer === errno.again) return undefined;
      if (answer === errno.intr) continue;
      if (answer !== errno.success) throw faultOfErrno(code, name, descriptor, answer);
      break;
    }
    const moved = this.#view.getUint32(at + COUNT, true);
    if (moved === unanswered) {
      throw new Fault(code, `${name} says that it went well, but not in this memory: the WASI is bound to another one`);
    }
    return moved;
  }

  /** `fd_read`: bytes put at the front of `into`, 0 at the end; undefined where they would have to be waited for. */
  read(descriptor: number, into: Uint8Array): number | undefined {
    return this.#move("source-failed", "fd_read", descriptor, [into]);
  }

  /** `fd_pread`: as `read`, from byte `position` of a file on; the descriptor stays where it is. */
  readAt(descriptor: number, into: Uint8Array, position: number): number | undefined {
    return this.#move("source-failed", "fd_pread", descriptor, [into], position);
  }

  /** `fd_write`: bytes taken from the front of the pieces; undefined where that would have to be waited for. */
  write(descriptor: number, from: readonly Uint8Array[]): number | undefined {
    return this.#move("sink-failed", "fd_write", descriptor, from);
  }

  /** `fd_sync`. */
  sync(descriptor: number): void {
    const answer = this.#call("fd_sync", descriptor);
    if (answer !== errno.success) throw faultOfErrno("sink-failed", "fd_sync", descriptor, answer);
  }

  /** `fd_filestat_get`: the facts of a regular file; undefined for what is none, or where the host does not say. */
  file(descriptor: number): WasiFile | undefined {
    if (typeof this.#calls.fd_filestat_get !== "function") return undefined;
    const at = this.#block.pointer + FILE;
    const answer = this.#call("fd_filestat_get", descriptor, at);
    if (answer === errno.badf) throw faultOfErrno("bad-argument", "fd_filestat_get", descriptor, answer);
    if (answer !== errno.success || this.#view.getUint8(at + 16) !== regularFile) return undefined;
    return { size: Number(this.#view.getBigUint64(at + 32, true)), modified: this.#view.getBigUint64(at + 48, true) };
  }

  /** `fd_seek` by 0: where the descriptor stands; undefined where it cannot be moved. */
  place(descriptor: number): number | undefined {
    if (typeof this.#calls.fd_seek !== "function") return undefined;
    const at = this.#block.pointer + OFFSET;
    const whenceCurrent = 1;
    if (this.#call("fd_seek", descriptor, 0n, whenceCurrent, at) !== errno.success) return undefined;
    return Number(this.#view.getBigUint64(at, true));
  }

  /**
   * `poll_oneoff`: whether the descriptor is ready, within a millisecond, or, with `wait`, once it is. Undefined where the
   * host cannot tell, as of most files: then just read or write.
   */
  ready(descriptor: number, what: Readiness, wait = false): boolean | undefined {
    const at = this.#block.pointer;
    const view = this.#view;
    new Uint8Array(this.#buffer, at + SUBSCRIPTIONS, EVENT_COUNT + 4 - SUBSCRIPTIONS).fill(0);
    const eventType = what === "read" ? 1 : 2;
    view.setUint8(at + SUBSCRIPTIONS + 8, eventType);
    view.setUint32(at + SUBSCRIPTIONS + 16, descriptor, true);
    // The second subscription is of the monotonic clock; 0 is a clock's event type. A clock that is due at once would come
    // first under node:wasi, which then says nothing of the descriptor.
    view.setUint32(at + SUBSCRIPTIONS + subscriptionBytes + 16, monotonicClock, true);
    view.setBigUint64(at + SUBSCRIPTIONS + subscriptionBytes + 24, shortestWait, true);
    const subscriptions = wait ? 1 : 2;
    if (typeof this.#calls.poll_oneoff !== "function") return undefined;
    const answer = this.#call("poll_oneoff", at + SUBSCRIPTIONS, at + EVENTS, subscriptions, at + EVENT_COUNT);
    if (answer !== errno.success) return undefined;
    const events = view.getUint32(at + EVENT_COUNT, true);
    for (let i = 0; i < Math.min(events, subscriptions); i++) {
      const event = at + EVENTS + eventBytes * i;
      if (view.getUint8(event + 10) !== eventType) continue;
      return view.getUint16(event + 8, true) === errno.success ? true : undefined;
    }
    return false;
  }
}

/**
 * Binds a WASI implementation to an arena's memory, so that its calls read and write the arena's rings in place. Anything
 * will do that has the functions of `wasi_snapshot_preview1` as `getImportObject()`, `wasiImport`, that name, or itself:
 * node:wasi of Node, Deno and Bun, browser_wasi_shim, uwasi.
 *
 * An implementation works on one memory: give it one of its own, not one that runs another module.
 *
 * Takes 760 bytes of the arena, until `release()`. Throws `bad-argument` for what is no WASI, and `unsupported` where it
 * cannot be bound to this memory, or not any more.
 */
export function wasiOver(arena: WasiArena, wasi: object, options: WasiOverOptions = {}): WasiHost {
  const calls = callsOf(wasi);
  // Looks like an instance: implementations ask for no more than its exports.
  const instance = { exports: { memory: arena.memory, _initialize: () => {} } };
  try {
    bind(wasi as Binding, instance, options.bind);
  } catch (error) {
    if (error instanceof Unsupported) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Unsupported(`Cannot bind this WASI to the arena's memory: ${reason}. Make a new one.`, {}, error);
  }
  return new WasiHost(arena, calls);
}

interface Binding {
  setMemory?(memory: WebAssembly.Memory): void;
  initialize?(instance: MadeUpInstance): void;
}

interface MadeUpInstance extends WebAssembly.Instance {
  readonly exports: { readonly memory: WebAssembly.Memory; readonly _initialize: () => void };
}

function bind(wasi: Binding, instance: MadeUpInstance, own: WasiOverOptions["bind"]): void {
  if (own) own(instance);
  else if (typeof wasi.initialize === "function") wasi.initialize(instance);
  // Bun's node:wasi.
  else if (typeof wasi.setMemory === "function") wasi.setMemory(instance.exports.memory);
  else {
    throw new Unsupported(
      "Cannot bind this WASI to the arena's memory: it has no initialize() and no setMemory(); say how by the option bind.",
    );
  }
}

interface Shapes {
  getImportObject?(): object;
  readonly wasiImport?: unknown;
  readonly wasi_snapshot_preview1?: unknown;
  readonly fd_read?: unknown;
  readonly fd_write?: unknown;
}

/** The functions of preview 1, wherever the implementation keeps them. */
function callsOf(wasi: object): Calls {
  const shapes = wasi as Shapes;
  const imports = typeof shapes.getImportObject === "function" ? (shapes.getImportObject() as Shapes) : undefined;
  for (const calls of [imports?.wasi_snapshot_preview1, shapes.wasiImport, shapes.wasi_snapshot_preview1, shapes]) {
    const some = calls as Shapes | undefined;
    if (typeof some?.fd_read === "function" || typeof some?.fd_write === "function") {
      return some as Calls;
    }
  }
  throw new Fault(
    "bad-argument",
    "This is no WASI of preview 1: it has neither getImportObject() nor wasiImport nor wasi_snapshot_preview1 with fd_read or fd_write.",
  );
}
