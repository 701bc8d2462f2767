/** Live sources, each opened as a signal that keeps time: the built-in one, a microphone, a serial port. */
import { audioSource } from "forebay/audio";
import { openSignal } from "forebay/signal";
import { attach } from "forebay/threads";
import { webSerialSource } from "forebay/web";
import { builtinRate, builtinSource } from "./builtin.js";
import { withUnit } from "./text.js";

/** Frames of a ring, and of a window that operators get at most. */
const ring = { capacity: 2 ** 18, maxWindow: 2 ** 14 };

const kinds = {
  builtin(arena) {
    const source = builtinSource();
    return {
      signal: openSignal(arena, source, { element: "i16", rate: builtinRate, ...ring }),
      rate: builtinRate,
      sampleFormat: "s16",
      describes: "2 MS/s, 16 bit: tones, a sweep, a hopping carrier, bursts and noise.",
      run: (on) => source.run(on),
      lose: (seconds) => source.lose(seconds),
    };
  },

  /** What the page heard: of shared memory a source that tells of losses, over messages a reader. */
  microphone(arena, { given, rate }) {
    const shared = given.kind === "forebay-audio";
    return {
      signal: shared
        ? openSignal(arena, audioSource(given), { element: "f32", rate, ...ring })
        : attach(given, "reader"),
      rate,
      sampleFormat: "f32",
      describes: `The microphone, ${withUnit(rate, "S/s")}, by an AudioWorklet.`,
    };
  },

  /** A port that the page was allowed to use, by its place among those. */
  async serial(arena, { index, baudRate, rate, element }) {
    const source = webSerialSource((await navigator.serial.getPorts())[index], { baudRate });
    return {
      signal: openSignal(arena, source, { element, rate, ...ring }),
      rate,
      sampleFormat: stored[element],
      describes: `A serial port, ${baudRate} baud, ${element}, ${withUnit(rate, "S/s")}.`,
    };
  },
};

const stored = { u8: "u8", i16: "s16", f32: "f32" };

/** Opens a source as the page asks for it. */
export async function openFeed(arena, asked) {
  const { kind } = asked;
  const feed = await kinds[kind](arena, asked);
  return { kind, channels: 1, ...feed };
}
