import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexOf } from "../support/bytes.js";
import { type Build, cores, instanceOver, type Raw } from "../support/core.js";
import { variable } from "../support/host.js";
import { CODE } from "../support/raw.js";

const seed = variable("FOREBAY_CORE") ? { seed: 1 } : {};
const ALIGN = 128;

interface Taken {
  handle: number;
  begin: number;
  bytes: number;
}

/** Takes a block and fills it with a byte that stands for it, or answers undefined when there is no room. */
function take({ exports, bytes }: Raw, size: number, fill: number, secure = false): Taken | undefined {
  const handle = exports.blockTake(size, secure ? 1 : 0) >>> 0;
  if (handle === 0) return undefined;
  const begin = exports.blockBegin(handle) >>> 0;
  expect(
    bytes.subarray(begin, begin + size).every((byte) => byte === 0),
    "a new block is zeroed",
  ).toBe(true);
  bytes.fill(fill, begin, begin + size);
  return { handle, begin, bytes: size };
}

/** How often `secret` occurs in the whole memory. */
function occurrences(memory: Uint8Array, secret: Uint8Array): number {
  const hay = new Uint8Array(memory.buffer);
  let found = 0;
  for (let at = indexOf(hay, secret); at >= 0; at = indexOf(hay, secret, at + 1)) found++;
  return found;
}

const secret = new TextEncoder().encode("the-secret-that-nobody-may-find!");

describe.each(cores())("the allocator of the $name build", (build) => {
  it("gives blocks that are aligned, apart, in the arena and unharmed, and has everything back at the end", () => {
    // Sizes around the alignment, small ones, and ones that fill the arena.
    const size = fc.oneof(fc.constantFrom(0, 1, 127, 128, 129, 255, 256, 257), fc.nat(2000), fc.nat(70_000));
    const steps = fc.array(
      fc.oneof(
        size.map((bytes) => ({ bytes })),
        fc.nat(1000).map((release) => ({ release })),
      ),
      {
        maxLength: 80,
        size: "max",
      },
    );
    fc.assert(
      fc.property(steps, (list) => {
        const raw = build.raw(65_536, 24);
        const { exports, bytes: memory } = raw;
        const [left, used] = [exports.arenaLeft(), exports.arenaUsed()];
        const taken: Taken[] = [];
        let fill = 0;
        for (const step of list) {
          if ("bytes" in step) {
            const largest = exports.arenaLeft();
            fill = (fill % 250) + 1;
            const block = take(raw, step.bytes, fill, fill % 3 === 0);
            if (!block) {
              // It is refused only where it does not fit, or where the handles are used up, and the numbers say so.
              if (taken.length < 23 && largest > 0) expect(step.bytes).toBeGreaterThan(largest);
              expect([exports.arenaRefusal(), exports.arenaAsked()]).toEqual([CODE.noRoom, step.bytes]);
              expect(exports.arenaLimit()).toBe(step.bytes > largest ? largest : 0);
              expect(exports.arenaLeft()).toBe(largest);
              continue;
            }
            expect(block.begin % ALIGN).toBe(0);
            expect(block.begin + block.bytes).toBeLessThanOrEqual(memory.length);
            for (const other of taken) {
              const apart =
                block.begin + block.bytes <= other.begin - ALIGN || other.begin + other.bytes <= block.begin - ALIGN;
              expect(apart, "blocks with their headers are apart").toBe(true);
            }
            taken.push(block);
            (block as Taken & { fill: number }).fill = fill;
          } else if (taken.length > 0) {
            const [block] = taken.splice(step.release % taken.length, 1) as [Taken];
            expect(exports.blockRelease(block.handle)).toBe(0);
            expect(exports.blockBegin(block.handle)).toBe(0);
          }
          for (const { begin, bytes, fill: own } of taken as (Taken & { fill: number })[]) {
            if (bytes > 0) expect([memory[begin], memory[begin + bytes - 1]]).toEqual([own, own]);
          }
        }
        const whole = (taken as (Taken & { fill: number })[]).every(({ begin, bytes, fill: own }) =>
          memory.subarray(begin, begin + bytes).every((byte) => byte === own),
        );
        expect(whole, "every block has what was written into it").toBe(true);
        for (const { handle } of taken) expect(exports.blockRelease(handle)).toBe(0);
        expect([exports.arenaLeft(), exports.arenaUsed()]).toEqual([left, used]);
      }),
      { numRuns: 100, ...seed },
    );
  });

  it.each([
    ["in order", [0, 1, 2]],
    ["in reverse", [2, 1, 0]],
    ["the middle one last", [0, 2, 1]],
    ["the middle one first", [1, 0, 2]],
    ["the last one first", [2, 0, 1]],
  ])("joins neighbours that are released %s", (_, order) => {
    const raw = build.raw();
    const { exports } = raw;
    const left = exports.arenaLeft();
    const blocks = [1000, 2000, 3000].map((size) => take(raw, size, 1) as Taken);
    for (const at of order) exports.blockRelease((blocks[at] as Taken).handle);
    expect(exports.arenaLeft()).toBe(left);
    expect(take(raw, left, 1)).toBeDefined();
    expect(exports.arenaLeft()).toBe(0);
  });

  it("counts what is in use with its header, in whole alignment units", () => {
    const raw = build.raw();
    const { exports } = raw;
    for (const [bytes, used] of [
      [0, 128],
      [1, 256],
      [128, 256],
      [129, 384],
    ] as const) {
      const before = exports.arenaUsed();
      const block = take(raw, bytes, 1) as Taken;
      expect(exports.arenaUsed() - before).toBe(used);
      exports.blockRelease(block.handle);
      expect(exports.arenaUsed()).toBe(before);
    }
  });

  it("serves blocks of no bytes, as many as there are handles, up to the arena's end", () => {
    const raw = build.raw(65_536, 4);
    const { exports } = raw;
    // A rest of one unit would be a header without a payload, so it stays with its block.
    const all = take(raw, exports.arenaLeft() - 2 * ALIGN, 1) as Taken;
    expect(exports.arenaLeft()).toBe(ALIGN);
    const none = take(raw, 0, 1) as Taken;
    expect([none.begin, exports.arenaLeft()]).toEqual([65_536 - ALIGN, 0]);
    expect(exports.findByte(none.handle, none.begin, 0, 1)).toBe(-1);
    expect(exports.findByte(none.handle, none.begin, 1, 1)).toBe(CODE.outside);
    expect(take(raw, 0, 1), "no memory is left").toBeUndefined();
    exports.blockRelease(all.handle);
    expect(take(raw, 0, 1)).toBeDefined();
    expect(take(raw, 0, 1)).toBeDefined();
    expect(take(raw, 0, 1), "no handle is left").toBeUndefined();
  });

  it("refuses what no memory has, without overflowing", () => {
    const { exports } = build.raw();
    const left = exports.arenaLeft();
    for (const bytes of [left + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 256, 2 ** 32 - 128, 2 ** 32 - 1]) {
      expect(exports.blockTake(bytes, 0)).toBe(0);
      expect([exports.arenaRefusal(), exports.arenaAsked(), exports.arenaLimit()]).toEqual([CODE.noRoom, bytes, left]);
    }
  });

  it("refuses a stale handle until its slot has been used 65,535 times more", () => {
    const { exports } = build.raw(65_536, 2);
    const first = exports.blockTake(8, 0) >>> 0;
    exports.blockRelease(first);
    for (let use = 1; use < 65_535; use++) {
      const handle = exports.blockTake(8, 0) >>> 0;
      if (handle === first) throw new Error(`handle ${first} came back after ${use} uses`);
      if (exports.blockRelease(handle) !== 0) throw new Error(`handle ${handle} was refused`);
    }
    expect(exports.blockBegin(first)).toBe(0);
    expect(exports.blockTake(8, 0) >>> 0).toBe(first);
  });
});

describe.each(cores())("secure memory of the $name build", (build) => {
  function secured(): { raw: Raw; block: number; buf: number } {
    const raw = build.raw();
    const { exports, bytes } = raw;
    const block = exports.blockTake(3 * secret.length + 5, 1);
    const buf = exports.bufCreate(0, 1, 2 * secret.length, secret.length, 1, 4, 1, 0);
    for (let at = 0; at < 3; at++) bytes.set(secret, exports.blockBegin(block) + at * secret.length);
    // Twice in the ring, and once in the margin.
    for (let at = 0; at < 3; at++) bytes.set(secret, exports.blockBegin(buf) + at * secret.length);
    expect(occurrences(bytes, secret)).toBe(6);
    return { raw, block, buf };
  }

  it("keeps no secret of a block or a Buf that is released", () => {
    const { raw, block, buf } = secured();
    raw.exports.blockRelease(block);
    expect(occurrences(raw.bytes, secret)).toBe(3);
    raw.exports.bufRelease(buf);
    expect(occurrences(raw.bytes, secret)).toBe(0);
    expect(occurrences(raw.bytes, secret.subarray(0, 4))).toBe(0);
  });

  it("keeps no secret of what is in use when the arena closes", () => {
    const { raw } = secured();
    expect(raw.exports.arenaClose()).toBe(0);
    expect(occurrences(raw.bytes, secret.subarray(0, 4))).toBe(0);
  });

  it("keeps no secret that went through a Buf's windows, spans and holds", () => {
    const arena = build.arena(65_536);
    const memory = new Uint8Array(arena.memory.buffer);
    const buf = arena.buf({ element: "u8", capacity: 2 * secret.length - 5, maxWindow: secret.length, secure: true });
    const reader = buf.reader();
    for (let turn = 0; turn < 9; turn++) {
      buf.reserve(secret.length).data.set(secret);
      buf.commit(secret.length);
      const answer = reader.window(secret.length);
      if (answer.state !== "ready") throw new Error(answer.state);
      expect(new TextDecoder().decode(answer.window.data.slice(0, secret.length))).toBe(
        new TextDecoder().decode(secret),
      );
      const hold = answer.window.hold();
      reader.advance(secret.length);
      hold.release();
    }
    buf.close();
    expect(occurrences(memory, secret.subarray(0, 4))).toBe(0);
  });

  it("does not zero what was not said to be secure", () => {
    const raw = build.raw();
    const block = raw.exports.blockTake(secret.length, 0);
    raw.bytes.set(secret, raw.exports.blockBegin(block));
    raw.exports.blockRelease(block);
    raw.exports.arenaClose();
    expect(occurrences(raw.bytes, secret)).toBe(1);
  });
});

describe.each(cores())("an arena of the $name build", (build: Build) => {
  it("is the same for two instances over one memory", () => {
    const first = build.raw();
    const second = instanceOver(first.memory, build.module);
    const block = first.exports.blockTake(100, 0);
    expect(second.exports.blockBegin(block)).toBe(first.exports.blockBegin(block));
    expect(second.exports.arenaLeft()).toBe(first.exports.arenaLeft());
    const other = second.exports.blockTake(100, 0);
    expect(other).not.toBe(block);
    expect(first.exports.blockRelease(block)).toBe(0);
    expect(second.exports.blockRelease(block)).toBe(CODE.stale);

    const buf = first.exports.bufCreate(0, 1, 8, 4, 2, 2, 0, 40);
    const reader = second.exports.readerOpen(buf, 0);
    first.exports.bufReserve(buf, 3, 0);
    first.bytes.set([7, 8, 9], first.exports.blockBegin(buf));
    second.exports.bufCommit(buf, 3);
    expect(first.exports.readerAvailable(buf, reader)).toBe(3);
    expect(first.exports.windowLook(buf, reader, 3, 0)).toBe(0);
    expect(second.exports.windowAdvance(buf, reader, 2)).toBe(0);
    expect(first.exports.readerPosition(buf, reader)).toBe(42);
    expect(second.exports.arenaClose()).toBe(0);
    expect(first.exports.bufReady(buf)).toBe(CODE.stale);
  });

  it("is laid out once, and anew after it was closed", () => {
    const { exports, bytes } = build.raw();
    expect(exports.arenaCreate(bytes.length, 16)).toBe(CODE.noArena);
    expect(exports.arenaClose()).toBe(0);
    expect(exports.arenaClose()).toBe(CODE.noArena);
    expect([exports.arenaUsed(), exports.arenaLeft(), exports.blockTake(1, 0)]).toEqual([0, 0, 0]);
    expect(exports.arenaRefusal()).toBe(CODE.noArena);
    expect(exports.bufCreate(0, 1, 1, 1, 1, 0, 0, 0)).toBe(0);
    expect(exports.arenaCreate(bytes.length, 16)).toBe(0);
    expect(exports.blockTake(1, 0)).not.toBe(0);
  });

  it.each([
    ["more bytes than there are", 65_537, 16],
    ["one slot", 65_536, 1],
    ["65,536 slots", 65_536, 65_536],
    ["no room behind the handle table", 192 + 16 * 16 + 255, 16],
  ])("is refused %s", (_, bytes, slots) => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: build.name === "shared" });
    const { exports } = instanceOver(memory, build.module);
    expect(exports.arenaCreate(bytes, slots)).toBe(CODE.noArena);
    expect([exports.arenaAsked(), exports.arenaLimit()]).toEqual([bytes, 65_536]);
    expect(exports.blockTake(1, 0)).toBe(0);
  });

  it("leaves the first bytes of memory alone", () => {
    const raw = build.raw();
    raw.bytes.fill(0xaa, 0, 64);
    const buf = raw.exports.bufCreate(0, 1, 8, 4, 2, 2, 1, 0);
    raw.exports.bufRelease(buf);
    raw.exports.blockRelease(0);
    raw.exports.arenaClose();
    expect(raw.bytes.subarray(0, 64).every((byte) => byte === 0xaa)).toBe(true);
  });

  it("closed, refuses everything that its face is asked for", () => {
    const arena = build.arena();
    const buf = arena.buf({ element: "u8", capacity: 8 });
    arena.close();
    arena.close();
    for (const call of [() => arena.buf({ element: "u8", capacity: 8 }), () => arena.allocate(1)]) {
      expect(call).toThrow(expect.objectContaining({ code: "no-arena" }));
    }
    expect(() => buf.reserve(1)).toThrow(expect.objectContaining({ code: "stale" }));
  });
});
