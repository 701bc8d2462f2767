/** Pages against a model, which is a slice of the content: any requests in any order over sources of any manner. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { openPages, type Pages, type PageWindow, type SettledAnswer } from "../../src/pages.js";
import { debugArena, numbered, turns } from "../flow/support.js";
import { type Behaviour, CountingSource, same } from "./support.js";

const arena = debugArena();
afterAll(() => arena.close());

type Step =
  | { do: "window" | "ready" | "prefetch" | "cancel" | "start"; position: number; frames: number }
  | { do: "readyAll"; places: { position: number; frames: number }[] }
  | { do: "release"; which: number }
  | { do: "hold"; which: number }
  | { do: "turns"; count: number };

const length = 1500;
const content = numbered(length, 7);
const place = {
  position: fc.oneof(fc.nat(length + 40), fc.integer({ min: length - 40, max: length + 5 })),
  frames: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 40 }) }, fc.integer({ min: 1, max: 150 })),
};
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("window", "ready", "prefetch", "cancel", "start"), ...place } as const),
  fc.record({ do: fc.constant("readyAll" as const), places: fc.array(fc.record(place), { maxLength: 4 }) }),
  fc.record({ do: fc.constant("release" as const), which: fc.nat(7) }),
  fc.record({ do: fc.constant("hold" as const), which: fc.nat(7) }),
  fc.record({ do: fc.constant("turns" as const), count: fc.integer({ min: 1, max: 4 }) }),
);
const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  chunks: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 }),
  delays: fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 1, maxLength: 4 }),
  size: fc.constantFrom(null, length, 900, 0, 5000),
  parallel: fc.integer({ min: 1, max: 3 }),
  sync: fc.boolean(),
});
const shape = {
  pages: fc.integer({ min: 3, max: 100 }),
  channels: fc.constantFrom(1, 3),
  offset: fc.constantFrom(0, 1, 5),
  readBytes: fc.constantFrom(1, 40, 200),
  readAhead: fc.constantFrom(0, 64, 400),
  mode: fc.constantFrom("auto", "async", "sync"),
};

/** Runs steps over pages and checks every window against the content, again and again while it is held. */
class Run {
  readonly held: { window: PageWindow<"u8">; from: number; to: number }[] = [];
  readonly pages: Pages<"u8">;
  readonly #offset: number;
  readonly #channels: number;
  readonly #pending: Promise<void>[] = [];

  constructor(pages: Pages<"u8">, offset: number, channels: number) {
    this.pages = pages;
    this.#offset = offset;
    this.#channels = channels;
  }

  /** What the model answers: where the bytes begin and end, and whether all of them are there. */
  #slice(position: number, frames: number) {
    const from = Math.min(length, this.#offset + position * this.#channels);
    const whole = Math.floor((length - from) / this.#channels);
    return { from, to: from + Math.min(frames, whole) * this.#channels, all: whole >= frames };
  }

  take(position: number, frames: number, answer: SettledAnswer<"u8">, beside = 0): void {
    if (answer.state === "failed") {
      // There was room for all that fits in the cache, but for what is held.
      expect(answer.fault.code).toBe("held");
      expect(this.held.length + this.#pending.length + beside).toBeGreaterThan(0);
      return;
    }
    const { from, to, all } = this.#slice(position, frames);
    expect(answer.state).toBe(all ? "ready" : "ended");
    const { window } = answer;
    expect([window.start, window.data.length]).toEqual([position, to - from]);
    this.held.push({ window, from, to });
    this.check();
  }

  check(): void {
    for (const { window, from, to } of this.held) {
      if (!same(window.data, content.subarray(from, to))) {
        expect([...window.data]).toEqual([...content.subarray(from, to)]);
      }
    }
  }

  async step(step: Step): Promise<void> {
    const { pages, held } = this;
    if (step.do === "turns") await turns(step.count);
    else if (step.do === "release" || step.do === "hold") {
      const at = step.which % Math.max(1, held.length);
      const found = held[at];
      if (found && step.do === "hold") held.push({ ...found, window: found.window.hold() });
      if (found && step.do === "release") held.splice(at, 1)[0]?.window.release();
    } else if (step.do === "readyAll") {
      if (!step.places.every(({ position, frames }) => this.fits(position, frames))) return;
      const answers = await pages.readyAll(step.places);
      for (const [at, answer] of answers.entries()) {
        const { position, frames } = step.places[at] as { position: number; frames: number };
        this.take(position, frames, answer, answers.length - 1);
      }
    } else {
      const { position, frames } = step;
      if (!this.fits(position, frames)) return;
      if (step.do === "prefetch") pages.prefetch(position, frames);
      else if (step.do === "ready") this.take(position, frames, await pages.ready(position, frames));
      else if (step.do === "window") {
        const answer = pages.window(position, frames);
        if (answer.state !== "not-ready") this.take(position, frames, answer);
      } else {
        const abort = new AbortController();
        const wait = pages.ready(position, frames, { signal: abort.signal });
        const heard = wait.then(
          (answer) => this.take(position, frames, answer),
          (reason) => expect(reason).toBe("enough"),
        );
        this.#pending.push(heard);
        if (step.do === "cancel") abort.abort("enough");
      }
    }
    this.check();
  }

  fits(position: number, frames: number): boolean {
    const { pageBytes, pages } = this.pages.plan;
    const begin = this.#offset + position * this.#channels;
    const end = begin + frames * this.#channels;
    return Math.ceil(end / pageBytes) - Math.floor(begin / pageBytes) <= pages;
  }

  async finish(): Promise<void> {
    await Promise.all(this.#pending);
    this.check();
    const frames = this.held.reduce((sum, { window }) => sum + window.length, 0);
    expect(this.pages.stats.held).toBe(frames);
    for (const { window } of this.held) window.release();
    expect(this.pages.stats.held).toBe(0);
    const { discarded, bytes } = this.pages.stats;
    expect(4 * discarded).toBeLessThanOrEqual(bytes);
  }
}

describe("pages", () => {
  it("show what a slice of the content shows, whatever is asked in whatever order of whatever source", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), behaviour, fc.record(shape), async (steps, how, options) => {
        const source = new CountingSource(content, how);
        const { channels, offset, readBytes, readAhead } = options;
        const pages = openPages(arena, source, {
          element: "u8",
          channels,
          offset,
          readBytes,
          readAhead,
          mode: how.sync ? options.mode : "async",
          pageBytes: 16,
          cacheBytes: 16 * options.pages,
        });
        try {
          const run = new Run(pages, offset, channels);
          for (const step of steps) await run.step(step);
          await run.finish();
          // What all of the content fits in never has to fetch a byte again.
          if (options.pages > length / 16) expect(Math.max(...source.given)).toBeLessThanOrEqual(1);
        } finally {
          await pages.close();
        }
        expect(4 * pages.stats.discarded).toBeLessThanOrEqual(pages.stats.bytes);
        expect(source.closed).toBe(1);
        expect(arena.used).toBe(0);
      }),
      {
        numRuns: 300,
        // Room that a read on its way takes is waited for, not called held.
        examples: [
          [
            [
              { do: "window", position: 1460, frames: 1 },
              { do: "readyAll", places: [{ position: 953, frames: 8 }] },
            ],
            { chunks: [1], delays: [0], size: null, parallel: 1, sync: true },
            { pages: 3, channels: 3, offset: 0, readBytes: 1, readAhead: 0, mode: "auto" },
          ],
        ],
      },
    );
  });
});
