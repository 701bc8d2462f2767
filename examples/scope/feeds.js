/** Live sources, each opened as a signal that keeps time: the built-in one, a microphone, a serial port. */
import { openSignal } from "forebay/signal";
import { attach } from "forebay/threads";
import { readableStreamSource } from "forebay/web";
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

  microphone(_arena, { handle, rate, name }) {
    return {
      signal: attach(handle, "reader"),
      rate,
      sampleFormat: "f32",
      describes: `${name}, ${withUnit(rate, "S/s")}, by an AudioWorklet.`,
    };
  },

  /** A port that the page was allowed to use, by its place among those. */
  async serial(arena, { index, baudRate, rate, element }) {
    const port = (await navigator.serial.getPorts())[index];
    await port.open({ baudRate, bufferSize: serialBytes });
    const source = readableStreamSource(port.readable, { name: "the serial port" });
    return {
      signal: openSignal(arena, source, { element, rate, ...ring }),
      rate,
      sampleFormat: stored[element],
      describes: `A serial port, ${baudRate} baud, ${element}, ${withUnit(rate, "S/s")}.`,
      close: () => port.close(),
    };
  },
};

/** Bytes that the browser holds of what nobody has read; its 255 would lose some at once. */
const serialBytes = 2 ** 20;
const stored = { u8: "u8", i16: "s16", f32: "f32" };

/** Opens a source as the page asks for it. */
export async function openFeed(arena, asked) {
  const { kind } = asked;
  const feed = await kinds[kind](arena, asked);
  return { kind, channels: 1, ...feed };
}
