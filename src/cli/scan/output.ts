/**
 * Buffered output: what is printed is put together in an outflow's ring, in linear memory, and written in big pieces.
 * Lines are copied there straight from the window that shows them.
 */
import type { Arena } from "../../arena.js";
import { openSink, type Outflow } from "../../outflow.js";
import type { Sink } from "../../sink/sink.js";

/** Bytes that are gathered before they are written: 256 KiB. */
const ringBytes = 256 * 1024;

/** Text and bytes on their way into a sink. */
export class Output {
  /** Called before something is written. */
  beforeWrite: () => void = () => {};
  readonly #outflow: Outflow<"u8">;
  readonly #memory: Uint8Array;
  /** Address of the next byte, and the end of the room behind it: the part of the reserved span that is not filled yet. */
  #at = 0;
  #end = 0;
  /** Where the reserved span begins. */
  #begin = 0;

  constructor(arena: Arena, sink: Sink) {
    this.#outflow = openSink(arena, sink, { element: "u8", capacity: ringBytes });
    this.#memory = new Uint8Array(arena.memory.buffer);
  }

  /** One byte. */
  byte(value: number): void {
    if (this.#at === this.#end) this.#makeRoom();
    this.#memory[this.#at++] = value;
  }

  /** Text of ASCII characters. */
  ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
  }

  /** Bytes from outside the linear memory. */
  bytes(from: Uint8Array): void {
    for (let done = 0; done < from.length; ) {
      if (this.#at === this.#end) this.#makeRoom();
      const some = Math.min(from.length - done, this.#end - this.#at);
      this.#memory.set(from.subarray(done, done + some), this.#at);
      this.#at += some;
      done += some;
    }
  }

  /** Bytes of the linear memory: of a window that is shown. */
  resident(address: number, length: number): void {
    for (let done = 0; done < length; ) {
      if (this.#at === this.#end) this.#makeRoom();
      const some = Math.min(length - done, this.#end - this.#at);
      this.#memory.copyWithin(this.#at, address + done, address + done + some);
      this.#at += some;
      done += some;
    }
  }

  /** Writes what was gathered. Throws `sink-failed`. */
  flush(): void {
    if (this.#at > this.#begin) {
      this.beforeWrite();
      this.#outflow.commit(this.#at - this.#begin);
      this.#outflow.flushSync();
    }
    this.#begin = this.#at = this.#end = 0;
  }

  #makeRoom(): void {
    this.flush();
    const { data } = this.#outflow.reserve(1);
    this.#begin = this.#at = data.byteOffset;
    this.#end = data.byteOffset + data.length;
  }
}
