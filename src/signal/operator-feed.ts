/**
 * What fills the ring of an operator's output: its stage, run over the windows of its input, in place.
 *
 * Each step takes as much of the input as is contiguous there and as the ring has room for. At a gap the stage gives what is
 * left of the stretch and begins anew; the gap stands between the frames made before and behind it, and loses as many as an
 * unbroken input would have made by then. Asked synchronously it has its input read, and no promise is made.
 */
import type { Buf } from "../buf.js";
import type { Element } from "../element.js";
import { Fault, Unsupported } from "../fault.js";
import type { Feed } from "../feed.js";
import { FlowCounts } from "../flow-stats.js";
import type { Gap, Ledger } from "../ledger.js";
import { type Block, takeBlock } from "../wasm/block.js";
import type { Core, Region } from "../wasm/core.js";
import { MarkMover } from "./mark-mover.js";
import type { Stage } from "./operator.js";
import type { Signal } from "./signal.js";
import { scaled, type Timeline } from "./timeline.js";

/** What a feed works with. */
export interface OperatorParts {
  readonly name: string;
  readonly stage: Stage;
  readonly input: Signal<Element>;
  readonly buf: Buf<Element>;
  readonly timeline: Timeline;
  readonly ledger: Ledger;
  /** Input frames in one run, at most. */
  readonly piece: number;
  readonly secure: boolean;
}

/** What a step came to. `starved`: the input has nothing yet; `full`: the ring has no room. */
type Step = "made" | "starved" | "full" | "over";

/** The part of a span behind the frame that was held back. */
class SpanRest implements Region {
  readonly core: Core;
  readonly handle: number;
  pointer = 0;
  byteLength = 0;

  constructor(core: Core, handle: number) {
    this.core = core;
    this.handle = handle;
  }
}

/** Fills a Buf with what a stage makes of a signal. */
export class OperatorFeed implements Feed {
  readonly stats: FlowCounts;
  readonly late = false;
  readonly scattered = false;
  readonly #parts: OperatorParts;
  readonly #marks: MarkMover;
  readonly #out: SpanRest;
  readonly #heap: Uint8Array;
  /** The frame that is held back for its marks. */
  readonly #spare: Block;
  #held = 0;
  /** Where the stretch begins in the input and in the output, and how far it is. */
  #from: number;
  #to = 0;
  #taken = 0;
  #made = 0;
  /** Position in the input at which the output begins, and frames lost of it since. */
  readonly #base: number;
  #lostBefore = 0;
  /** Position of the gap that was crossed last. */
  #crossed = -1;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(parts: OperatorParts) {
    const { buf, stage, timeline, input, secure } = parts;
    this.#parts = parts;
    this.#marks = new MarkMover(timeline.scale, timeline);
    this.#out = new SpanRest(buf.core, buf.handle);
    this.#heap = buf.core.memory.bytes(0, buf.core.memory.memory.buffer.byteLength);
    this.#base = input.position;
    this.#from = this.#base;
    this.stats = new FlowCounts(() => buf.heldFrames);
    this.#spare = takeBlock(buf.core, buf.frameBytes, secure);
    this.#rest = stage.rest ?? 0;
    this.#most = input.flow.plan.mode === "resident" ? parts.piece : 0;
    buf.core.tenants?.add(this.#halt);
  }

  readonly #rest: number;
  /** What is looked at in one go: of a ring all that lies contiguous; resident content is copied for an operator, so just a piece. */
  readonly #most: number;

  get ended(): boolean {
    return this.#parts.buf.ended;
  }

  get fault(): Fault | undefined {
    return this.#parts.buf.fault;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  get window(): { readonly frames: number; readonly why: readonly string[] } {
    return { frames: this.#parts.buf.capacity, why: [] };
  }

  start(): void {
    if (this.#open) this.#running ??= this.#run();
  }

  get #open(): boolean {
    const { buf } = this.#parts;
    return !buf.ended && !buf.closed;
  }

  need(): void {}

  waited(ms: number): void {
    this.stats.waits++;
    this.stats.waitedMs += ms;
  }

  async #run(): Promise<void> {
    const { buf, input } = this.#parts;
    // Whoever starts it is told of what comes, not called back by it.
    await undefined;
    while (this.#open) {
      const step = this.#step();
      if (step === "over") break;
      try {
        if (step === "starved") await input.ready(1);
        else if (step === "full") await buf.untilWriter(this.#hasRoom);
      } catch (error) {
        this.#fail(error);
      }
    }
    this.#running = undefined;
  }

  readonly #hasRoom = (): boolean => {
    const { buf, stage } = this.#parts;
    return buf.wanted > 0 && buf.room >= this.#held + Math.max(1, stage.most(1), this.#rest);
  };

  fillSync(): boolean {
    const { buf, input } = this.#parts;
    while (this.#open) {
      const step = this.#step();
      if (step === "made") return true;
      if (step === "over") return false;
      if (step === "starved") input.readySync(1);
      else if (buf.wanted === 0) return false;
      else {
        const message = `Cannot go on: ${this.#parts.name} needs more room than the ${buf.room} frames that holds leave.`;
        throw new Fault("held", message, { left: buf.room });
      }
    }
    return false;
  }

  #step(): Step {
    const { buf, input } = this.#parts;
    if (buf.wanted <= 0) return "full";
    try {
      const answer = input.window(1, this.#most);
      if (answer.state === "not-ready") return "starved";
      const { window } = answer;
      const { gap } = window;
      if (gap && gap.position !== this.#crossed) return this.#cross(gap);
      if (answer.state === "ready") return this.#make(window, window.start, window.length);
      if (!this.#endStretch(true)) return "full";
      if (answer.state === "failed") buf.fail(answer.fault);
      else buf.end();
      return "over";
    } catch (error) {
      this.#fail(error);
      return "over";
    }
  }

  /** Runs the stage over as many of the `length` frames of `window` as the ring has room for. */
  #make(window: Region, start: number, length: number): Step {
    const { buf, stage, input, piece } = this.#parts;
    const room = Math.min(buf.room, buf.maxWindow) - this.#held;
    let frames = Math.min(length, piece);
    let most = stage.most(frames);
    while (most > room && frames > 1) {
      frames >>>= 1;
      most = stage.most(frames);
    }
    if (most > room) return "full";
    this.#reserve(most);
    const made = this.#checked(stage.run(window, frames, this.#out), most);
    this.#marks.take(input.timeline.marks(start, start + frames), this.#from);
    input.advance(frames);
    this.#taken += frames;
    this.#commit(made, false);
    return "made";
  }

  /** Has room for `frames` frames in `#out`, behind the one that was held back. */
  #reserve(frames: number): void {
    const { buf } = this.#parts;
    const { core, handle, frameBytes } = buf;
    const all = Math.max(1, this.#held + frames);
    // Not by `buf.reserve`: a span has a view, of which a stage has no use, and runs differ in place and length.
    const index = core.expect(core.exports.bufReserve(handle, all, all), "reserve");
    const begin = buf.address + index * frameBytes;
    const heldBytes = this.#held * frameBytes;
    if (heldBytes > 0) this.#heap.copyWithin(begin, this.#spare.pointer, this.#spare.pointer + heldBytes);
    this.#out.pointer = begin + heldBytes;
    this.#out.byteLength = all * frameBytes - heldBytes;
  }

  #checked(made: number, most: number): number {
    if (Number.isInteger(made) && made >= 0 && made <= most) return made;
    throw new RangeError(`it made ${made} frames where it said ${most} at most`);
  }

  /** Makes `made` more frames visible, with their marks; the last of them may be held back unless the stretch is over. */
  #commit(made: number, over: boolean): void {
    const { buf, stage, ledger } = this.#parts;
    const all = this.#held + made;
    const first = this.#to + this.#made;
    this.#made += made;
    this.#marks.place(this.#made, this.#to);
    const found = stage.takeMarks?.();
    if (found) for (const { frame, value } of found) this.#found(first + frame, value);
    if (over) this.#marks.end(this.#made, this.#to);
    const hold = !over && all > 0 && this.#marks.holdsLast(this.#made, this.#taken) ? 1 : 0;
    if (hold > 0) {
      const last = this.#out.pointer + (made - 1) * buf.frameBytes;
      this.#heap.copyWithin(this.#spare.pointer, last, last + buf.frameBytes);
      this.stats.copies += buf.frameBytes;
    }
    this.#held = hold;
    this.stats.reads++;
    this.stats.bytes += (all - hold) * buf.frameBytes;
    ledger.delivered += all - hold;
    buf.commit(all - hold);
  }

  /** The stage has found something at a frame that it has just made. */
  #found(position: number, value: unknown): void {
    this.#parts.timeline.addMark({ position, value });
  }

  /** Gives what is left of the stretch. Returns false where the ring has no room for it. */
  #endStretch(last: boolean): boolean {
    const { buf, stage, input } = this.#parts;
    const rest = this.#taken > 0 ? this.#rest : 0;
    if (Math.min(buf.room, buf.maxWindow) < this.#held + rest) return false;
    this.#reserve(rest);
    const made = rest > 0 ? this.#checked(stage.finish?.(this.#out) ?? 0, rest) : 0;
    if (last) this.#marks.take(input.timeline.marks(input.position, Number.POSITIVE_INFINITY), this.#from);
    this.#commit(made, true);
    return true;
  }

  /** The frame at which the input stands lies behind a gap. */
  #cross(gap: Gap): Step {
    const { stage, timeline, input } = this.#parts;
    const { up, down } = timeline.scale;
    if (!this.#endStretch(false)) return "full";
    this.#crossed = gap.position;
    this.#lostBefore += gap.lost;
    this.#to += this.#made;
    this.#from = gap.position;
    this.#taken = 0;
    this.#made = 0;
    const unbroken = scaled(gap.position - this.#base + this.#lostBefore, up, down);
    const lost = Math.max(0, unbroken - this.#to - timeline.lost);
    const stretch = { start: this.#to, input: this.#from, seconds: input.timeline.secondsOf(this.#from) };
    timeline.addGap({ position: this.#to, lost, cause: gap.cause, time: gap.time }, stretch);
    stage.reset();
    return "made";
  }

  #fail(error: unknown): void {
    const { buf, name, input } = this.#parts;
    if (!this.#open) return;
    if (error instanceof Fault) {
      buf.fail(error);
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    const position = this.#from + this.#taken;
    const message = `${name} failed at frame ${position} of its input: ${reason}. What came before can still be read.`;
    buf.fail(new Fault("source-failed", message, { position, channels: input.channels }, error));
  }

  async pause(): Promise<void> {}

  resume(): void {}

  seek(position: number): void {
    const message = `Cannot seek to ${position}: ${this.#parts.name} makes frames in order, and it is not resident.`;
    throw new Fault("not-seekable", message, { position });
  }

  setWindow(): void {
    throw new Unsupported("There is no window to set: an operator fills the ring.");
  }

  replace(): void {
    throw new Unsupported("There is no source to replace: an operator fills the ring.");
  }

  /** Nothing more is wanted, because the signal is closed, or its arena. */
  readonly #halt = (): void => {
    const { buf, input } = this.#parts;
    const reason = new Fault("stale", "The signal was closed.");
    buf.core.tenants?.delete(this.#halt);
    if (this.#open) buf.fail(reason);
    if (this.#running !== undefined && !input.closed) input.cancel(reason);
  };

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#halt();
    await this.#running;
    try {
      this.#release();
    } finally {
      await this.#parts.input.close();
    }
  }

  stopSync(): void {
    if (this.#stopped) return;
    this.#parts.input.closeSync();
    this.#stopped = true;
    this.#halt();
    this.#release();
  }

  /** Gives the memory back, unless the arena has gone with it. */
  #release(): void {
    const { buf, stage } = this.#parts;
    if (!buf.core.tenants) return;
    this.#spare.release();
    stage.close();
  }
}
