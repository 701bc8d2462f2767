/** Counts that a face passes on to WebAssembly, which would take them modulo 2³². */
import { describe, expect, it } from "vitest";
import type { Fault } from "../../src/index.js";
import { cores } from "../support/core.js";

describe.each(cores())("the $name build", (build) => {
  describe("counts that a face passes on", () => {
    it.each([-1, 0.5, Number.NaN, 2 ** 32])("are refused where they are none (%d)", (count) => {
      const arena = build.arena();
      const buf = arena.buf({ element: "u8", capacity: 8 });
      const reader = buf.reader();
      buf.pushAll([1, 2, 3]);
      const calls = {
        "buf.reserve": () => buf.reserve(count),
        "buf.commit": () => buf.commit(count),
        "buf.reserveBytes": () => buf.reserveBytes(count),
        "buf.commitBytes": () => buf.commitBytes(count),
        "reader.window": () => reader.window(count),
        "reader.advance": () => reader.advance(count),
        "reader.skip": () => reader.skip(count),
        "reader.prime": () => reader.prime(count),
        "reader.padded": () => reader.padded(count),
        "arena.allocate": () => arena.allocate(count),
      };
      const codes = Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, codeOf(call)]));
      expect(codes).toEqual(Object.fromEntries(Object.keys(calls).map((name) => [name, "bad-argument"])));
      expect(reader.position).toBe(0);
    });

    function codeOf(call: () => unknown): string {
      try {
        call();
        return "nothing thrown";
      } catch (error) {
        return (error as Fault).code;
      }
    }
  });
});
