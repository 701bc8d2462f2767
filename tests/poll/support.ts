/** What the tests of poll share: sources and Bufs that are filled by hand, and the model of an answer. */
import { type Arena, type Buf, Fault, type Pollable, type Reader, type Source } from "../../src/index.js";
import type { PollAnswer } from "../../src/poll.js";

/** A source that gives what it is handed, when it is handed it. */
export class HandFed implements Source {
  readonly name = "the hand-fed source";
  reads = 0;
  #pieces: (Uint8Array | Error | undefined)[] = [];
  #ended = false;
  #awaited: (() => void) | undefined;

  give(...bytes: number[]): void {
    this.#put(Uint8Array.from(bytes));
  }

  end(): void {
    this.#put(undefined);
  }

  fail(error = new Error("cut")): void {
    this.#put(error);
  }

  #put(piece: Uint8Array | Error | undefined): void {
    this.#pieces.push(piece);
    this.#awaited?.();
  }

  async read(into: Uint8Array, _position: number, signal: AbortSignal): Promise<number> {
    this.reads++;
    while (this.#pieces.length === 0 && !this.#ended) {
      await new Promise<void>((resolve, reject) => {
        this.#awaited = resolve;
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    }
    const piece = this.#pieces.shift();
    if (piece instanceof Error) throw piece;
    if (piece === undefined) {
      this.#ended = true;
      return 0;
    }
    const some = Math.min(piece.length, into.length);
    into.set(piece.subarray(0, some));
    if (some < piece.length) this.#pieces.unshift(piece.subarray(some));
    return some;
  }
}

/** A ring of bytes and its one reader. */
export function ringOf(arena: Arena, capacity = 64, maxWindow = 16): { buf: Buf<"u8">; reader: Reader<"u8"> } {
  const buf = arena.buf({ element: "u8", capacity, maxWindow, holds: 0 });
  return { buf, reader: buf.reader() };
}

export const cut = (): Fault => new Fault("source-failed", "cut");

/**
 * The answers as text, `place:state` by each flow's place in `flows`. Flows are compared by identity: as objects they are much
 * alike, and large.
 */
export function told(answers: readonly PollAnswer[], flows: readonly Pollable[]): string[] {
  return answers.map(({ flow, state }) => `${flows.indexOf(flow)}:${state}`);
}

/** Lets everything that is due in microtasks happen. */
export async function microtasks(count = 20): Promise<void> {
  for (let tick = 0; tick < count; tick++) await null;
}
