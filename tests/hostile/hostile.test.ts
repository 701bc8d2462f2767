/** Sources that lie, babble, repeat themselves, never answer or keep what they were lent. */
import { afterAll, describe, expect, it } from "vitest";
import { debugArena, drain, faultFrom, numbered, turns } from "../flow/support.js";
import { answersNonsense, nonsense } from "./answers_nonsense.js";
import { eofTwiceSource } from "./eof_twice_source.js";
import { keepsInto } from "./keeps_into.js";
import { lyingSize } from "./lying_size.js";
import { neverAnswers } from "./never_answers.js";

const content = numbered(1000);
const arena = debugArena();
const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;
afterAll(() => arena.close());

const modes = ["sync", "async"] as const;

describe("a source that", () => {
  it.each(Object.keys(nonsense))("answers %s has failed, behind what it gave before", async (answer) => {
    for (const mode of modes) {
      const flow = arena.open(answersNonsense(content, nonsense[answer]!), { ...small, mode });
      const { bytes, fault } = await drain(flow);
      expect(bytes).toEqual(content);
      expect(fault?.code).toBe("source-failed");
      expect(fault?.facts).toEqual({ position: 1000 });
      expect(fault?.message).toContain("the babbler failed at byte 1000: it answered a read of");
      expect(flow.ledger.delivered).toBe(1000);
      await flow.close();
    }
  });

  it("would go on after its end is not asked again", async () => {
    for (const mode of modes) {
      const source = eofTwiceSource(content, numbered(2000, 7));
      const flow = arena.open(source, { ...small, mode });
      expect((await drain(flow)).bytes).toEqual(content);
      for (let again = 0; again < 3; again++) expect((await flow.ready(1)).state).toBe("ended");
      if (mode === "sync") expect(flow.fillSync()).toBe(false);
      expect(source.ends).toBe(1);
      await flow.close();
    }
  });

  it.each([0, 1, 999, 1001, 2 ** 40, Number.MAX_SAFE_INTEGER, -1, Number.NaN])(
    "says that it has %d bytes of 1000 is read whole",
    async (size) => {
      for (const mode of [...modes, "auto"] as const) {
        const flow = arena.open(lyingSize(content, size), { element: "u8", mode });
        expect((await drain(flow)).bytes).toEqual(content);
        await flow.close();
      }
      expect(arena.used).toBe(0);
    },
  );

  it("never answers is given up by close, and its reader is told", async () => {
    const source = neverAnswers(content.subarray(0, 20));
    const flow = arena.open(source, small);
    const got: number[] = [];
    const loop = faultFrom(async () => {
      for await (const window of flow) got.push(...window.data);
    }, "stale");
    await turns(3);
    await flow.close();
    await loop;
    expect(got).toEqual([...content.subarray(0, 20)]);
    expect(source).toMatchObject({ aborts: 1, closes: 1 });
  });

  it("keeps what it was lent can change what is not shown yet, and nothing outside its own ring", async () => {
    // Nothing can keep a source from breaking this part of the contract: the test says how far the harm goes.
    const other = arena.open({ read: (into) => into.fill(7).length }, small);
    await other.ready(16);
    const source = keepsInto(content);
    const flow = arena.open(source, small);
    await flow.ready(16);
    source.scribble(0xee);
    const answer = other.window(16);
    expect(answer.state === "ready" && [...answer.window.data].every((byte) => byte === 7)).toBe(true);
    flow.advance(0);
    await flow.close();
    await other.close();
    const next = arena.open({ read: () => 0 }, small);
    expect((await drain(next)).bytes).toHaveLength(0);
    await next.close();
  });
});
