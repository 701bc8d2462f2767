/** The microphone as a sensor: its samples as they are, into a shared Buf. */
import { asyncDispose } from "../dispose.js";
import { Unsupported } from "../fault.js";
import { SharedArena } from "../thread/shared-arena.js";
import type { AudioCounts } from "../worklet/counts.js";
import { type AddProcessorsOptions, addProcessors } from "./module.js";
import { type AudioSide, audioWriter } from "./nodes.js";
import { type AudioShare, type AudioSource, audioSource } from "./source.js";

/** Which microphone, and how it is heard. */
export interface MicrophoneOptions extends AddProcessorsOptions {
  /** Default 1. */
  readonly channels?: number;
  /** Frames a second, to which the browser resamples. Default: as the device has it. */
  readonly rate?: number;
  /** Of `navigator.mediaDevices.enumerateDevices()`. Default: the one that the user or the system chooses. */
  readonly deviceId?: string;
  /** Seconds that may wait unread before frames are lost. Default 4. */
  readonly holds?: number;
  /** Other constraints. Echo cancellation, noise suppression and gain control are off unless told otherwise here. */
  readonly constraints?: MediaTrackConstraints;
}

/** Windows of the Buf between the node and the source, in frames: no quantum is longer. */
const maxWindow = 4096;

/** A microphone that is heard. */
export class Microphone implements AsyncDisposable {
  /** Frames a second. */
  readonly rate: number;
  readonly channels: number;
  readonly context: AudioContext;
  readonly #stream: MediaStream;
  readonly #side: AudioSide;
  readonly #share: AudioShare;

  /** @internal Use `openMicrophone`. */
  constructor(context: AudioContext, stream: MediaStream, side: AudioSide, share: AudioShare) {
    this.rate = share.rate;
    this.channels = share.channels;
    this.context = context;
    this.#stream = stream;
    this.#side = side;
    this.#share = share;
  }

  /** Quanta and lost frames up to now. */
  get counts(): AudioCounts {
    return this.#side.counts;
  }

  /** What a worker makes a source of, by `audioSource(share)`: to be posted to it. */
  share(): AudioShare {
    return this.#share;
  }

  /** Its samples on this thread. Once: a source takes the gaps that it reports. */
  source(): AudioSource {
    return audioSource(this.#share, { name: "the microphone" });
  }

  /** Ends the stream, lets go of the device and closes the context. What is in the Buf can still be read. */
  async close(): Promise<void> {
    for (const track of this.#stream.getTracks()) track.stop();
    await this.#side.close();
    if (this.context.state !== "closed") await this.context.close();
  }

  async [asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Asks for a microphone and hears it: call it where the user has clicked. Throws what the browser says where it is refused, and
 * `unsupported` without shared memory (COOP and COEP) or without microphones.
 *
 * ```ts
 * const microphone = await openMicrophone();
 * worker.postMessage(microphone.share()); // there: openSignal(arena, audioSource(share), { element: "f32", rate: share.rate })
 * ```
 */
export async function openMicrophone(options: MicrophoneOptions = {}): Promise<Microphone> {
  const { channels = 1, rate, deviceId, holds = 4, constraints } = options;
  if (!globalThis.navigator?.mediaDevices?.getUserMedia) {
    throw new Unsupported("There are no microphones here. Serve the page over https, or from localhost.");
  }
  const asked = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: channels };
  const audio = { ...asked, ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }), ...constraints };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const context = new AudioContext(rate === undefined ? {} : { sampleRate: rate });
  try {
    await Promise.all([context.resume(), addProcessors(context, options)]);
    const capacity = Math.max(4 * maxWindow, Math.ceil(holds * context.sampleRate));
    const bytes = (capacity + maxWindow) * channels * 4 + 2 ** 18;
    const arena = await SharedArena.create({ bytes });
    const buf = arena.buf({ element: "f32", channels, capacity, maxWindow, readers: 2 });
    const side = audioWriter(context, buf);
    // Who wants to know reads it from the source.
    side.done.catch(() => undefined);
    context.createMediaStreamSource(stream).connect(side.node);
    return new Microphone(context, stream, side, side.share());
  } catch (error) {
    for (const track of stream.getTracks()) track.stop();
    await context.close();
    throw error;
  }
}
