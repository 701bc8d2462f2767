/** A filter at work on the stretches of a recording, whose output begins with its input and is as long. */
import type { Arena, Block } from "../../arena.js";
import { elementFacts } from "../../element.js";
import type { Operator, Stage } from "../../signal/operator.js";
import type { Region } from "../../wasm/core.js";

/** Takes some frames of f32. Good during the call. */
export type TakeFrames = (region: Region, frames: number) => void | Promise<void>;

/** Frames of silence that are given to a filter at once, to get out what it holds back. */
const silentFrames = 4096;

/** One filter. */
export class Step {
  readonly #stage: Stage;
  readonly #arena: Arena;
  readonly #channels: number;
  readonly #skip: number;
  readonly #take: TakeFrames;
  #room: Block | undefined;
  #silence: Block | undefined;
  /** Frames of this stretch so far, in and out; those skipped do not count. */
  #inputs = 0;
  #outputs = 0;
  #skipped = 0;

  /**
   * `aligned`: the operator's delay is a whole number of output frames, and is taken out: a stretch of n frames becomes one of
   * ⌈n · up / down⌉.
   */
  constructor(arena: Arena, operator: Operator, channels: number, aligned: boolean, take: TakeFrames) {
    this.#arena = arena;
    this.#channels = channels;
    this.#take = take;
    this.#stage = operator.open(arena, { element: elementFacts("f32"), channels, rate: undefined });
    this.#skip = aligned ? Math.round((this.#stage.delay * this.#stage.up) / this.#stage.down) : 0;
  }

  /** Frames of the next stretch. */
  async add(region: Region, frames: number): Promise<void> {
    this.#inputs += frames;
    await this.#run(region, frames);
  }

  /** The stretch is over: what was held back comes, and the next one begins anew. */
  async end(): Promise<void> {
    const { up, down } = this.#stage;
    if (this.#skip > 0) {
      const wanted = Math.ceil((this.#inputs * up) / down);
      if (!this.#silence) {
        this.#silence = this.#arena.allocate(4 * silentFrames * this.#channels);
        this.#silence.bytes.fill(0);
      }
      while (this.#outputs < wanted) await this.#run(this.#silence, silentFrames, wanted - this.#outputs);
    }
    this.#stage.reset();
    this.#inputs = this.#outputs = this.#skipped = 0;
  }

  async #run(region: Region, frames: number, limit = Number.POSITIVE_INFINITY): Promise<void> {
    const frameBytes = 4 * this.#channels;
    const needed = Math.max(1, this.#stage.most(frames)) * frameBytes;
    if (!this.#room || this.#room.byteLength < needed) {
      this.#room?.release();
      this.#room = this.#arena.allocate(needed);
    }
    const { core, handle, pointer } = this.#room;
    const made = this.#stage.run(region, frames, this.#room);
    const skipped = Math.min(made, this.#skip - this.#skipped);
    this.#skipped += skipped;
    const some = Math.min(made - skipped, limit);
    this.#outputs += some;
    if (some === 0) return;
    const from = pointer + skipped * frameBytes;
    await this.#take({ core, handle, pointer: from, byteLength: some * frameBytes }, some);
  }

  close(): void {
    this.#stage.close();
    this.#room?.release();
    this.#silence?.release();
  }
}
