/** The exports that convert, shift, follow, measure and trigger with wrong numbers and spoilt states: see wild-calls.ts. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { difference } from "../support/bytes.js";
import { builds } from "../support/stage.js";
import { signalOf } from "../../src/wasm/signal.js";
import { wildCalls } from "../support/wild-calls.js";

wildCalls("the measures' exports", {
  convertSamples: ["place", "small", "place", "small", "small", "small"],
  splitFrames: ["place", "place", "small", "small", "small", "small"],
  shiftReset: ["place", "small", "small"],
  shiftRun: ["place", "place", "small", "place"],
  meanRun: ["place", "place", "small", "small", "small", "place"],
  envelopeRun: ["place", "place", "small", "small", "small", "small", "small", "place"],
  levelsReset: ["place", "small"],
  levelsRun: ["place", "place", "small", "small", "small", "place"],
  levelsFinish: ["place", "small", "place"],
  triggerReset: ["place", "small", "small", "small", "small", "small"],
  triggerNext: ["place", "small", "small", "small", "place"],
  resyncReset: ["place", "small"],
  resyncStep: ["place", "small", "small", "small", "small"],
  resyncRun: ["place", "small", "place", "small", "small", "place"],
});

it.each(builds)("a spoilt pyramid of $build writes nothing beside it, and answers", ({ arena: make }) => {
  const arena = make(2 ** 18);
  const exports = signalOf(arena.core);
  const shape = [2, 64, 8, 6] as const;
  const bytes = exports.pyramidBytes(...shape);
  const take = () => arena.allocate(bytes);
  const [before, state, between, other, behind] = [take(), take(), take(), take(), take()] as const;
  const untouched = new Uint8Array(bytes).fill(0xa5);
  for (const guard of [before, between, behind]) guard.bytes.set(untouched);
  const numbers = fc.oneof(fc.nat(200), fc.maxSafeNat());
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 16, maxLength: 64 }),
      numbers,
      numbers,
      fc.nat(200),
      (spoilt, a, b, count) => {
        for (let at = 0; at + spoilt.length <= bytes; at += spoilt.length) state.bytes.set(spoilt, at);
        const frames = Math.min(count, Math.floor(bytes / 8));
        exports.pyramidAdd(other.handle, other.pointer, frames, state.handle, state.pointer, ...shape);
        exports.pyramidSkip(a, state.handle, state.pointer, ...shape);
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        exports.pyramidQuery(
          from,
          to,
          Math.max(1, Math.min(frames, Math.floor(bytes / 16))),
          other.handle,
          other.pointer,
          state.handle,
          state.pointer,
          ...shape,
        );
        for (const guard of [before, between, behind]) expect(difference(guard.bytes, untouched)).toBeUndefined();
      },
    ),
    { numRuns: 200 },
  );
});
