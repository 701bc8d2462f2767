/** The min-max pyramid against loops over all frames. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pyramid, type PyramidOptions } from "../../src/signal/pyramid.js";
import { builds, noise } from "../support/stage.js";

const made = builds.map(({ build, arena }) => ({ build, arena: arena(8 * 2 ** 20) }));
type TestArena = (typeof made)[number]["arena"];

/** The least and the greatest of frames, NaN passed over. */
function extent(data: Float32Array, channels: number, channel: number, from: number, to: number): [number, number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = Math.max(0, from); i < Math.min(to, data.length / channels); i++) {
    const x = (data[i * channels + channel] as number) + 0;
    if (x < least) least = x;
    if (x > greatest) greatest = x;
  }
  return least <= greatest ? [least, greatest] : [Number.NaN, Number.NaN];
}

/** Adds all of it, in pieces. */
function build(arena: TestArena, data: Float32Array, options: PyramidOptions, cuts = [data.length]): Pyramid {
  const pyramid = new Pyramid(arena, options);
  const { channels } = pyramid;
  const block = arena.allocate(Math.max(1, data.byteLength));
  block.bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  for (let done = 0, i = 0; done < data.length / channels; i++) {
    const frames = Math.min(cuts[i % cuts.length] as number, data.length / channels - done);
    pyramid.addFrames({ ...block, pointer: block.pointer + 4 * channels * done }, frames);
    done += frames;
  }
  block.release();
  return pyramid;
}

const bounds = (from: number, to: number, columns: number, j: number): [number, number] => {
  const begin = from + Math.floor((j * (to - from)) / columns);
  return [begin, Math.max(begin + 1, from + Math.floor(((j + 1) * (to - from)) / columns))];
};

/** All columns against the loop. */
function check(pyramid: Pyramid, data: Float32Array, from: number, to: number, columns: number): void {
  const answer = pyramid.query(from, to, columns);
  expect([answer.from, answer.to, answer.columns]).toEqual([from, to, columns]);
  for (const [c, { min, max }] of answer.channels.entries()) {
    for (let j = 0; j < columns; j++) {
      const wanted = extent(data, pyramid.channels, c, ...bounds(from, to, columns, j));
      if (!Object.is(min[j], wanted[0]) || !Object.is(max[j], wanted[1])) {
        expect({ c, j, got: [min[j], max[j]] }).toEqual({ c, j, got: wanted });
      }
    }
  }
}

describe.each(made)("$build", ({ arena }) => {
  it("is exact as long as frames are kept, for any range, columns, channels and cuts", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 3),
        fc.nat(3000),
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 4 }),
        fc.nat(3000),
        fc.nat(3000),
        fc.integer({ min: 1, max: 70 }),
        (channels, frames, cuts, a, b, columns) => {
          const data = noise(frames * channels, frames + 1);
          const pyramid = build(arena, data, { channels, recent: 4096, bins: 64, levels: 6 }, cuts);
          expect(pyramid.frames).toBe(frames);
          check(pyramid, data, Math.min(a, b), Math.max(a, b), columns);
          pyramid.release();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("passes over NaN, shows infinities, and makes +0 of zeros", () => {
    const data = noise(1000, 4).map((x) => (x > 0.5 ? Number.NaN : x < -0.9 ? -Infinity : x < 0 ? -0 : x));
    data.fill(Number.NaN, 200, 500);
    const pyramid = build(arena, data, { recent: 1024, bins: 64, levels: 5 });
    for (const columns of [1, 3, 10, 100, 1000]) check(pyramid, data, 0, 1000, columns);
    expect(pyramid.query(0, 1000, 10).exact).toBe(true);
    pyramid.release();
  });

  it("knows what is long past by its bins: the column's own frames, and at most a bin on each side", () => {
    const data = noise(50_000, 8);
    const pyramid = build(arena, data, { recent: 64, bins: 16, levels: 8 }, [777]);
    for (const [from, to, columns] of [
      [0, 50_000, 10],
      [12_345, 33_333, 7],
      [100, 49_000, 23],
      [49_900, 50_000, 5],
    ] as const) {
      const { channels } = pyramid.query(from, to, columns);
      const { min, max } = channels[0]!;
      for (let j = 0; j < columns; j++) {
        const [begin, end] = bounds(from, to, columns, j);
        // Of what lies `age` frames back, bins are kept that are no longer than age/4: each level keeps 16 of them.
        const bin = Math.max(64, 4 ** Math.ceil(Math.log(Math.max(1, (50_000 - begin) / 15)) / Math.log(4)));
        const own = extent(data, 1, 0, begin, end);
        const around = extent(data, 1, 0, begin - bin, end + bin);
        expect(min[j]! <= own[0] && min[j]! >= around[0]).toBe(true);
        expect(max[j]! >= own[1] && max[j]! <= around[1]).toBe(true);
      }
    }
    expect(pyramid.query(49_990, 50_000, 10).exact).toBe(true);
    expect(pyramid.query(0, 50_000, 10).exact).toBe(false);
    pyramid.release();
  });

  it("says what it does not know: before the longest bins, and what has not come", () => {
    const data = noise(10_000, 2);
    const pyramid = build(arena, data, { recent: 16, bins: 4, levels: 3 });
    const past = pyramid.query(0, 5000, 5);
    expect([past.exact, ...past.channels[0]!.min]).toEqual([false, ...new Array(5).fill(Number.NaN)]);
    const future = pyramid.query(9_995, 10_005, 10);
    expect([...future.channels[0]!.min].map(Number.isNaN)).toEqual([
      ...new Array(5).fill(false),
      ...new Array(5).fill(true),
    ]);
    expect(future.exact).toBe(true);
    // A column that is known in part shows that part.
    check(pyramid, data.fill(Number.NaN, 0, 9_728), 0, 10_000, 1);
    pyramid.release();
  });

  it("shows a column more than there are frames as the frame that it lies in", () => {
    const pyramid = build(arena, Float32Array.of(5, 6, 7), { recent: 16, bins: 4, levels: 2 });
    expect([...pyramid.query(0, 3, 6).channels[0]!.min]).toEqual([5, 5, 6, 6, 7, 7]);
    expect([...pyramid.query(1, 1, 2).channels[0]!.max]).toEqual([6, 6]);
    pyramid.release();
  });

  it("skips as if NaN had come, in no time", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2),
        fc.array(fc.nat(400), { maxLength: 8 }),
        fc.nat(60),
        fc.constantFrom({ recent: 512, bins: 16, levels: 4 }, { recent: 16, bins: 4, levels: 2 }),
        (channels, runs, seed, shape) => {
          const options = { channels, ...shape };
          const pieces = runs.map((frames, i) =>
            i % 2 === 0 ? noise(frames * channels, seed + i) : new Float32Array(frames * channels).fill(Number.NaN),
          );
          const all = Float32Array.from(pieces.flatMap((piece) => [...piece]));
          const plain = build(arena, all, options);
          const skipped = new Pyramid(arena, options);
          for (const [i, piece] of pieces.entries()) {
            if (i % 2 === 1) skipped.skip(piece.length / channels);
            else {
              const block = arena.allocate(Math.max(1, piece.byteLength));
              block.bytes.set(new Uint8Array(piece.buffer));
              skipped.addFrames(block, piece.length / channels);
              block.release();
            }
          }
          const [from, to] = [0, all.length / channels];
          for (const columns of [1, 7, 50]) {
            const a = plain.query(from, to, columns);
            const b = skipped.query(from, to, columns);
            expect(b.exact).toBe(a.exact);
            expect(b.channels).toEqual(a.channels);
          }
          plain.release();
          skipped.release();
        },
      ),
      { numRuns: 40 },
    );
    for (const levels of [1, 2, 20, 26]) {
      const long = new Pyramid(arena, { recent: 1024, bins: 1024, levels });
      long.skip(3);
      long.skip(2 ** 52 + 12_345);
      expect(long.frames).toBe(2 ** 52 + 12_348);
      expect(long.query(0, long.frames, 100).channels[0]!.min.every(Number.isNaN)).toBe(true);
      expect(() => long.skip(2 ** 53 - 1)).toThrow();
      long.release();
    }
  });

  it("refuses what is no shape and no range", () => {
    expect(() => new Pyramid(arena, { recent: 100 })).toThrow("powers of two");
    expect(() => new Pyramid(arena, { bins: 2 })).toThrow("bins must be");
    expect(() => new Pyramid(arena, { levels: 27 })).toThrow("levels must be");
    expect(() => new Pyramid(arena, { recent: 2 ** 26, bins: 2 ** 20 })).toThrow();
    const pyramid = new Pyramid(arena, { recent: 16, bins: 4, levels: 1 });
    expect(() => pyramid.query(5, 4, 1)).toThrow("to must be");
    expect(() => pyramid.query(-1, 4, 1)).toThrow("There is no position -1");
    expect(() => pyramid.query(0, 4, 0)).toThrow("columns must be");
    pyramid.release();
  });
});
