/** What the frames of a test contain: a function of a number, so that a model needs to remember that number only. */
import { type AnyView, type Element, type ElementFacts, elementFacts } from "../../src/element.js";

/** The frames of one element type and channel count. Frame 0 is all zeros; every other number gives other elements. */
export class Frames {
  readonly facts: ElementFacts;
  readonly channels: number;
  readonly #known = new Map<number, AnyView>();

  constructor(element: Element, channels: number) {
    this.facts = elementFacts(element);
    this.channels = channels;
  }

  /** The elements of frame number `id`. */
  of(id: number): AnyView {
    const known = this.#known.get(id);
    if (known) return known;
    const frame = new this.facts.View(this.channels);
    if (id !== 0) {
      const labels = this.facts.labels?.length;
      for (let channel = 0; channel < this.channels; channel++) {
        const bits = Math.imul(id * 8 + channel + 1, 0x9e3779b1) >>> 0;
        // Never 0 and never all ones in its lowest byte: neither zeros nor poison pass for a frame.
        const value = labels ? bits % labels : (bits & ~0xff) | (1 + ((bits >>> 11) % 254));
        frame[channel] = this.facts.View === Float32Array ? Math.fround(value) / 3 : value;
      }
    }
    this.#known.set(id, frame);
    return frame;
  }

  /** The bytes of frame number `id`. */
  bytesOf(id: number): Uint8Array {
    const { buffer, byteOffset, byteLength } = this.of(id);
    return new Uint8Array(buffer, byteOffset, byteLength);
  }

  /** Writes frame number `id` at frame `at` of `data`. */
  write(data: AnyView, at: number, id: number): void {
    data.set(this.of(id), at * this.channels);
  }

  /** Where `data` differs from the frames of these numbers, or undefined. */
  difference(data: AnyView, ids: readonly number[]): string | undefined {
    if (data.length !== ids.length * this.channels)
      return `${data.length} elements instead of ${ids.length * this.channels}`;
    for (let at = 0; at < ids.length; at++) {
      const frame = this.of(ids[at] as number);
      for (let channel = 0; channel < this.channels; channel++) {
        const is = data[at * this.channels + channel];
        if (is !== frame[channel]) return `frame ${at}, channel ${channel}: ${is} instead of ${frame[channel]}`;
      }
    }
    return undefined;
  }
}
