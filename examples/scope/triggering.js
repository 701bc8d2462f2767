/** The trigger at work on a live stream: forebay's operator finds the crossings; here is which of them the page sees. */
import { elementFacts, trigger } from "forebay/signal";

/** Seconds without a trigger after which "auto" shows what there is. */
const patience = 0.25;
/** Found ones that are remembered, so that one whose sweep is not complete yet can wait. */
const kept = 64;

/** What the page is told; see `says` there. */
const states = { off: 0, waits: 1, fired: 2, stopped: 3 };

export class Triggering {
  #arena;
  #rate;
  #chosen = { mode: "off" };
  #stage;
  /** Where the operator passes frames on to, which nobody reads. */
  #passed;
  #most;
  /** Frames that were sent up to now. */
  #sent = 0;
  #found = [];
  #last = Number.NEGATIVE_INFINITY;
  /** The one that a single shot stopped at. */
  #single;
  count = 0;

  constructor(arena, rate, most) {
    this.#most = most;
    this.#arena = arena;
    this.#rate = rate;
  }

  get on() {
    return this.#chosen.mode !== "off";
  }

  get state() {
    if (!this.on) return states.off;
    if (this.#single !== undefined) return states.stopped;
    return this.#sent - this.#last < patience * this.#rate ? states.fired : states.waits;
  }

  choose(chosen) {
    this.#chosen = chosen;
    this.#open();
    this.#found.length = 0;
    this.#single = undefined;
    this.#last = Number.NEGATIVE_INFINITY;
  }

  take(region, frames) {
    const begin = this.#sent;
    this.#sent += frames;
    if (!this.#stage) return;
    this.#stage.run(region, frames, this.#passed);
    for (const { frame } of this.#stage.takeMarks()) {
      this.count++;
      this.#found.push(begin + frame);
      if (this.#found.length > kept) this.#found.shift();
    }
  }

  skip(lost) {
    this.#sent += lost;
    this.#stage?.reset();
  }

  /** Where the axis is 0 for a picture of `span` frames, a quarter of them before it; nothing where there is no new one. */
  sweep(span, sent) {
    const after = span - Math.floor(span / 4);
    if (this.#single !== undefined) return this.#single;
    const found = this.#found.findLast((position) => position + after <= sent);
    if (found !== undefined) {
      this.#last = sent;
      if (this.#chosen.mode === "single") this.#single = found;
      while (this.#found[0] <= found) this.#found.shift();
      return found;
    }
    const waited = sent - this.#last > patience * this.#rate;
    return waited && this.#chosen.mode === "auto" ? sent - after : undefined;
  }

  #open() {
    this.close();
    if (!this.on) return;
    const { level, edge, hysteresis, holdoff } = this.#chosen;
    const format = { element: elementFacts("f32"), channels: 1, rate: this.#rate };
    const plan = trigger({ level, edge, hysteresis, holdOff: Math.min(2 ** 29, Math.round(holdoff * this.#rate)) });
    this.#passed = this.#arena.allocate(4 * this.#most);
    this.#stage = plan.open(this.#arena, format);
  }

  close() {
    this.#stage?.close();
    this.#passed?.release();
    this.#stage = undefined;
    this.#passed = undefined;
  }
}
