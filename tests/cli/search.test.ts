import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "../../src/arena.js";
import { longestLine, Search, windowNeeded } from "../../src/cli/scan/search.js";
import { Scanner } from "../../src/cli/scan/scanner.js";
import { Literal } from "../../src/kernel/search.js";
import type { Source } from "../../src/source/source.js";
import { naive, naiveLine } from "./oracle.js";

/** A source that brings at most `most` bytes a read. */
function inPieces(text: string, most: number): Source {
  const bytes = Buffer.from(text, "latin1");
  const readSync = (into: Uint8Array, position: number) => {
    const some = bytes.subarray(position, position + Math.min(most, into.length));
    into.set(some);
    return some.length;
  };
  return { read: readSync, readSync, seekable: true, immediate: true };
}

interface Found {
  at: number;
  line: string;
  cut: boolean;
}

/** Searches the texts, one after the other in the same ring of `capacity` bytes. */
function search(texts: readonly string[], literal: string, capacity: number, wish: number, most: number): Found[][] {
  const arena = Arena.createSync({ bytes: 1024 * 1024 });
  const maxLine = longestLine(wish, capacity, literal.length);
  let found: Found[] = [];
  const memory = Buffer.from(arena.memory.buffer);
  const one = new Search(new Literal(arena, Buffer.from(literal, "latin1")), maxLine, (at, address, length, cut) => {
    found.push({ at, line: memory.toString("latin1", address, address + length), cut });
    return true;
  });
  const sizes = { capacity, maxWindow: windowNeeded(maxLine, literal.length) };
  const scanner = new Scanner(arena, one, sizes, () => undefined);
  const all = texts.map((text) => {
    found = [];
    expect(scanner.file(inPieces(text, most))).toBeUndefined();
    expect(one.matches).toBe(found.length);
    return found;
  });
  scanner.close();
  arena.close();
  return all;
}

function expected(text: string, literal: string, capacity: number, wish: number): Found[] {
  const most = longestLine(wish, capacity, literal.length);
  return naive(text, literal).map((at) => ({ at, ...naiveLine(text, at, most) }));
}

const fromFew = (characters: string, most: number) =>
  fc.array(fc.constantFrom(...characters), { maxLength: most }).map((parts) => parts.join(""));

describe("the search", () => {
  it("answers as a naive one does in every ring from the literal's length on", () => {
    const text = `${"ab\naab\n\nabaab no newline in a long line abab aab\nab\n".repeat(4)}the end: aab`;
    for (const literal of ["a", "ab", "aab", "b\na", "\n", "\n\n", "the end: aab", "newline in a long line"]) {
      const primes = [79, 97, 113, 151, 211, 307];
      const sizes = [...Array.from({ length: 71 }, (_, i) => literal.length + i), ...primes];
      for (const capacity of sizes.filter((size) => size >= literal.length)) {
        expect(search([text], literal, capacity, 64, 1000)[0], `${literal} in ${capacity}`).toEqual(
          expected(text, literal, capacity, 64),
        );
      }
    }
  });

  it("answers as a naive one does for random texts, literals, rings and pieces", () => {
    fc.assert(
      fc.property(
        fc.array(fromFew("aab\n", 300), { minLength: 1, maxLength: 3 }),
        fromFew("aab\n", 6).filter((literal) => literal.length > 0),
        fc.nat(120),
        fc.nat(60),
        fc.integer({ min: 1, max: 100 }),
        (texts, literal, more, wish, most) => {
          const capacity = literal.length + more;
          expect(search(texts, literal, capacity, wish, most)).toEqual(
            texts.map((text) => expected(text, literal, capacity, wish)),
          );
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("finds literals that overlap themselves once for each place", () => {
    expect(search(["aaaaaaaaaaa"], "aaaa", 5, 0, 3)[0]?.map(({ at }) => at)).toEqual([0, 4]);
  });

  it("counts offsets beyond 4 GiB", () => {
    const literal = "needle";
    const end = 2 ** 32 + 12_345;
    // What it does not write stays as it was: zeros that cost nothing.
    const readSync = (into: Uint8Array, position: number) => {
      const some = Math.min(into.length, position < end ? end - position : end + literal.length - position);
      if (position >= end) into.set(Buffer.from(literal).subarray(position - end, position - end + some));
      return some;
    };
    const arena = Arena.createSync();
    const found: number[] = [];
    const one = new Search(new Literal(arena, literal), 100, (at) => found.push(at) > 0);
    const sizes = { capacity: 2 ** 20, maxWindow: windowNeeded(100, literal.length) };
    const scanner = new Scanner(arena, one, sizes, () => undefined);
    expect(scanner.file({ read: readSync, readSync })).toBeUndefined();
    expect(found).toEqual([end]);
    expect(scanner.bytes).toBe(end + literal.length);
    scanner.close();
  });
});
