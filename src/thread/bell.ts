/** Bells: one word that wakes a thread for any of many Bufs, so that one wait serves all of them. */
import { Fault } from "../fault.js";
import type { SharedCore } from "../wasm/shared.js";
import { coreOver } from "./cores.js";
import type { SharedBellHandle } from "./shared.js";
import { Sleeper } from "./sleeper.js";

/** Bytes of a bell's block: a line of its own, so that ringing disturbs no other thread. */
export const bellBytes = 128;

/** A bell, for one thread's sides of any number of Bufs in one memory. */
export class Bell {
  /** The block that it lies in. */
  readonly handle: number;
  /** @internal What sleeps on it on this thread. */
  readonly sleeper: Sleeper;
  readonly #core: SharedCore;

  /** @internal Use `SharedArena.bell` and `Bell.attach`. */
  constructor(core: SharedCore, handle: number) {
    this.#core = core;
    this.handle = handle;
    const word = (core.exports.blockBegin(handle) >>> 0) >>> 2;
    if (word === 0) throw new Fault("stale", "Cannot listen to the bell: its block was released.");
    this.sleeper = new Sleeper(core, () => word);
  }

  /** A plain object that `postMessage` carries to another thread, for `Bell.attach` there. */
  share(): SharedBellHandle {
    return { kind: "forebay-bell", memory: this.#core.memory.memory, handle: this.handle };
  }

  /** The bell that another thread made, for this thread's sides. A bell wakes whoever sleeps on it: one thread, as a rule. */
  static attach(shared: SharedBellHandle, module?: WebAssembly.Module): Bell {
    if (shared?.kind !== "forebay-bell") {
      throw new Fault("bad-argument", "There is no bell to attach to: post what bell.share() returned.");
    }
    return new Bell(coreOver(shared.memory, module), shared.handle);
  }
}
