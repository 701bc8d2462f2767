/** Forebay's STFT: rows of codes for strengths, in the arena. */
import { elementFacts, stft } from "forebay/signal";
import { bins, floorDb, topDb } from "./shape.js";

/** The most rows that are made in one go. */
const mostRows = 64;

export class Stft {
  /** The codes of the last run's rows, one row every `stride` bytes. */
  codes;
  stride;
  hop;
  #stage;
  #out;
  #frameBytes;

  /** `hop`: frames from one row to the next. */
  constructor(arena, { rate, hop, complex }) {
    const channels = complex ? 2 : 1;
    // What a full-scale sine shows: a real one has half of its amplitude on either side of 0.
    const full = complex ? 0 : -6.02;
    const plan = {
      size: complex ? bins : 2 * bins,
      hop,
      window: "hann",
      element: "u8",
      range: [floorDb + full, topDb + full],
      scaling: "spectrum",
      complex,
      shift: complex,
    };
    this.hop = hop;
    this.#stage = stft(plan).open(arena, { element: elementFacts("f32"), channels, rate });
    this.stride = this.#stage.output.channels;
    this.#out = arena.allocate(this.#stage.most(mostRows * hop) * this.stride);
    this.codes = this.#out.bytes;
    this.#frameBytes = 4 * channels;
  }

  /** Takes all frames of a region, and calls `visit` with the rows that they make: how many there are in `codes`. */
  run({ core, handle, pointer }, frames, visit) {
    const most = mostRows * this.hop;
    for (let from = 0; from < frames; from += most) {
      const some = Math.min(most, frames - from);
      const bytes = some * this.#frameBytes;
      const piece = { core, handle, pointer: pointer + from * this.#frameBytes, byteLength: bytes };
      visit(this.#stage.run(piece, some, this.#out));
    }
  }

  reset() {
    this.#stage.reset();
  }

  close() {
    this.#stage.close();
    this.#out.release();
  }
}
