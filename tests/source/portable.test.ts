/** The portable sources against the one suite of sources. */
import { describe, expect, it } from "vitest";
import { bytesSource, iterableSource } from "../../src/adapters.js";
import { sourceConformance } from "../conformance/source.js";
import { faultFrom, numbered, turns } from "../flow/support.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { errorInTheMiddle } from "../hostile/error_in_the_middle.js";
import { neverAnswers } from "../hostile/never_answers.js";
import { copiedBytes } from "../support/copies.js";

sourceConformance("bytes in memory", async (content) => ({ source: bytesSource(content) }), {
  seekable: true,
  sync: true,
});

sourceConformance(
  "a user's asynchronous source",
  async (content) => {
    const chunks = chunkedSource(content, [3, 50]);
    const read = async (into: Uint8Array, position: number) => {
      if (chunks.reads % 5 === 0) await turns();
      return chunks.read(into, position, new AbortController().signal);
    };
    return { source: { read } };
  },
  {
    seekable: false,
    sync: false,
    waits: async (content) => ({ source: neverAnswers(content) }),
    breaks: async (content) => ({ source: { ...errorInTheMiddle(content, content.length), seekable: false } }),
  },
);

/** The content in parts of set lengths. */
function* parts(content: Uint8Array, lengths: readonly number[], then?: Error): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < content.length; turn++) {
    const part = content.subarray(at, at + lengths[turn % lengths.length]!);
    at += part.length;
    yield part;
  }
  if (then) throw then;
}

async function* later(
  content: Uint8Array,
  lengths: readonly number[],
  then?: Error | "wait",
): AsyncGenerator<Uint8Array> {
  for (const part of parts(content, lengths)) {
    if (part.length % 2 === 0) await turns();
    yield part;
  }
  if (then === "wait") await new Promise(() => {});
  if (then) throw then;
}

for (const lengths of [[1, 0, 3000, 2], [100_000]]) {
  sourceConformance(
    `an iteration of ${lengths} bytes`,
    async (content) => ({ source: iterableSource(parts(content, lengths)) }),
    {
      seekable: false,
      sync: true,
      breaks: async (content) => ({ source: iterableSource(parts(content, lengths, new Error("out of parts"))) }),
    },
  );
  sourceConformance(
    `an asynchronous iteration of ${lengths} bytes`,
    async (content) => ({ source: iterableSource(later(content, lengths)) }),
    {
      seekable: false,
      sync: false,
      waits: async (content) => ({ source: iterableSource(later(content, lengths, "wait")) }),
      breaks: async (content) => ({ source: iterableSource(later(content, lengths, new Error("out of parts"))) }),
    },
  );
}

describe("an iteration as a source", () => {
  const { signal } = new AbortController();
  const into = new Uint8Array(16);

  it("runs a generator's finally when it is closed, wherever it was", async () => {
    for (const reads of [1, 2, 3, 4]) {
      let over = 0;
      const sync = function* () {
        try {
          yield* parts(numbered(30), [10]);
        } finally {
          over++;
        }
      };
      const async = async function* () {
        yield* sync();
      };
      for (const source of [iterableSource(sync()), iterableSource(async())]) {
        for (let turn = 0; turn < reads; turn++) await source.read(into, 0, signal);
        await source.close?.();
      }
      expect(over).toBe(2);
    }
  });

  it("is given back when it was never read, and begins only with the first read", async () => {
    const calls: string[] = [];
    const iterator = {
      next: () => ({ done: true, value: undefined }) as const,
      return: () => {
        calls.push("return");
        return { done: true, value: undefined } as const;
      },
    };
    const begin = (kind: string) => () => {
      calls.push(kind);
      return iterator as never;
    };
    const sync = iterableSource({ [Symbol.iterator]: begin("sync") });
    const async = iterableSource({ [Symbol.asyncIterator]: begin("async") });
    expect(calls).toEqual([]);
    sync.close?.();
    await async.close?.();
    expect(calls).toEqual(["sync", "return", "async", "return"]);
  });

  it("is closed while a part that never comes is waited for", async () => {
    const source = iterableSource(later(numbered(1), [1], "wait"));
    expect(await source.read(into, 0, signal)).toBe(1);
    const abort = new AbortController();
    const waiting = Promise.resolve(source.read(into, 1, abort.signal)).catch((error: unknown) => error);
    abort.abort("enough");
    expect(await waiting).toBe("enough");
    await source.close?.();
  });

  it("loses nothing by a read that was given up", async () => {
    const source = iterableSource(later(numbered(60), [20]));
    const got: number[] = [];
    while (got.length < 60) {
      const abort = new AbortController();
      const waiting = Promise.resolve(source.read(into, 0, abort.signal)).catch(() => 0);
      abort.abort();
      expect(await waiting).toBe(0);
      const bytes = await source.read(into, 0, signal);
      got.push(...into.subarray(0, bytes));
      while (got.length % 20 !== 0) got.push(...into.subarray(0, await source.read(into, 0, signal)));
    }
    expect(got).toEqual([...numbered(60)]);
  });

  it("that throws goes on throwing: a generator that has thrown would else look as though it had ended", async () => {
    for (const source of [
      iterableSource(parts(numbered(1), [1], new Error("out of parts"))),
      iterableSource(later(numbered(1), [1], new Error("out of parts"))),
    ]) {
      expect(await source.read(into, 0, signal)).toBe(1);
      for (let turn = 0; turn < 2; turn++) {
        await expect(async () => source.read(into, 1, signal)).rejects.toThrow("out of parts");
      }
      await source.close?.();
    }
  });

  it.each([["text"], [[1, 2, 3]], [numbered(3)], [[[1], [2]]]])(
    "of %j says that its parts are no bytes",
    async (chunks) => {
      const source = iterableSource(chunks as never);
      await expect(async () => source.read(into, 0, signal)).rejects.toThrow(/not bytes: .* bytesSource/);
      await source.close?.();
    },
  );

  it("of what cannot be iterated over is refused", async () => {
    for (const chunks of [{}, 5]) await faultFrom(() => iterableSource(chunks as never), "bad-argument");
  });

  it("copies a byte once", async () => {
    const source = iterableSource(parts(numbered(1000), [90]), { name: "the parts", size: 1000 });
    expect(source).toMatchObject({ name: "the parts", size: 1000, copies: 1, immediate: true });
    expect(
      await copiedBytes(async () => {
        while ((await source.read(into, 0, signal)) > 0);
      }),
    ).toBe(1000);
  });
});
