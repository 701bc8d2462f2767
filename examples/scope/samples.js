/** Frames as they are stored become frames of f32 in the arena, and one channel of them is what is looked at. */
import { convertSamples, deinterleave, sampleBytes } from "forebay/kernels";

/** The most frames that are converted in one go. */
const most = 16_384;

export class Samples {
  most = most;
  /** One channel's f32, as an operator's input. `length`: frames. */
  chosen;
  /** All channels, interleaved: of complex samples both parts. */
  frames;
  #format;
  #channels;
  #channel;
  #frameBytes;
  #converted;
  #plane;
  /** Where frames are copied that lie in another memory, as those of a microphone do. */
  #stage;
  #arena;

  constructor(arena, format, channels, channel = 0) {
    this.#arena = arena;
    this.#format = format;
    this.#channels = channels;
    this.#channel = channel;
    this.#frameBytes = sampleBytes(format) * channels;
    this.#converted = arena.allocate(4 * most * channels);
    const { core, handle, pointer, byteLength } = this.#converted;
    this.frames = { core, handle, pointer, byteLength };
    if (channels > 1) this.#plane = arena.allocate(4 * most * channels);
    this.chosen = this.#plane ? { core, handle: this.#plane.handle, pointer: 0, byteLength: 0 } : this.frames;
  }

  /** Converts `frames` frames from byte `offset` of a window on. */
  run(window, frames, offset = 0) {
    convertSamples(this.#here(window, offset, frames * this.#frameBytes), this.#format, this.#converted, "f32");
    if (!this.#plane) return;
    deinterleave(this.#converted, this.#plane, { frames, channels: this.#channels, elementBytes: 4 });
    this.chosen.pointer = this.#plane.pointer + 4 * frames * this.#channel;
    this.chosen.byteLength = 4 * frames;
  }

  /** Bytes of a window as a region of this arena. */
  #here(window, offset, byteLength) {
    const { core, handle } = window;
    const pointer = window.pointer + offset;
    if (core === this.#arena.core) return { core, handle, pointer, byteLength };
    this.#stage ??= this.#arena.allocate(most * this.#frameBytes);
    this.#stage.bytes.set(new Uint8Array(core.memory.memory.buffer, pointer, byteLength));
    return { core: this.#arena.core, handle: this.#stage.handle, pointer: this.#stage.pointer, byteLength };
  }

  close() {
    this.#stage?.release();
    this.#converted.release();
    this.#plane?.release();
  }
}
