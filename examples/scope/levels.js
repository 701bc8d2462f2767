/** Peak and RMS, by forebay's operator: the last whole hop of a twentieth of a second. */
import { elementFacts, levels } from "forebay/signal";

export class Levels {
  peak = 0;
  rms = 0;
  #stage;
  #out;
  #values;

  constructor(arena, rate, most) {
    const format = { element: elementFacts("f32"), channels: 1, rate };
    this.#stage = levels({ hop: Math.max(1, Math.round(rate / 20)) }).open(arena, format);
    this.#out = arena.allocate(8 * this.#stage.most(most));
    const { buffer, byteOffset, byteLength } = this.#out.bytes;
    this.#values = new Float32Array(buffer, byteOffset, byteLength / 4);
  }

  add(region, frames) {
    const made = this.#stage.run(region, frames, this.#out);
    if (made === 0) return;
    this.rms = this.#values[2 * made - 2];
    this.peak = this.#values[2 * made - 1];
  }

  reset() {
    this.#stage.reset();
  }

  close() {
    this.#stage.close();
    this.#out.release();
  }
}
