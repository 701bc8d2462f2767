/**
 * The built-in signal, as a converter of 2 million samples a second would send it: tones, a sweep, a hopping carrier, bursts and
 * noise, in 16-bit samples that come at their time by the clock. What is not read within a second is overrun and lost, as in a
 * device; more is lost when it is told to. Each loss is told as a gap.
 *
 * Copies: 1. It makes the samples straight in the memory that it is given.
 */

export const builtinRate = 2_000_000;

/** Seconds that the device holds what is not read. */
const holds = 1;
/** Frames that a read gives at most, and at least, so that the clock is not asked for a handful. */
const most = 16_384;
const least = 4096;

const sine = Float32Array.from({ length: 4096 }, (_, i) => Math.sin((2 * Math.PI * i) / 4096));
/** A frequency as the part of a turn that a frame takes, of 2³². */
const turn = (hertz) => Math.round((hertz / builtinRate) * 2 ** 32) | 0;

/** The frequencies that the carrier hops over. */
const hops = [412_000, 436_000, 424_000, 460_000, 448_000, 472_000].map(turn);

class Signal {
  #frame = 0;
  #low = 0;
  #tone = 0;
  #carrier = 0;
  #sweep = 0;
  #sweepStep = 0;
  #seed = 0x2545f491;

  /** Makes `count` samples at `into[at]`. */
  make(into, at, count) {
    const lowStep = turn(1000);
    const toneStep = turn(180_000);
    const from = turn(560_000);
    const slope = Math.round(turn(400_000) / (2.5 * builtinRate));
    for (let i = 0; i < count; i++) {
      const frame = this.#frame++;
      const slot = Math.floor(frame / 40_000);
      const inSweep = frame % 5_000_000;
      if (inSweep === 0) this.#sweepStep = from;
      this.#low = (this.#low + lowStep) | 0;
      this.#tone = (this.#tone + toneStep) | 0;
      this.#carrier = (this.#carrier + hops[slot % hops.length]) | 0;
      this.#sweepStep = (this.#sweepStep + slope) | 0;
      this.#sweep = (this.#sweep + this.#sweepStep) | 0;
      this.#seed ^= this.#seed << 13;
      this.#seed ^= this.#seed >>> 17;
      this.#seed ^= this.#seed << 5;
      const swell = 0.5 + 0.5 * sine[Math.floor(frame / 1200) & 4095];
      let value = 0.42 * sine[this.#low >>> 20] + 0.06 * swell * sine[this.#tone >>> 20];
      if (slot % 5 !== 4) value += 0.03 * sine[this.#carrier >>> 20];
      value += 0.05 * sine[this.#sweep >>> 20];
      // A burst of 300 kHz rides on every 20th turn of the low tone.
      const inBurst = frame % 40_000;
      if (inBurst < 500) value += 0.2 * (1 - inBurst / 500) * sine[Math.imul(inBurst, turn(300_000)) >>> 20];
      value += 0.012 * (this.#seed / 2 ** 31);
      into[at + i] = value * 32_767;
    }
  }

  /** Time passes without samples. */
  pass(count) {
    this.#frame += count;
  }
}

export function builtinSource() {
  const signal = new Signal();
  const gaps = [];
  /** When frame 0 was, by the clock; and since when the clock stands still. */
  let began;
  let stopped;
  let sent = 0;
  let given = 0;
  let toLose = 0;
  let closed = false;

  const due = () => {
    began ??= performance.now();
    return Math.floor((((stopped ?? performance.now()) - began) / 1000) * builtinRate) - sent;
  };
  const lose = (frames, cause) => {
    signal.pass(frames);
    sent += frames;
    gaps.push({ kind: "gap", position: 2 * given, lost: 2 * frames, cause, time: Date.now() });
  };

  return {
    name: "the built-in signal",
    copies: 1,
    rate: builtinRate,
    events: { take: () => gaps.shift() },
    async read(into, _position, aborted) {
      for (;;) {
        if (closed) return 0;
        const waiting = due();
        if (toLose > 0 && waiting >= toLose) {
          lose(toLose, "the device was told to lose them");
          toLose = 0;
          continue;
        }
        if (toLose === 0 && waiting > holds * builtinRate) {
          lose(Math.floor(waiting - (holds * builtinRate) / 2), "overrun: they were not read in time");
          continue;
        }
        const frames = Math.min(most, waiting, into.length >> 1);
        if (toLose === 0 && frames >= Math.min(least, into.length >> 1)) {
          signal.make(new Int16Array(into.buffer, into.byteOffset, frames), 0, frames);
          sent += frames;
          given += frames;
          return 2 * frames;
        }
        aborted?.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, 4));
      }
    },
    close() {
      closed = true;
    },
    /** Loses the next frames. */
    lose(seconds) {
      toLose += Math.round(seconds * builtinRate);
    },
    /** Stops the clock, and has it go on. */
    run(on) {
      if (on && stopped !== undefined) {
        began += performance.now() - stopped;
        stopped = undefined;
      } else if (!on) stopped ??= performance.now();
    },
  };
}
