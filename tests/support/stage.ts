/** Stages at work in both builds of signal.wasm, over input that is cut as a test likes. */
import type { Element } from "../../src/element.js";
import { elementFacts } from "../../src/element.js";
import { Arena } from "../../src/index.js";
import type { Operator } from "../../src/signal/operator.js";
import { useSignal } from "../../src/wasm/signal.js";
import { projectFile } from "./host.js";

/** An arena for each build. */
export const builds = ["signal.wasm", "signal.scalar.wasm"].map((build) => ({
  build,
  arena(bytes = 4 * 2 ** 20): Arena {
    const arena = Arena.createSync({ bytes });
    useSignal(arena.core, new WebAssembly.Module(projectFile(`build/${build}`)));
    return arena;
  },
}));

/** What a stage made of a stretch. */
export interface Made {
  readonly bytes: Uint8Array;
  readonly frames: number;
  readonly channels: number;
  readonly f32: Float32Array;
  /** Marks by output frame. */
  readonly marks: { readonly frame: number; readonly value: unknown }[];
}

/** What a stretch is, and how it is cut. */
export interface Stretch {
  readonly element?: Element;
  readonly channels?: number;
  readonly rate?: number;
  /** Frames in a call, again and again; default all at once. */
  readonly cuts?: readonly number[];
  /** How often the stretch is run, with a reset in between. Default once. */
  readonly times?: number;
}

/** Runs `operator` over the frames in `input`; the answer is that of the last time. */
export function runOver(arena: Arena, operator: Operator, input: ArrayBufferView, stretch: Stretch = {}): Made {
  const { channels = 1, element = "f32", cuts = [], times = 1 } = stretch;
  const facts = elementFacts(element);
  const frameBytes = facts.bytes * channels;
  const frames = input.byteLength / frameBytes;
  const stage = operator.open(arena, { element: facts, channels, rate: stretch.rate });
  const outFacts = elementFacts(stage.output.element);
  const outBytes = outFacts.bytes * stage.output.channels;
  const from = arena.allocate(Math.max(1, input.byteLength));
  from.bytes.set(new Uint8Array(input.buffer, input.byteOffset, input.byteLength));
  const pieces: number[] = [];
  for (let left = frames, i = 0; left > 0; i++) {
    const piece = Math.min(left, cuts.length === 0 ? frames : (cuts[i % cuts.length] as number));
    pieces.push(piece);
    left -= piece;
  }
  const room = Math.max(1, ...pieces.map((piece) => stage.most(piece)), stage.rest ?? 0);
  const to = arena.allocate(room * outBytes);
  let made: Uint8Array[] = [];
  let marks: Made["marks"] = [];
  for (let time = 0; time < times; time++) {
    if (time > 0) stage.reset();
    made = [];
    marks = [];
    let done = 0;
    let written = 0;
    const take = (count: number) => {
      made.push(to.bytes.slice(0, count * outBytes));
      for (const { frame, value } of stage.takeMarks?.() ?? []) marks.push({ frame: written + frame, value });
      written += count;
    };
    for (const piece of pieces) {
      const region = { ...from, pointer: from.pointer + done * frameBytes, byteLength: piece * frameBytes };
      take(stage.run(region, piece, to));
      done += piece;
    }
    if ((stage.rest ?? 0) > 0) take(stage.finish?.(to) ?? 0);
  }
  const bytes = new Uint8Array(made.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of made) {
    bytes.set(part, at);
    at += part.length;
  }
  for (const block of [from, to]) block.release();
  stage.close();
  const f32 = outFacts.name === "f32" ? new Float32Array(bytes.buffer) : new Float32Array();
  return { bytes, frames: bytes.length / outBytes, channels: stage.output.channels, f32, marks };
}

/** A number generator with a seed: uniform from −1 to 1. */
export function noise(length: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** The largest difference between values of the same place. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)));
  return most;
}

/** Where two arrays of bytes part; −1 where they are the same. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return i;
  return -1;
}
