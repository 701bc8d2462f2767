/** Stages run over blocks: the input comes in pieces, and what comes out is gathered. */
import type { Arena } from "../../src/arena.js";
import { elementFacts, type NumberElement } from "../../src/element.js";
import type { Operator } from "../../src/signal/operator.js";

/** How the input comes. */
export interface Pieces {
  readonly channels?: number;
  readonly rate?: number | undefined;
  /** Frames after which it is cut. */
  readonly cuts?: readonly number[];
  /** Frames in front of the input in its block, so that it lies at another address. */
  readonly offset?: number;
}

/** All output of a stage for an input. Memory that the stage should not touch is checked. */
export function runStage(
  arena: Arena,
  operator: Operator<NumberElement>,
  input: Float32Array,
  { channels = 1, rate, cuts = [], offset = 0 }: Pieces = {},
): number[] {
  const used = arena.used;
  const stage = operator.open(arena, { element: elementFacts("f32"), channels, rate });
  const { bytes, View } = elementFacts(stage.output.element);
  const frames = input.length / channels;
  const from = arena.allocate(4 * (input.length + offset * channels) + 16);
  const rowBytes = bytes * stage.output.channels;
  const to = arena.allocate(rowBytes * stage.most(frames) + 16);
  const out: number[] = [];
  let begin = 0;
  for (const end of [...cuts, frames]) {
    const view = new Float32Array(from.bytes.buffer, from.pointer + 4 * offset * channels, input.length);
    view.fill(Number.NaN).set(input.subarray(begin * channels, end * channels));
    to.bytes.fill(0xa5);
    const region = { ...from, pointer: view.byteOffset };
    const made = stage.run(region, end - begin, to);
    if (made > stage.most(end - begin)) throw new Error(`${made} frames were made of ${end - begin}`);
    const rest = to.bytes.subarray(made * rowBytes);
    if (!rest.every((byte) => byte === 0xa5)) throw new Error("the stage wrote behind its output");
    out.push(...new View(to.bytes.buffer, to.pointer, made * stage.output.channels));
    begin = end;
  }
  from.release();
  to.release();
  stage.close();
  if (arena.used !== used) throw new Error("the stage kept memory");
  return out;
}
