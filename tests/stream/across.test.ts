/** Whole ways: a source of the web platform, a flow, its stream, a Buf's stream, and windows behind it. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { iterableSource } from "../../src/adapters.js";
import type { Source } from "../../src/index.js";
import { blobSource, readableStreamSource } from "../../src/web.js";
import { debugArena, drain, numbered } from "../flow/support.js";
import { chunkStream, enqueuingStream, hasByteStreams } from "../hostile/streams.js";
import { concat } from "../support/bytes.js";

const arena = debugArena();
afterAll(() => arena.close());
const ring = { element: "u8", capacity: 64, maxWindow: 16 } as const;

const sources: Record<string, (content: Uint8Array<ArrayBuffer>, lengths: readonly number[]) => Source> = {
  blob: (content) => blobSource(new Blob([content])),
  ...(hasByteStreams && {
    "byte stream": (content, lengths) => readableStreamSource(enqueuingStream(content, lengths)),
  }),
  "stream of chunks": (content, lengths) => readableStreamSource(chunkStream(content, lengths)),
  iteration: (content, lengths) => iterableSource(parts(content, lengths)),
};

const type = hasByteStreams ? "bytes" : "chunks";
const lengths = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 6 });

describe.each(Object.entries(sources))("the bytes of a %s", (_, source) => {
  it("are the same behind a flow, its stream and a Buf's stream", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(400), lengths, async (length, lengths) => {
        const content = numbered(length);
        const buf = arena.buf({ ...ring, capacity: 30 });
        const piped = arena
          .open(source(content, lengths), ring)
          .readable({ type, chunkBytes: 19 })
          .pipeTo(buf.writable());
        const flow = arena.open(bufSource(buf), ring);
        expect((await drain(flow)).bytes).toEqual(content);
        await piped;
        await flow.close();
        buf.close();
        expect(arena.used).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it("are iterated over, as far as the loop goes", async () => {
    const content = numbered(300);
    const flow = arena.open(source(content, [7, 30]), ring);
    const parts: Uint8Array[] = [];
    for await (const window of flow) {
      expect(window.start).toBe(concat(parts).length);
      parts.push(window.data.slice());
      if (concat(parts).length > 100) break;
    }
    // What the loop was shown last is still there: it was not done with it.
    const last = parts.pop()!;
    const rest = await drain(flow);
    expect(concat([...parts, rest.bytes])).toEqual(content);
    expect(rest.bytes.subarray(0, last.length)).toEqual(last);
    await flow.close();
  });
});

async function* parts(content: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < content.length; turn++) {
    const part = content.subarray(at, at + lengths[turn % lengths.length]!);
    yield part;
    at += part.length;
  }
}

/** A Buf read by hand, as a source. */
function bufSource(buf: ReturnType<typeof arena.buf<"u8">>): Source {
  const reader = buf.reader();
  return {
    async read(into, _position, signal) {
      const answer = await reader.ready(1, { signal });
      if (answer.state === "failed") throw answer.fault;
      if (answer.state !== "ready") return 0;
      const some = answer.window.data.subarray(0, into.length);
      into.set(some);
      const { length } = some;
      reader.advance(length);
      return length;
    },
  };
}
