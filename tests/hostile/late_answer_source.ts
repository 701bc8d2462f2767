/** Answers when the test says so, with what was asked for then; it does not care that nobody wants it any more. */
import type { Source } from "../../src/index.js";

/** A read that waits for its answer. */
export interface LateRead {
  readonly position: number;
  readonly signal: AbortSignal;
  /** Gives up to `most` bytes of the content, from the position that the read asked for. */
  answer(most?: number): void;
  /** Fails it. */
  fail(error: unknown): void;
}

export interface LateAnswerSource extends Source {
  /** Reads that wait for an answer, oldest first. */
  readonly reads: LateRead[];
  /** How often it was closed. */
  readonly closed: number;
  /** Resolves when a read waits. */
  untilAsked(): Promise<LateRead>;
}

export function lateAnswerSource(content: Uint8Array, seekable = true): LateAnswerSource {
  const reads: LateRead[] = [];
  let onAsked: (() => void) | undefined;
  let closed = 0;
  return {
    name: "the late source",
    seekable,
    reads,
    get closed() {
      return closed;
    },
    async untilAsked() {
      while (reads.length === 0) await new Promise<void>((resolve) => (onAsked = resolve));
      return reads[0] as LateRead;
    },
    read(into, position, signal) {
      return new Promise((resolve, reject) => {
        const read: LateRead = {
          position,
          signal,
          answer(most = into.length) {
            reads.splice(reads.indexOf(read), 1);
            const some = content.subarray(position, position + Math.min(most, into.length));
            into.set(some);
            resolve(some.length);
          },
          fail(error) {
            reads.splice(reads.indexOf(read), 1);
            reject(error);
          },
        };
        reads.push(read);
        onAsked?.();
      });
    },
    close() {
      closed++;
    },
  };
}
