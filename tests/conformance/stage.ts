/** What every operator's stage promises, as one suite that each operator's tests run. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elementFacts } from "../../src/element.js";
import { Arena, bytesSource, type NumberElement } from "../../src/index.js";
import { openSignal, type SignalOperator, type Stage } from "../../src/signal.js";
import type { Block } from "../../src/arena.js";
import type { Region } from "../../src/wasm/core.js";
import { concat, difference } from "../support/bytes.js";

/** What an operator's stages are tried with. */
export interface StageCase {
  /** Channels of the inputs. Default: 1, 2 and 3. */
  readonly channels?: readonly number[];
  /** The input's element. Default `f32`. */
  readonly element?: NumberElement;
  /** The input's rate. Default 48,000. */
  readonly rate?: number;
  /** Input frames of a try, at most. Default 600. */
  readonly frames?: number;
  /** Input frames after which every `down` more make exactly `up` more. Default 0. */
  readonly settled?: number;
  /** Whether each channel of the output depends on the same channel of the input alone. Default true. */
  readonly independent?: boolean;
  /** Makes elements of a stream. Default: floats from −1 to 1, of whole numbers any. */
  readonly samples?: fc.Arbitrary<number>;
}

/** A stage and the memory that it works in. */
interface Bench {
  readonly stage: Stage;
  /** Runs over `frames` frames of `data` from `from` on, and checks what the stage wrote. */
  run(data: Uint8Array, from: number, frames: number): Uint8Array;
  finish(): Uint8Array;
  readonly close: () => void;
}

/** Bytes behind the output that must stay as they are. */
const guard = 64;

function benchOf(
  arena: Arena,
  operator: SignalOperator,
  element: NumberElement,
  channels: number,
  rate: number,
): Bench {
  const facts = elementFacts(element);
  const stage = operator.open(arena, { element: facts, channels, rate });
  const inBytes = facts.bytes * channels;
  const outBytes = elementFacts(stage.output.element).bytes * stage.output.channels;
  let input = arena.allocate(0);
  let output = arena.allocate(0);
  const roomFor = (block: Block, bytes: number): Block => {
    if (block.byteLength >= bytes) return block;
    block.release();
    return arena.allocate(2 * bytes);
  };
  /** Has the stage write to a region of just as many frames as it says, and looks at what lies behind. */
  const written = (most: number, make: (region: Region) => number): Uint8Array => {
    output = roomFor(output, most * outBytes + guard);
    const behind = output.bytes.subarray(most * outBytes, most * outBytes + guard).fill(0xa5);
    const { core, handle, pointer } = output;
    const made = make({ core, handle, pointer, byteLength: most * outBytes });
    if (!Number.isInteger(made) || made < 0 || made > most)
      throw new Error(`It made ${made} frames of ${most} at most.`);
    if (behind.some((byte) => byte !== 0xa5)) throw new Error("It wrote behind what it said it makes at most.");
    return output.bytes.slice(0, made * outBytes);
  };
  return {
    stage,
    run(data, from, frames) {
      const given = data.subarray(from * inBytes, (from + frames) * inBytes);
      input = roomFor(input, given.length);
      input.bytes.set(given);
      const { core, handle, pointer } = input;
      const region = { core, handle, pointer, byteLength: given.length };
      const out = written(stage.most(frames), (room) => stage.run(region, frames, room));
      if (difference(input.bytes.subarray(0, given.length), given)) throw new Error("It changed its input.");
      return out;
    },
    finish: () => written(stage.rest ?? 0, (room) => (stage.rest ? (stage.finish?.(room) ?? 0) : 0)),
    close() {
      stage.close();
      input.release();
      output.release();
    },
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat(parts);
}

/** Runs over all of `data` in pieces of these lengths, round and round, and finishes. */
function inPieces(bench: Bench, data: Uint8Array, frames: number, pieces: readonly number[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (let turn = 0; at < frames; turn++) {
    const piece = Math.min(frames - at, pieces[turn % pieces.length] as number);
    parts.push(bench.run(data, at, piece));
    at += piece;
  }
  if (frames > 0) parts.push(bench.finish());
  return joined(parts);
}

/** Runs the suite over an operator. `make` is called for every try: its stages must not share anything. */
export function stageConformance(name: string, make: () => SignalOperator, options: StageCase = {}): void {
  const { element = "f32", rate = 48_000, frames: mostFrames = 600, settled = 0, independent = true } = options;
  const facts = elementFacts(element);
  const isFloat = element === "f32" || element === "f64";
  const samples =
    options.samples ?? (isFloat ? fc.float({ min: -1, max: 1, noNaN: true }).map(Math.fround) : fc.integer());
  const arena = Arena.createSync();

  /** Interleaved elements: a few drawn ones, repeated with a period that fits no block. */
  const streams = (channels: number) =>
    fc
      .record({
        frames: fc.integer({ min: 0, max: mostFrames }),
        drawn: fc.array(samples, { minLength: 31, maxLength: 97 }),
      })
      .map(({ frames, drawn }) => {
        const view = new facts.View(frames * channels);
        for (let at = 0; at < view.length; at++) view[at] = drawn[at % drawn.length] as number;
        return { frames, data: new Uint8Array(view.buffer as ArrayBuffer) };
      });
  const pieces = fc.oneof(
    fc.constant([1]),
    fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 5 }),
    fc.constant([mostFrames]),
  );

  describe(`the stage of ${name}`, () => {
    for (const channels of options.channels ?? [1, 2, 3]) {
      const bench = () => benchOf(arena, make(), element, channels, rate);

      it(`makes the same of any cut, bit for bit, and never more than it says (${channels} channels)`, () => {
        fc.assert(
          fc.property(streams(channels), pieces, ({ frames, data }, cut) => {
            const whole = bench();
            const cutUp = bench();
            const all = inPieces(whole, data, frames, [Math.max(1, frames)]);
            expect(difference(inPieces(cutUp, data, frames, cut), all)).toBeUndefined();
            // Behind a reset it is as new.
            whole.stage.reset();
            expect(difference(inPieces(whole, data, frames, cut), all)).toBeUndefined();
            whole.close();
            cutUp.close();
          }),
          { numRuns: 25 },
        );
      });

      it(`keeps to its ratio (${channels} channels)`, () => {
        const one = bench();
        const { up, down } = one.stage;
        expect(Number.isInteger(up) && up > 0 && Number.isInteger(down) && down > 0).toBe(true);
        const outBytes = elementFacts(one.stage.output.element).bytes * one.stage.output.channels;
        const frames = Math.min(8192, settled + 3 * down + 40);
        const data = new Uint8Array(facts.bytes * channels * frames);
        const made: number[] = [0];
        for (let at = 0; at < frames; at++) made.push((made[at] as number) + one.run(data, at, 1).length / outBytes);
        made.forEach((count, taken) => {
          // No frame comes before the input that it begins at.
          const early = count > 0 && Math.floor(((count - 1) * down) / up) >= taken;
          if (early) throw new Error(`It made frame ${count - 1} of ${taken} frames.`);
          if (taken < settled || taken + down > frames) return;
          if ((made[taken + down] as number) - count !== up)
            throw new Error(`It left its ratio behind frame ${taken}.`);
        });
        one.close();
      });
    }

    it("gives its memory back", () => {
      const { used } = arena;
      const one = benchOf(arena, make(), element, options.channels?.[0] ?? 1, rate);
      one.run(new Uint8Array(facts.bytes * (options.channels?.[0] ?? 1) * 50), 0, 50);
      one.close();
      expect(arena.used).toBe(used);
    });

    it("has stages that share nothing", () => {
      const channels = options.channels?.[0] ?? 1;
      fc.assert(
        fc.property(streams(channels), streams(channels), (a, b) => {
          const operator = make();
          const alone = benchOf(arena, operator, element, channels, rate);
          const expected = inPieces(alone, a.data, a.frames, [7]);
          alone.close();
          const one = benchOf(arena, operator, element, channels, rate);
          const other = benchOf(arena, operator, element, channels, rate);
          const parts: Uint8Array[] = [];
          for (let at = 0; at < a.frames; at += 7) {
            parts.push(one.run(a.data, at, Math.min(7, a.frames - at)));
            if (at < b.frames) other.run(b.data, at, Math.min(7, b.frames - at));
          }
          if (a.frames > 0) parts.push(one.finish());
          expect(difference(joined(parts), expected)).toBeUndefined();
          one.close();
          other.close();
        }),
        { numRuns: 10 },
      );
    });

    if (independent) {
      it("does not mix channels", () => {
        fc.assert(
          fc.property(streams(3), ({ frames, data }) => {
            const mixed = benchOf(arena, make(), element, 3, rate);
            const sole = benchOf(arena, make(), element, 1, rate);
            const { bytes } = elementFacts(mixed.stage.output.element);
            expect(mixed.stage.output.channels % 3).toBe(0);
            const all = inPieces(mixed, data, frames, [50]);
            for (let channel = 0; channel < 3; channel++) {
              sole.stage.reset();
              const one = data.filter((_, at) => Math.floor(at / facts.bytes) % 3 === channel);
              const made = inPieces(sole, one, frames, [50]);
              const own = all.filter((_, at) => Math.floor(at / bytes) % 3 === channel);
              expect(difference(own, made)).toBeUndefined();
            }
            mixed.close();
            sole.close();
          }),
          { numRuns: 15 },
        );
      });
    }

    it("makes of a signal what it makes alone", () => {
      const channels = options.channels?.[0] ?? 1;
      fc.assert(
        fc.property(streams(channels), ({ frames, data }) => {
          const alone = benchOf(arena, make(), element, channels, rate);
          const expected = inPieces(alone, data, frames, [Math.max(1, frames)]);
          alone.close();
          const signal = openSignal(arena, bytesSource(data), { element, channels, rate }).through(make());
          const parts: Uint8Array[] = [];
          signal.eachSync(
            { size: 5 },
            ({ pointer, byteLength }) => void parts.push(arena.core.memory.bytes(pointer, byteLength).slice()),
          );
          signal.closeSync();
          expect(difference(joined(parts), expected)).toBeUndefined();
        }),
        { numRuns: 15 },
      );
    });
  });
}
