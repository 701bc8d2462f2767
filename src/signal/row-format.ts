/** What operators that cut a stream into rows share: their options, which frames they take, and how many rows come of them. */
import type { Arena, Block } from "../arena.js";
import { checkWhole } from "../check.js";
import { Fault } from "../fault.js";
import type { Region } from "../wasm/core.js";
import type { SignalExports } from "../wasm/signal-exports.js";
import type { StreamFormat } from "./operator.js";

/** Which frames are taken. */
export interface RowInput {
  /** Frames are complex: pairs of real and imaginary part. Default: those of two channels are, unless `channel` is given. */
  readonly complex?: boolean;
  /** The one channel of several that is taken, real, counted from 0. */
  readonly channel?: number;
}

/** What a stage finds out about its input. */
export interface RowFormat {
  readonly complex: boolean;
  /** The channel to pick, where there are several; undefined where all of a frame is taken. */
  readonly channel: number | undefined;
  readonly channels: number;
}

/** Checks what an operator is given. Throws `bad-argument` saying what it needs. */
export function rowFormat(name: string, format: StreamFormat, input: RowInput): RowFormat {
  const { channels, element } = format;
  if (element.name !== "f32") {
    const message = `${name} takes f32, and this stream is of ${element.name}: convert it before.`;
    throw new Fault("bad-argument", message, { element: element.name });
  }
  if (input.channel !== undefined) {
    checkWhole("channel", input.channel, 0, channels - 1);
    if (input.complex) throw new Fault("bad-argument", `${name} takes one channel or complex frames, not both.`);
    return { complex: false, channel: channels === 1 ? undefined : input.channel, channels };
  }
  const complex = input.complex ?? channels === 2;
  if (channels === (complex ? 2 : 1)) return { complex, channel: undefined, channels };
  const message = complex
    ? `${name} takes complex frames of two channels, and these have ${channels}.`
    : `${name} takes one real channel: name one of the ${channels} with the option "channel".`;
  throw new Fault("bad-argument", message, { channels });
}

/** Frames that one channel of several is picked of at once. */
const pickFrames = 4096;

/** Counts rows, one every `hop` frames, and hands their stage what it needs of the input. */
export class Rows {
  /** Frames that the stage carries; below 0, frames to leave out before the next row. */
  held = 0;
  readonly #signal: SignalExports;
  readonly #format: RowFormat;
  readonly #hop: number;
  /** Room for the channel picked. */
  readonly #room: Block | undefined;

  constructor(arena: Arena, signal: SignalExports, format: RowFormat, hop: number) {
    this.#signal = signal;
    this.#format = format;
    this.#hop = hop;
    this.#room = format.channel === undefined ? undefined : arena.allocate(4 * pickFrames);
  }

  /** The most rows that `frames` more frames make. */
  most(frames: number): number {
    return frames === 0 ? 0 : 1 + Math.floor((frames - 1) / this.#hop);
  }

  /**
   * Has `piece` called with all frames of the input, in pieces of those that the stage takes, and returns how many rows it made.
   * `piece` is given a region's handle, an address, frames, and the rows made before; it answers how many it makes.
   */
  take(
    input: Region,
    frames: number,
    piece: (handle: number, pointer: number, frames: number, rows: number) => number,
  ): number {
    const room = this.#room;
    if (room === undefined) return this.#count(piece(input.handle, input.pointer, frames, 0), frames);
    const { channel, channels } = this.#format;
    let rows = 0;
    for (let from = 0; from < frames; from += pickFrames) {
      const count = Math.min(pickFrames, frames - from);
      const pointer = input.pointer + 4 * channels * from;
      const { handle, core } = room;
      core.expect(
        this.#signal.pickChannel(input.handle, pointer, count, channels, channel as number, handle, room.pointer),
        "pick a channel:",
      );
      rows += this.#count(piece(handle, room.pointer, count, rows), count);
    }
    return rows;
  }

  #count(rows: number, frames: number): number {
    this.held += frames - rows * this.#hop;
    return rows;
  }

  reset(): void {
    this.held = 0;
  }

  close(): void {
    this.#room?.release();
  }
}
