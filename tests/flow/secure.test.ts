/** Secure flows: nothing of a secret is left behind. */
import { afterAll, describe, expect, it } from "vitest";
import { bytesSource } from "../../src/index.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { errorInTheMiddle } from "../hostile/error_in_the_middle.js";
import { lateAnswerSource } from "../hostile/late_answer_source.js";
import { concat, indexOf } from "../support/bytes.js";
import { builds, debugArena, drain, ready } from "./support.js";
import { openSink } from "../../src/outflow.js";

const arena = debugArena();
afterAll(() => arena.close());

const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;

describe("a secret in a secure flow", () => {
  // The debug build poisons what is released, which would hide what is left.
  const arena = builds[0]!.makeArena();
  afterAll(() => arena.close());
  const secret = new TextEncoder().encode("correct horse battery staple");
  const places = (memory: WebAssembly.Memory) => indexOf(new Uint8Array(memory.buffer), secret.subarray(0, 7)) >= 0;

  it.each(["sync", "async"] as const)("is nowhere in the memory once the flow is closed (%s)", async (mode) => {
    for (const [capacity, size] of [
      [64, 16],
      [37, 31],
      [30, 30],
    ] as const) {
      const stream = concat(Array.from({ length: 9 }, () => secret));
      const flow = arena.open(chunkedSource(stream, [5, 31]), {
        element: "u8",
        capacity,
        maxWindow: size,
        secure: true,
        mode,
      });
      const holds: { release: () => void }[] = [];
      let held = 0;
      await flow.each({ size, hop: 7, prime: "zero", tail: "zero" }, (window) => {
        if (held++ === 0 && capacity === 64) holds.push(window.hold());
        holds.shift()?.release();
      });
      expect(places(arena.memory)).toBe(true);
      await flow.close();
      expect(places(arena.memory)).toBe(false);
    }
  });

  it("neither when it is closed with a hold out, a read under way, or after a seek or an error", async () => {
    const stream = concat(Array.from({ length: 9 }, () => secret));
    const options = { ...small, secure: true } as const;
    const held = arena.open(bytesSource(stream), options);
    held.readySync(16);
    ready(held, 16).hold();
    held.seek(100);
    held.readySync(16);
    held.closeSync();
    expect(places(arena.memory)).toBe(false);

    const late = lateAnswerSource(stream);
    const reading = arena.open(late, options);
    reading.ready(1).catch(() => {});
    const read = await late.untilAsked();
    const closing = reading.close();
    read.answer();
    expect(places(arena.memory)).toBe(true);
    await closing;
    expect(places(arena.memory)).toBe(false);

    const failing = arena.open(errorInTheMiddle(stream, 40), options);
    await drain(failing);
    await failing.close();
    expect(places(arena.memory)).toBe(false);

    const out = openSink(
      arena,
      { write: (from) => from.length },
      { element: "u8", capacity: 64, maxWindow: 32, secure: true },
    );
    out.reserve(28).data.set(secret);
    out.commit(28);
    await out.close();
    expect(places(arena.memory)).toBe(false);
  });
});
