/** The exports behind transforms and spectra with wrong numbers: each is refused, and nothing outside the blocks changes. */
import { expect, test } from "vitest";
import type { Block } from "../../src/arena.js";
import { signalOf } from "../../src/wasm/signal.js";
import { signalBuilds } from "../support/signal-builds.js";

const BAD_ARGUMENT = -11;
const OUTSIDE = -15;
const SIZE = 64;

test.each(signalBuilds)("$build", ({ arena }) => {
  const signal = signalOf(arena.core);
  const blocks = [
    signal.fftBytes(SIZE, true),
    signal.stftBytes(SIZE, false),
    4 * SIZE,
    4 * 33,
    8 * 33,
    8 * 5 * 2 + 4 * SIZE,
  ].map((bytes) => arena.allocate(bytes));
  const [p, s, x, y, f, g] = blocks as [Block, Block, Block, Block, Block, Block];
  const guard = arena.allocate(256);
  guard.bytes.fill(0x5a);
  expect(signal.fftPlan(p.handle, p.pointer, SIZE, true)).toBe(0);

  type Numbers = (number | boolean)[];
  const stft: Numbers = [p.handle, p.pointer, s.handle, s.pointer, SIZE, 1, false, 0, false, 1, 0, 1, 0];
  stft.push(x.handle, x.pointer, SIZE, y.handle, y.pointer);
  const welch: Numbers = [p.handle, p.pointer, s.handle, s.pointer, SIZE, 1, false, 1, 0];
  welch.push(x.handle, x.pointer, SIZE, f.handle, f.pointer);
  const goertzel: Numbers = [g.handle, g.pointer, 2, g.handle, g.pointer + 80, SIZE, 1, false, true, 0];
  goertzel.push(x.handle, x.pointer, SIZE, y.handle, y.pointer);
  const forward: Numbers = [p.handle, p.pointer, SIZE, true, x.handle, x.pointer, f.handle, f.pointer];
  const pick: Numbers = [x.handle, x.pointer, 16, 4, 1, y.handle, y.pointer];
  const call = (name: "stft" | "welch" | "goertzel" | "fftForward" | "pickChannel", numbers: Numbers) =>
    (signal[name] as unknown as (...numbers: Numbers) => number)(...numbers);
  new Float64Array(g.bytes.buffer, g.pointer, 2).set([0.1, 0.25]);
  expect(signal.goertzelPlan(g.handle, g.pointer, 2, SIZE)).toBe(0);

  const tries: [Parameters<typeof call>[0], Numbers, number, [number, number | boolean, number][]][] = [
    [
      "stft",
      stft,
      1,
      [
        [0, 0, OUTSIDE],
        [1, p.pointer + 16, OUTSIDE],
        [1, p.pointer + 4, BAD_ARGUMENT],
        [2, x.handle, OUTSIDE],
        [3, s.pointer + 4, OUTSIDE],
        [4, 128, OUTSIDE],
        [4, 63, BAD_ARGUMENT],
        [4, -1, BAD_ARGUMENT],
        [5, 0, BAD_ARGUMENT],
        [5, -1, BAD_ARGUMENT],
        [6, true, OUTSIDE],
        [7, 3, BAD_ARGUMENT],
        [9, 5, BAD_ARGUMENT],
        [12, SIZE, BAD_ARGUMENT],
        [12, 1, OUTSIDE],
        [15, SIZE + 1, OUTSIDE],
        [15, -1, BAD_ARGUMENT],
        [17, y.pointer + 1, OUTSIDE],
        [17, y.pointer - 4, OUTSIDE],
      ],
    ],
    [
      "welch",
      welch,
      1,
      [
        [4, 128, OUTSIDE],
        [7, 4, BAD_ARGUMENT],
        [8, 64, BAD_ARGUMENT],
        [11, 65, OUTSIDE],
        [13, f.pointer + 8, OUTSIDE],
      ],
    ],
    [
      "goertzel",
      goertzel,
      1,
      [
        [2, 0, BAD_ARGUMENT],
        [2, 70_000, BAD_ARGUMENT],
        [2, 50, OUTSIDE],
        [4, g.pointer + 84, OUTSIDE],
        [5, 0, BAD_ARGUMENT],
        [6, 0, BAD_ARGUMENT],
        [7, true, OUTSIDE],
        [9, SIZE, BAD_ARGUMENT],
        [12, 65, OUTSIDE],
        [14, y.pointer + 4 * 32, OUTSIDE],
      ],
    ],
    [
      "fftForward",
      forward,
      0,
      [
        [2, 128, OUTSIDE],
        [2, 65, BAD_ARGUMENT],
        [3, false, OUTSIDE],
        [5, x.pointer + 4, OUTSIDE],
        [7, f.pointer + 4, OUTSIDE],
      ],
    ],
    [
      "pickChannel",
      pick,
      0,
      [
        [2, 17, OUTSIDE],
        [3, 0, BAD_ARGUMENT],
        [4, 4, BAD_ARGUMENT],
        [6, y.pointer + 132 - 60, OUTSIDE],
      ],
    ],
  ];
  for (const [name, numbers, right, wrong] of tries) {
    expect(call(name, numbers), name).toBe(right);
    for (const [index, value, fault] of wrong) {
      expect(call(name, numbers.with(index, value)), `${name}, ${index}: ${value}`).toBe(fault);
    }
  }
  for (const turns of [-0.1, 1, Number.NaN]) {
    new Float64Array(g.bytes.buffer, g.pointer, 2).set([turns, 0]);
    expect(signal.goertzelPlan(g.handle, g.pointer, 2, SIZE)).toBe(BAD_ARGUMENT);
  }
  expect(guard.bytes.every((byte) => byte === 0x5a)).toBe(true);
  for (const block of [...blocks, guard]) block.release();
});
