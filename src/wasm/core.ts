/** One instance of the core over one memory: what every Buf, reader and block of an arena works with. */
import { type Fault, faultOf } from "../fault.js";
import type { CoreExports, KernelExports } from "./exports.js";
import type { Memory } from "./memory.js";

/** The raw exports and the memory they work on. */
export class Core {
  readonly exports: CoreExports;
  readonly memory: Memory;
  /** The debug build checks every call; loops then tell it of every single window. */
  readonly debug: boolean;
  /** The kernels over the same memory, once they are there; `kernelsOf` in kernels.ts loads them where they are not. */
  kernels: KernelExports | undefined;
  /** Those who read into the arena's memory, told when it is closed; undefined from then on: what still comes is wiped. */
  tenants: Set<() => void> | undefined = new Set();
  /** Where the core leaves a window's length and index and the reader's sequence, in words behind the reader's line. */
  readonly words: { readonly window: number; readonly index: number; readonly read: number };

  constructor(exports: CoreExports, memory: Memory, debug: boolean) {
    this.exports = exports;
    this.memory = memory;
    this.debug = debug;
    // A whole core.wasm has them; the inlined core has not.
    this.kernels = "findByte" in exports ? (exports as CoreExports & KernelExports) : undefined;
    this.words = {
      window: Number(exports.WINDOW_OFFSET.value) >>> 2,
      index: Number(exports.INDEX_OFFSET.value) >>> 2,
      read: Number(exports.READ_OFFSET.value) >>> 2,
    };
  }

  /**
   * A position, from the words of a sequence and of an origin: the low word of each lies first. Both are u64 and wrap; the sum
   * is an i64, below 0 for zeros in front of a stream's first frame. Exact, and without a call of the core.
   */
  position(sequence: number, origin: number): number {
    const { words } = this.memory;
    const low = (words[sequence] as number) + (words[origin] as number);
    const carry = low > 0xffffffff ? 1 : 0;
    const high = ((words[sequence + 1] as number) + (words[origin + 1] as number) + carry) | 0;
    return high * 0x1_0000_0000 + (low >>> 0);
  }

  /** The fault of a refused call. `doing`: the verb and object of the message, as in "reserve" or "make a Buf of". */
  fault(code: number, doing: string): Fault {
    return faultOf(code, this.exports.arenaAsked(), this.exports.arenaLimit(), doing);
  }

  /** Passes an answer on, or throws the fault that it stands for. */
  expect(answer: number, doing: string): number {
    if (answer < 0) throw this.fault(answer, doing);
    return answer;
  }

  /** Passes a handle on, or throws the fault behind a 0. */
  expectHandle(handle: number, doing: string): number {
    if (handle === 0) throw this.fault(this.exports.arenaRefusal(), doing);
    return handle >>> 0;
  }
}

/** A piece of linear memory that a kernel may touch: a window, a span, or a block. */
export interface Region {
  readonly core: Core;
  /** The handle that the core checks the address against. */
  readonly handle: number;
  /** Address of the first byte. */
  readonly pointer: number;
  /** Bytes. */
  readonly byteLength: number;
}
