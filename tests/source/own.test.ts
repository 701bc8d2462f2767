/** The source of the README's own making, which its users are told to write in ten minutes, does all that a source must do. */
import { expect, it } from "vitest";
import type { Source } from "../../src/index.js";
import { type Made, sourceConformance } from "../conformance/source.js";
import { debugArena, drain, faultFrom, numbered, turns } from "../flow/support.js";

interface Page {
  bytes: Uint8Array;
  next?: number | undefined;
}

type Query = (cursor: number | undefined, signal: AbortSignal) => Promise<Page>;

const path = "../../examples/own-source.mjs";
const { pagedSource } = (await import(path)) as { pagedSource: (query: Query) => Source };

/** A store's pages, every third of them empty; `then` is asked for what comes behind the last one. */
function pages(content: Uint8Array, then?: (signal: AbortSignal) => Promise<Page>): Query {
  let asked = 0;
  return async (cursor = 0, signal) => {
    await turns(asked % 5 === 0 ? 1 : 0);
    if (then && cursor === content.length) return then(signal);
    const length = asked++ % 3 === 2 ? 0 : 1 + (content.length >> 3);
    const next = Math.min(content.length, cursor + length);
    return { bytes: content.slice(cursor, next), next: next < content.length || then ? next : undefined };
  };
}

const made = async (query: Query): Promise<Made> => ({ source: pagedSource(query) });

sourceConformance("the example's pages", (content) => made(pages(content)), {
  seekable: false,
  sync: false,
  waits: (content) =>
    made(
      pages(
        content,
        (signal) =>
          new Promise((_, reject) => {
            if (signal.aborted) reject(signal.reason);
            signal.addEventListener("abort", () => reject(signal.reason));
          }),
      ),
    ),
  breaks: (content) => made(pages(content, () => Promise.reject(new Error("the store is gone")))),
});

it("the example's pages: the store's error is the fault's cause, and no page is asked for twice", async () => {
  const arena = debugArena();
  const cursors: (number | undefined)[] = [];
  const broken = pages(numbered(40), () => Promise.reject(new Error("the store is gone")));
  const source = pagedSource((cursor, signal) => {
    cursors.push(cursor);
    return broken(cursor, signal);
  });
  const flow = arena.open(source, { element: "u8", capacity: 64, maxWindow: 16 });
  const { fault } = await drain(flow);
  expect(fault?.message).toBe(
    "the paged store failed at byte 40: the store is gone. What came before can still be read.",
  );
  expect(fault?.cause).toEqual(new Error("the store is gone"));
  // An empty page answers with the cursor that it was asked for.
  expect(cursors).toEqual([undefined, 6, 12, 12, 18, 24, 24, 30, 36, 36, 40]);
  await faultFrom(() => flow.seek(0), "not-seekable");
  await flow.close();
  expect(arena.used).toBe(0);
  arena.close();
});
