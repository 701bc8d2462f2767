/** Operators for tests, whose output is plain to see: their state is in JavaScript. */
import type { Arena, NumberElement } from "../../src/index.js";
import { elementFacts } from "../../src/element.js";
import { operator, type SignalOperator, type Stage, type StreamFormat } from "../../src/signal.js";
import type { Region } from "../../src/wasm/core.js";

/** A stage that is told one frame after the other, and gives its output frames to `put`. */
export interface PlainStage {
  readonly up: number;
  readonly down: number;
  readonly delay?: number;
  readonly rest?: number;
  most(frames: number): number;
  take(frame: Float64Array, put: (frame: ArrayLike<number>) => void): void;
  finish?(put: (frame: ArrayLike<number>) => void): void;
  reset(): void;
  readonly found?: (index: number) => unknown;
}

/** An operator, and how its plain stage is made. */
export interface PlainOperator extends SignalOperator {
  readonly make: (channels: number) => PlainStage;
}

/** How stages of these tests were used. */
export const opened = { stages: 0, closed: 0 };

/** An operator of a plain stage: every channel of f64 or f32 frames, of the element of the input. */
export function plain(name: string, make: (channels: number) => PlainStage): PlainOperator {
  const made = operator({
    name,
    open(arena: Arena, input: StreamFormat): Stage {
      opened.stages++;
      const { channels } = input;
      const element = input.element.name as NumberElement;
      const { bytes } = input.element;
      const state = make(channels);
      const frame = new Float64Array(channels);
      const { memory } = arena.core;
      let marks: { frame: number; value: unknown }[] = [];
      let seen = 0;
      const writer = (output: Region) => {
        const out = memory.view(input.element, output.pointer, output.byteLength / bytes);
        let made = 0;
        return {
          put(values: ArrayLike<number>): void {
            out.set(values, made * channels);
            made++;
          },
          get made() {
            return made;
          },
        };
      };
      return {
        output: { element, channels },
        up: state.up,
        down: state.down,
        delay: state.delay ?? 0,
        rest: state.rest ?? 0,
        most: (frames) => state.most(frames),
        run(region, frames, output) {
          const from = memory.view(elementFacts(element), region.pointer, frames * channels);
          const to = writer(output);
          marks = [];
          for (let at = 0; at < frames; at++) {
            for (let channel = 0; channel < channels; channel++)
              frame[channel] = from[at * channels + channel] as number;
            const before = to.made;
            state.take(frame, to.put);
            const value = state.found?.(seen);
            seen++;
            if (value !== undefined && to.made > before) marks.push({ frame: to.made - 1, value });
          }
          return to.made;
        },
        finish(output) {
          const to = writer(output);
          state.finish?.(to.put);
          return to.made;
        },
        reset() {
          seen = 0;
          state.reset();
        },
        takeMarks() {
          const taken = marks;
          marks = [];
          return taken;
        },
        close() {
          opened.closed++;
        },
      };
    },
  });
  return { ...made, make };
}

/** Every frame as it is. */
export const same = (): PlainOperator =>
  plain("same", () => ({ up: 1, down: 1, most: (frames) => frames, take: (frame, put) => put(frame), reset() {} }));

/** The first of every `n` frames, as soon as it comes. */
export const everyNth = (n: number): PlainOperator =>
  plain(`every ${n}th`, () => {
    let at = 0;
    return {
      up: 1,
      down: n,
      most: (frames) => Math.ceil(frames / n),
      take(frame, put) {
        if (at++ % n === 0) put(frame);
      },
      reset() {
        at = 0;
      },
    };
  });

/** Every frame `n` times. */
export const repeat = (n: number): PlainOperator =>
  plain(`${n} times`, () => ({
    up: n,
    down: 1,
    most: (frames) => frames * n,
    take(frame, put) {
      for (let i = 0; i < n; i++) put(frame);
    },
    reset() {},
  }));

/** Every frame `n` frames later, zeros before; with `rest` the last ones come at the end. */
export const later = (n: number, rest = false): PlainOperator =>
  plain(`${n} later`, (channels) => {
    let line: number[][] = [];
    const reset = () => {
      line = Array.from({ length: n }, () => new Array<number>(channels).fill(0));
    };
    reset();
    return {
      up: 1,
      down: 1,
      delay: n,
      rest: rest ? n : 0,
      most: (frames) => frames,
      take(frame, put) {
        line.push([...frame]);
        put(line.shift() as number[]);
      },
      finish(put) {
        for (const frame of line) put(frame);
        line = [];
      },
      reset,
    };
  });

/** The sum of `size` frames, every `hop` frames; with `rest` what is left at the end makes one more. */
export const sums = (size: number, hop: number, rest = false): PlainOperator =>
  plain(`sums of ${size} every ${hop}`, (channels) => {
    let kept: number[][] = [];
    let skip = 0;
    const sum = () =>
      Array.from({ length: channels }, (_, channel) =>
        kept.reduce((all, frame) => all + (frame[channel] as number), 0),
      );
    return {
      up: 1,
      down: hop,
      delay: 0,
      rest: rest ? 1 : 0,
      most: (frames) => Math.ceil(frames / hop) + 1,
      take(frame, put) {
        if (skip > 0) {
          skip--;
          return;
        }
        kept.push([...frame]);
        if (kept.length < size) return;
        put(sum());
        skip = Math.max(0, hop - size);
        kept = kept.slice(hop);
      },
      finish(put) {
        if (kept.length > 0) put(sum());
      },
      reset() {
        kept = [];
        skip = 0;
      },
    };
  });

/** Every frame as it is; marks every `n`th of a stretch. */
export const finds = (n: number): PlainOperator =>
  plain(`finds every ${n}th`, () => ({
    up: 1,
    down: 1,
    most: (frames) => frames,
    take: (frame, put) => put(frame),
    reset() {},
    found: (index) => (index % n === 0 ? `found ${index}` : undefined),
  }));
