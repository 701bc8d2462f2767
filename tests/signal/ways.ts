/** The ways to loop over a signal's windows, and the streams that properties are about. */
import fc from "fast-check";
import type { Signal, SignalWindowsOptions } from "../../src/signal.js";
import { type LossyStream, modelOf } from "./lossy.js";
import { look, type Seen } from "./model.js";

/** The four ways, each giving what it saw. */
export const ways = {
  async each(signal: Signal<"f32">, options: SignalWindowsOptions): Promise<Seen[]> {
    const seen: Seen[] = [];
    await signal.each(options, (window) => void seen.push(look(window)));
    return seen;
  },
  async eachSync(signal: Signal<"f32">, options: SignalWindowsOptions): Promise<Seen[]> {
    const seen: Seen[] = [];
    signal.eachSync(options, (window) => void seen.push(look(window)));
    return seen;
  },
  async windows(signal: Signal<"f32">, options: SignalWindowsOptions): Promise<Seen[]> {
    const seen: Seen[] = [];
    for await (const window of signal.windows(options)) seen.push(look(window));
    return seen;
  },
  async windowsSync(signal: Signal<"f32">, options: SignalWindowsOptions): Promise<Seen[]> {
    const seen: Seen[] = [];
    for (const window of signal.windowsSync(options)) seen.push(look(window));
    return seen;
  },
};

/** Whether a way reads at once. */
export const isSync = (way: string): boolean => way.endsWith("Sync");

/** Streams that lose frames, with marks on frames that come. */
export const lossyStreams: fc.Arbitrary<LossyStream> = fc
  .record({
    channels: fc.constantFrom(1, 1, 2),
    stretches: fc.array(fc.record({ come: fc.nat(40), lost: fc.constantFrom(0, 1, 3, 17, 1000) }), { maxLength: 6 }),
    marks: fc.array(fc.nat(100), { maxLength: 8 }),
    chunks: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 }),
  })
  .map((stream) => {
    const { frames } = modelOf(stream);
    const marks = stream.marks.map((mark) => mark % frames.length).sort((a, b) => a - b);
    return { ...stream, marks: frames.length === 0 ? [] : marks };
  });

/** How windows are asked for, up to 24 frames. */
export const windowOptions: fc.Arbitrary<SignalWindowsOptions> = fc.record({
  size: fc.integer({ min: 1, max: 24 }),
  hop: fc.integer({ min: 1, max: 30 }),
  tail: fc.constantFrom("keep" as const, "drop" as const, "zero" as const),
});
