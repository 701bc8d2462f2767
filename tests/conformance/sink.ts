/** What every sink must do, whatever is behind it: one suite, run over every adapter. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Arena, Sink } from "../../src/index.js";
import { debugArena, faultFrom, numbered } from "../flow/support.js";
import { concat, difference } from "../support/bytes.js";
import { countingSignal } from "../support/signal.js";
import { openSink } from "../../src/outflow.js";

/** A sink, and how to find out what it was given once it is closed. */
export interface Made {
  readonly sink: Sink;
  written(): Uint8Array | Promise<Uint8Array>;
  cleanup?(): void | Promise<void>;
}

/** What differs from adapter to adapter. */
export interface Traits {
  /** Whether it has a `writeSync`. */
  readonly sync: boolean;
  /** A sink that takes the first `bytes` and then fails. */
  readonly breaks?: (bytes: number, arena: Arena) => Promise<Made>;
  /** Whether it can carry text only: contents are 7 bits a byte then. */
  readonly text?: boolean;
}

const ring = { element: "u8", capacity: 64, maxWindow: 16 } as const;

/** Makes a sink; outflows into it are opened by this arena. */
export type Make = (arena: Arena) => Promise<Made>;

export function sinkConformance(name: string, makeIn: Make, traits: Traits): void {
  describe(`sink: ${name}`, () => {
    const arena = debugArena();
    const make = () => makeIn(arena);
    const sample = (length: number, seed?: number) => {
      const bytes = numbered(length, seed);
      return traits.text ? bytes.map((byte) => byte & 0x7f) : bytes;
    };
    const modes = traits.sync ? (["sync", "async"] as const) : (["async"] as const);
    afterAll(() => arena.close());

    type Out = ReturnType<typeof openSink<"u8">>;

    /** Puts all of the content into the outflow, in pieces of the given lengths. */
    async function put(
      out: Out,
      content: Uint8Array,
      lengths: readonly number[],
      mode: "sync" | "async",
    ): Promise<void> {
      for (let at = 0, piece = 0; at < content.length; piece++) {
        const length = Math.min(lengths[piece % lengths.length]!, content.length - at);
        if (out.room < length) await (mode === "sync" ? out.flushSync() : out.untilRoom(length));
        const span = out.reserve(length, length);
        span.data.set(content.subarray(at, at + length));
        out.commit(length);
        at += length;
      }
    }

    async function whole(content: Uint8Array, lengths: readonly number[], mode: "sync" | "async"): Promise<Uint8Array> {
      const { sink, written, cleanup } = await make();
      const out = openSink(arena, sink, ring);
      await put(out, content, lengths, mode);
      if (mode === "sync") out.closeSync();
      else await out.close();
      expect(out.stats.bytes).toBe(content.length);
      expect(out.safe).toBe(content.length);
      const got = await written();
      await cleanup?.();
      expect(arena.used).toBe(0);
      return got;
    }

    it.each([0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 1000])("is given %d bytes whole", async (length) => {
      const content = sample(length);
      for (const mode of modes) {
        for (const piece of [1, 7, 16]) {
          expect(difference(await whole(content, [piece], mode), content)).toBeUndefined();
        }
      }
    });

    it("is given the same however it is cut", async () => {
      const lengths = fc.array(fc.integer({ min: 1, max: 16 }), { minLength: 1, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(fc.nat(300), lengths, fc.constantFrom(...modes), async (length, lengths, mode) => {
          const content = sample(length, 5);
          expect(difference(await whole(content, lengths, mode), content)).toBeUndefined();
        }),
        { numRuns: 30 },
      );
    });

    it("is given frames of many bytes, in order", async () => {
      const content = traits.text
        ? new Float64Array(sample(2400).buffer)
        : Float64Array.from({ length: 300 }, (_, at) => Math.sqrt(at));
      for (const mode of modes) {
        const { sink, written, cleanup } = await make();
        const out = openSink(arena, sink, { element: "f64", channels: 3, capacity: 10, maxWindow: 4 });
        for (let at = 0; at < 300; at += 6) {
          if (out.room < 2) await (mode === "sync" ? out.flushSync() : out.untilRoom(2));
          out.reserve(2, 2).data.set(content.subarray(at, at + 6));
          out.commit(2);
        }
        await out.close();
        const bytes = await written();
        expect(new Float64Array(Uint8Array.from(bytes).buffer)).toEqual(content);
        await cleanup?.();
      }
    });

    it("has everything after a flush, and goes on after it", async () => {
      for (const mode of modes) {
        const { sink, written, cleanup } = await make();
        const out = openSink(arena, sink, ring);
        const flush = () => (mode === "sync" ? out.flushSync() : out.flush());
        await flush();
        await put(out, sample(50), [9], mode);
        await flush();
        expect(out.safe).toBe(50);
        await flush();
        await put(out, sample(50, 51), [9], mode);
        await flush();
        await out.close();
        expect(difference(await written(), concat([sample(50), sample(50, 51)]))).toBeUndefined();
        await cleanup?.();
      }
    });

    it("keeps to its contract when it is called by hand: takes 1 to as many as offered, and leaves them as they are", async () => {
      const { sink, written, cleanup } = await make();
      const content = sample(60);
      // Lent as the library lends it: a piece of the arena's memory.
      const block = arena.allocate(60);
      const from = block.bytes;
      from.set(content);
      const { signal, listeners } = countingSignal();
      for (let at = 0; at < 60; ) {
        const taken = await sink.write(from.subarray(at, at + 13), at, signal);
        expect(Number.isInteger(taken) && taken > 0 && taken <= 13).toBe(true);
        at += taken;
      }
      expect(from).toEqual(content);
      await sink.flush?.();
      from.fill(0); // what was written was not kept
      await sink.close?.();
      expect(listeners()).toBe(0);
      expect(difference(await written(), content)).toBeUndefined();
      await cleanup?.();
      block.release();
    });

    it("given several pieces at once takes 1 to all of their bytes, in order, and leaves them as they are", async () => {
      const content = sample(60, 9);
      const block = arena.allocate(60);
      const from = block.bytes;
      from.set(content);
      const { signal } = new AbortController();
      for (const mode of modes) {
        const { sink, written, cleanup } = await make();
        for (let at = 0; at < 60; ) {
          const pieces = [from.subarray(at, at + 3), from.subarray(at + 3, at + 4), from.subarray(at + 4, at + 20)];
          const offered = pieces.reduce((sum, piece) => sum + piece.length, 0);
          const vectored = mode === "sync" ? sink.writevSync?.(pieces, at) : await sink.writev?.(pieces, at, signal);
          const taken = vectored ?? (await sink.write(pieces[0]!, at, signal));
          expect(Number.isInteger(taken) && taken > 0 && taken <= offered).toBe(true);
          at += taken;
        }
        expect(from).toEqual(content);
        await sink.flush?.();
        from.fill(0);
        await sink.close?.();
        expect(difference(await written(), content)).toBeUndefined();
        from.set(content);
        await cleanup?.();
      }
      block.release();
    });

    it("is closed with nothing written", async () => {
      for (const mode of modes) expect(await whole(new Uint8Array(0), [1], mode)).toHaveLength(0);
    });

    it("is closed while it is written, and has all of it", async () => {
      const { sink, written, cleanup } = await make();
      const content = sample(60);
      const out = openSink(arena, sink, ring);
      await put(out, content, [16], "async");
      const flushing = out.flush();
      await Promise.all([out.close(), flushing]); // close waits for the flush that it finds
      expect(difference(await written(), content)).toBeUndefined();
      await cleanup?.();
    });

    if (traits.breaks) {
      const { breaks } = traits;
      it("that breaks has a prefix, says how long it is, and is not written to again", async () => {
        for (const bytes of [0, 1, 10, 63]) {
          const { sink, written, cleanup } = await breaks(bytes, arena);
          const content = sample(64);
          const out = openSink(arena, sink, ring);
          await put(out, content, [16], "async");
          const fault = await faultFrom(() => out.flush(), "sink-failed");
          expect(fault.facts).toEqual({ position: bytes, waiting: 64 - bytes });
          expect(fault.message).toMatch(new RegExp(`first ${bytes} bytes are safe, ${64 - bytes} wait`));
          expect(await faultFrom(() => out.flush(), "sink-failed")).toBe(fault);
          expect(await faultFrom(() => out.untilRoom(64), "sink-failed")).toBe(fault);
          await out.close();
          expect(difference(await written(), content.subarray(0, bytes))).toBeUndefined();
          await cleanup?.();
        }
      });
    }
  });
}
