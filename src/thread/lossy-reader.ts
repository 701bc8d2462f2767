/** A reader that never holds the writer back, and whose ledger has every frame that it missed. */
import type { Element } from "../element.js";
import { wasmCode } from "../fault.js";
import { Ledger } from "../ledger.js";
import type { WindowVisitor } from "../reader.js";
import type { Window } from "../window.js";
import type { WindowLoop } from "../windows.js";
import type { SharedBuf } from "./shared-buf.js";
import { SharedReader, type SharedReaderOptions } from "./shared-reader.js";

/**
 * A lossy reader. What a window shows may be overwritten while it is looked at: `advance` says whether it was, and the frames
 * are then counted as lost, not as delivered. A window across the ring's end is a copy that nobody overwrites.
 */
export class LossyReader<E extends Element> extends SharedReader<E> {
  /** Every frame since the reader was opened: passed while intact, or lost. */
  readonly ledger = new Ledger();

  /** @internal Use `SharedBuf.attach` or `SharedBuf.lossyReader`. */
  constructor(buf: SharedBuf<E>, options: SharedReaderOptions = {}) {
    const { core } = buf;
    super(buf, options, core.expectHandle(core.exports.readerOpenLossy(buf.handle), "open lossy reader number"));
  }

  protected override look(least: number, most: number): number {
    return this.#unlapped(() => super.look(least, most));
  }

  protected override lookMore(): number {
    return this.#unlapped(() => super.lookMore());
  }

  /** Looks until the writer has not been there again meanwhile; each lap is a gap. */
  #unlapped(look: () => number): number {
    for (;;) {
      const answer = look();
      if (answer !== wasmCode.lapped) return answer;
      this.#enterLap();
    }
  }

  #enterLap(): void {
    const { exports } = this.buf.core;
    this.ledger.enter(exports.arenaLimit(), exports.arenaAsked(), "the writer lapped this reader");
  }

  /**
   * Moves on by `frames`, or past a window. Returns whether what it showed was intact up to now; if not, all `frames` are a gap
   * in the ledger, and what was made of them is to be thrown away.
   */
  override advance(by: number | Window<E>): boolean {
    const gaps = this.ledger.gaps.length;
    super.advance(by);
    return this.ledger.gaps.length === gaps;
  }

  protected override pass(frames: number): void {
    const { core, handle } = this.buf;
    const answer = core.exports.windowAdvance(handle, this.handle, frames);
    if (answer === wasmCode.lapped) {
      this.ledger.enter(core.exports.arenaLimit(), frames, "the writer overwrote a window that was looked at");
      return;
    }
    core.expect(answer, "advance over");
    this.ledger.delivered += frames;
  }

  /** As `Reader.visitReady`, window by window: each is checked when it is passed. */
  override visitReady(loop: WindowLoop, visit: WindowVisitor<E>): "not-ready" | "ended" | "failed" | "stopped" {
    for (;;) {
      const answer = this.window(loop.size, loop.size);
      if (answer.state !== "ready") return answer.state;
      if (visit(answer.window) === false) return "stopped";
      if (this.closed) return "stopped";
      // A hop beyond the window passes over frames that nobody looked at: they are neither lost nor overwritten while shown.
      this.advance(Math.min(loop.hop, loop.size));
      loop.shown = Math.max(0, loop.size - loop.hop);
      loop.owed = Math.max(0, loop.hop - loop.size);
      this.payOwed(loop);
      if (loop.owed > 0) return this.ended && this.available === 0 ? (this.fault ? "failed" : "ended") : "not-ready";
    }
  }

  /** As `Reader.skip`; frames lost on the way are passed over too, as a gap, and may be more than were asked for. */
  override skip(frames: number): number {
    const begin = this.position;
    for (;;) {
      const passed = this.position - begin;
      if (passed >= frames) return frames;
      const skipped = super.skip(frames - passed);
      if (skipped !== wasmCode.lapped) {
        this.ledger.delivered += skipped;
        return passed + skipped;
      }
      this.#enterLap();
    }
  }

  override seek(position: number): boolean {
    const begin = this.position;
    if (!super.seek(position)) return false;
    // Forward only: what lies between was passed over.
    this.ledger.delivered += this.position - begin;
    return true;
  }

  protected override pad(size: number): number {
    return this.#unlapped(() => super.pad(size));
  }
}
