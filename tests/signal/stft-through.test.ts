/** Rows of spectra as windows of a signal. */
import { expect, test } from "vitest";
import { Arena, bytesSource } from "../../src/index.js";
import { openSignal, stft } from "../../src/signal.js";
import { noise } from "../oracle/fourier.js";
import { runStage } from "../support/stages.js";

test("a signal of rows, with the time of each", async () => {
  const arena = await Arena.create();
  const x = noise(10_000);
  const operator = stft({ size: 256, hop: 100, scaling: "density" });
  const rows: number[] = [];
  const times: (number | undefined)[] = [];
  const signal = openSignal(arena, bytesSource(x), { element: "f32", rate: 1000, startTime: 5000 }).through(operator);
  expect(signal.rate).toBe(10);
  expect(signal.channels).toBe(129);
  await signal.each({ size: 1, hop: 1 }, (window) => {
    rows.push(...window.data);
    times.push(window.time);
  });
  expect(rows).toEqual(runStage(arena, operator, x, { rate: 1000 }));
  expect(times).toEqual(Array.from({ length: 98 }, (_, k) => 5000 + 100 * k));
  await signal.close();
});
