/** Exports with wrong numbers and with spoilt states: they refuse or spoil the blocks named, and nothing else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "../../src/index.js";
import { useSignal } from "../../src/wasm/signal.js";
import { difference } from "./bytes.js";
import { projectFile } from "./host.js";

/** Room for a cascade's state of some 9 KiB. */
const BLOCK = 12_288;

/** What each number of a call may be: near what is right, or anything. */
const wild = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constantFrom(0, -1, 1, 2 ** 30, 0xffff));
const small = fc.oneof({ weight: 14, arbitrary: fc.integer({ min: 1, max: 9 }) }, { weight: 1, arbitrary: wild });

/**
 * Calls exports of both builds of signal.wasm with numbers near what is right, and with any. A shape says what an export takes: a
 * `place` is a handle and an address, a `small` a number.
 */
export function wildCalls(what: string, shapes: Readonly<Record<string, readonly ("place" | "small")[]>>): void {
  describe.each(["signal.wasm", "signal.scalar.wasm"])(`${what} of %s`, (build) => wildCallsOf(build, shapes));
}

function wildCallsOf(build: string, shapes: Readonly<Record<string, readonly ("place" | "small")[]>>): void {
  const arena = Arena.createSync({ bytes: 2 ** 18 });
  const exports = useSignal(arena.core, new WebAssembly.Module(projectFile(`build/${build}`)));
  // Blocks that calls name, each between two that none does.
  const guards = [arena.allocate(BLOCK)];
  const named = Array.from({ length: 3 }, () => {
    const block = arena.allocate(BLOCK);
    guards.push(arena.allocate(BLOCK));
    return block;
  });
  const untouched = new Uint8Array(BLOCK).fill(0xa5);
  for (const guard of guards) guard.bytes.set(untouched);
  const stale = arena.allocate(64);
  stale.release();

  const place = fc.record({
    block: fc.nat(2),
    handle: fc.oneof(
      { weight: 24, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(0, stale.handle, -1) },
    ),
    offset: fc.oneof(
      { weight: 14, arbitrary: fc.nat(64) },
      { weight: 1, arbitrary: fc.integer({ min: -BLOCK, max: 2 * BLOCK }) },
    ),
  });
  const at = ({ block, handle, offset }: { block: number; handle: number | undefined; offset: number }) => [
    handle ?? named[block]!.handle,
    named[block]!.pointer + offset,
  ];

  it.each(Object.keys(shapes))("%s touches what it is told to and nothing else", (name) => {
    const call = exports[name as keyof typeof exports] as (...numbers: number[]) => number;
    const numbers = fc.tuple(
      ...(shapes[name] as string[]).map((kind) => (kind === "place" ? place.map(at) : small.map((n) => [n]))),
    );
    let went = 0;
    const property = fc.property(numbers, fc.uint8Array({ minLength: 1024, maxLength: 1024 }), (parts, spoilt) => {
      for (const block of named) for (let i = 0; i < BLOCK; i += spoilt.length) block.bytes.set(spoilt, i);
      const answer = call(...parts.flat());
      if (answer >= 0) went++;
      else expect([-11, -15]).toContain(answer);
      for (const guard of guards) expect(difference(guard.bytes, untouched)).toBeUndefined();
    });
    // A host may be given a part of these runs; and one call in twenty-five of some exports is right.
    for (let round = 0; round < 50 && (round === 0 || went === 0); round++) fc.assert(property, { numRuns: 300 });
    // Not everything is refused.
    expect(went).toBeGreaterThan(0);
  });
}
