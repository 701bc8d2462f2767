/** What every source must do, whatever is behind it: one suite, run over every adapter. */
import { afterAll, describe, expect, it } from "vitest";
import { type Arena, type FlowOptions, Fault, type Source } from "../../src/index.js";
import { debugArena, drain, drainSync, faultFrom, numbered, turns } from "../flow/support.js";
import { difference } from "../support/bytes.js";
import { countingSignal } from "../support/signal.js";

/** A source over some content, and what is to be done when it is not needed any more. */
export interface Made {
  readonly source: Source;
  cleanup?(): void | Promise<void>;
}

/** What differs from adapter to adapter. */
export interface Traits {
  /** Whether it can be read from any position. */
  readonly seekable: boolean;
  /** Whether it has a `readSync`. */
  readonly sync: boolean;
  /** A source that gives `content` and then neither more nor its end, until it is let go. */
  readonly waits?: Make;
  /** A source that gives `content` and then fails. */
  readonly breaks?: Make;
  /** How much content `breaks` can be made over, in bytes; with less it already fails to be made. 0 unless told. */
  readonly opensFrom?: number;
  /** Where flows over it are opened. Default: an arena over the debug build. */
  readonly arena?: () => Arena;
  /** Whether it can carry text only: contents are 7 bits a byte then. */
  readonly text?: boolean;
}

const ring = { element: "u8", capacity: 64, maxWindow: 16 } as const;

/** Makes a source over content; flows over it are opened by this arena. */
export type Make = (content: Uint8Array, arena: Arena) => Promise<Made>;

export function sourceConformance(name: string, makeIn: Make, traits: Traits): void {
  describe(`source: ${name}`, () => {
    const arena = traits.arena?.() ?? debugArena();
    const make = (content: Uint8Array) => makeIn(content, arena);
    const sample = (length: number, seed?: number) => {
      const bytes = numbered(length, seed);
      return traits.text ? bytes.map((byte) => byte & 0x7f) : bytes;
    };
    const modes = traits.sync ? (["sync", "async"] as const) : (["async"] as const);
    afterAll(() => arena.close());

    type Options = Omit<FlowOptions<"u8">, "element">;

    /** Opens a flow over a fresh source, has it used, closes it, and checks that nothing is left. */
    async function withFlow<T>(
      made: Promise<Made>,
      options: Options,
      use: (flow: ReturnType<typeof arena.open<"u8">>) => Promise<T>,
    ): Promise<T> {
      const { source, cleanup } = await made;
      const flow = arena.open(source, { ...ring, ...options });
      try {
        return await use(flow);
      } finally {
        await flow.close();
        await cleanup?.();
        expect(arena.used).toBe(0);
      }
    }

    const whole = (content: Uint8Array, options: Options) =>
      withFlow(make(content), options, (flow) =>
        options.mode === "sync" ? Promise.resolve(drainSync(flow)) : drain(flow),
      );

    it.each([0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 1000])("gives %d bytes whole and ends", async (length) => {
      const content = sample(length);
      for (const mode of modes) {
        expect(await whole(content, { mode })).toEqual({ bytes: content, fault: undefined });
      }
    });

    it.each([1, 2, 3, 7, 64, 4096])("gives the same when %d bytes are asked for at a time", async (readBytes) => {
      const content = sample(300, 3);
      for (const mode of modes) {
        expect((await whole(content, { mode, readBytes })).bytes).toEqual(content);
      }
    });

    it("gives content larger than any buffer of the system", async () => {
      const content = sample(300_000);
      for (const mode of modes) {
        const { bytes, fault } = await whole(content, { mode, capacity: 50_000, maxWindow: 5000 });
        expect([fault, difference(bytes, content)]).toEqual([undefined, undefined]);
      }
    });

    it("keeps to its contract when it is called by hand: 1 to as many as asked, 0 at the end and again", async () => {
      const content = sample(100);
      const { source, cleanup } = await make(content);
      const { signal, listeners } = countingSignal();
      // Lent as the library lends it: a piece of the arena's memory.
      const block = arena.allocate(40);
      const lent = block.bytes.fill(0xaa);
      const got: number[] = [];
      for (;;) {
        const into = lent.subarray(8, 8 + 17);
        const bytes = await source.read(into, got.length, signal);
        expect(Number.isInteger(bytes) && bytes >= 0 && bytes <= 17).toBe(true);
        if (bytes === 0) break;
        got.push(...into.subarray(0, bytes));
        expect([...lent.subarray(0, 8), ...lent.subarray(25)].every((byte) => byte === 0xaa)).toBe(true);
      }
      expect(got).toEqual([...content]);
      expect(await source.read(lent, got.length, signal)).toBe(0);
      await source.close?.();
      expect(listeners()).toBe(0);
      await cleanup?.();
      block.release();
    });

    it("is closed without ever having been read", async () => {
      for (const mode of modes) await withFlow(make(sample(10)), { mode }, async () => {});
    });

    it("is closed in the middle, at any moment", async () => {
      for (let ticks = 0; ticks < 12; ticks++) {
        let loop: Promise<unknown> = Promise.resolve();
        await withFlow(make(sample(1000)), { mode: "async" }, async (flow) => {
          loop = flow.each({ size: 16 }, () => {}).catch((error: unknown) => error);
          for (let tick = 0; tick < ticks; tick++) await (tick < 8 ? null : turns());
        });
        const error = await loop;
        if (error !== undefined) expect(error).toMatchObject({ code: "stale" });
      }
    });

    it("goes on after an aborted wait as though nothing had been", async () => {
      const content = sample(500);
      await withFlow(make(content), { mode: "async" }, async (flow) => {
        for (let wait = 0; wait < 4; wait++) {
          const abort = new AbortController();
          const waiting = flow.ready(16, { signal: abort.signal }).catch((error: unknown) => error);
          if (wait % 2 === 1) await null;
          abort.abort();
          await waiting;
        }
        expect((await drain(flow)).bytes).toEqual(content);
      });
    });

    if (traits.seekable) {
      it("is read from anywhere: forward, back, in place, at the end, behind it, and back", async () => {
        const content = sample(1000);
        for (const mode of modes) {
          await withFlow(make(content), { mode }, async (flow) => {
            for (const to of [500, 499, 501, 0, 999, 1000, 1001, 2 ** 31, 2 ** 40, 3, 3, 64, 63, 65]) {
              flow.seek(to);
              const answer = await flow.ready(4);
              expect(answer.state).toBe(to + 4 <= 1000 ? "ready" : "ended");
              if (answer.state === "not-ready") continue;
              const shown = [...answer.window.data];
              expect(shown).toEqual([...content.subarray(to, to + shown.length)]);
              expect(shown.length).toBeGreaterThanOrEqual(Math.min(4, Math.max(0, 1000 - to)));
            }
            flow.seek(321);
            expect((await drain(flow)).bytes).toEqual(content.subarray(321));
          });
        }
      });

      it("begins where it was told to", async () => {
        const content = sample(200);
        for (const mode of modes) {
          for (const start of [1, 199, 200, 201]) {
            const { bytes } = await whole(content, { mode, start });
            expect(bytes).toEqual(content.subarray(start));
          }
        }
      });
    } else {
      it("says that it can only be read in order, and goes on where it was", async () => {
        const content = sample(500);
        await withFlow(make(content), { mode: "async" }, async (flow) => {
          await flow.ready(8);
          flow.advance(4);
          await faultFrom(() => flow.seek(400), "not-seekable");
          await faultFrom(() => flow.seek(0), "not-seekable");
          expect((await drain(flow)).bytes).toEqual(content.subarray(4));
        });
        const { source, cleanup } = await make(content);
        await faultFrom(() => arena.open(source, { ...ring, start: 4 }), "not-seekable");
        await source.close?.();
        await cleanup?.();
      });
    }

    if (traits.waits) {
      const { waits } = traits;
      it("that waits for more shows what has come, and is let go while it waits", async () => {
        const content = sample(20);
        let waiting: Promise<Fault> | undefined;
        await withFlow(waits(content, arena), { mode: "async" }, async (flow) => {
          const answer = await flow.ready(10);
          expect(answer.state === "ready" && [...answer.window.data].slice(0, 10)).toEqual([
            ...content.subarray(0, 10),
          ]);
          flow.advance(10);
          const abort = new AbortController();
          const aborted = flow.ready(11, { signal: abort.signal }).catch((error: unknown) => error);
          await turns(2);
          abort.abort("enough");
          expect(await aborted).toBe("enough");
          waiting = faultFrom(() => flow.ready(11), "stale");
          await turns(2);
        });
        await waiting;
      });
    }

    if (traits.breaks) {
      const { breaks, opensFrom = 0 } = traits;
      it("that breaks gives all that came before, then the error for good", async () => {
        for (const length of [0, 1, 64, 300]) {
          const content = sample(length);
          if (length < opensFrom) {
            await expect(breaks(content, arena)).rejects.toMatchObject({ code: "source-failed" });
            continue;
          }
          await withFlow(breaks(content, arena), { mode: "async" }, async (flow) => {
            const { bytes, fault } = await drain(flow);
            expect(bytes).toEqual(content);
            expect(fault).toBeInstanceOf(Fault);
            expect(fault).toMatchObject({ code: "source-failed", facts: { position: length } });
            const again = await flow.ready(1);
            expect(again.state === "failed" && again.fault).toBe(fault);
          });
        }
      });
    }
  });
}
