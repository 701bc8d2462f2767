/** An example over the built package, as an import of a program or in a bundle. */
import { expect, it, vi } from "vitest";
import { printsOf } from "../support/prints.js";

it("examples/seek.mjs prints what it says", async () => {
  const lines: unknown[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line) => void lines.push(line));
  try {
    // @ts-expect-error An example is a program of JavaScript.
    await import("../../examples/seek.mjs");
  } finally {
    log.mockRestore();
  }
  expect(lines).toEqual(printsOf("examples/seek.mjs"));
});
