/**
 * What an audio node writes, as a source: its frames of f32, and gaps where there was no room for some.
 *
 * Copies: 1, from the Buf that the node fills into the ring. A node cannot wait: what the Buf has no room for is lost, and the
 * node logs where. That works over shared memory alone.
 */
import { Fault } from "../fault.js";
import { Happened } from "../happened.js";
import type { Source, SourceEvent, SourceEvents } from "../source/source.js";
import type { SharedBufHandle } from "../thread/shared.js";
import { SharedBuf } from "../thread/shared-buf.js";
import type { SharedReader } from "../thread/shared-reader.js";
import { countsIn, takeLoss } from "../worklet/counts.js";

/** What `postMessage` carries to the thread that reads: see `AudioSide.share` and `Microphone.share`. */
export interface AudioShare {
  readonly kind: "forebay-audio";
  readonly shared: SharedBufHandle<"f32">;
  /** Frames a second. */
  readonly rate: number;
  readonly channels: number;
  /** @internal */
  readonly words: Int32Array;
  /** @internal Position of the Buf's frame that the node wrote first. */
  readonly first: number;
}

/** A node's frames as a source. */
export interface AudioSource extends Source {
  /** Frames that there was no room for. */
  readonly events: SourceEvents;
  readonly rate: number;
  readonly channels: number;
}

/**
 * A source over what a node writes, from where it is attached on; here or in a worker. One for each node: it takes the gaps. The
 * stream ends when the node is closed. Throws `no-room` where the Buf has all of its readers, `stale` where it is gone.
 */
export function audioSource(share: AudioShare, options: { readonly name?: string } = {}): AudioSource {
  if (share?.kind !== "forebay-audio") {
    throw new Fault("bad-argument", "There is nothing to read: post what a microphone's share() returned.");
  }
  return new NodeSource(share, options.name ?? "the audio node");
}

class NodeSource implements AudioSource {
  readonly copies = 1;
  readonly name: string;
  readonly rate: number;
  readonly channels: number;
  readonly #reader: SharedReader<"f32">;
  readonly #words: Int32Array;
  readonly #frameBytes: number;
  readonly #happened = new Happened<SourceEvent>();
  /** The Buf's positions of the node's first frame and of this source's. */
  readonly #first: number;
  readonly #start: number;
  /** Bytes of the reader's next frame that were given. */
  #within = 0;
  /** Frames lost that were heard of. */
  #heard = 0;

  constructor({ shared, rate, channels, words, first }: AudioShare, name: string) {
    this.name = name;
    this.rate = rate;
    this.channels = channels;
    this.#words = words;
    this.#first = first;
    this.#frameBytes = channels * 4;
    this.#reader = SharedBuf.attach(shared, "reader");
    this.#start = this.#reader.position;
  }

  get events(): SourceEvents {
    return this.#happened;
  }

  async read(into: Uint8Array, _position: number, signal: AbortSignal): Promise<number> {
    const answer = await this.#reader.ready(1, { signal });
    this.#hear();
    if (answer.state === "failed") throw answer.fault;
    if (answer.state !== "ready") {
      this.#hearLast();
      return 0;
    }
    const { data } = answer.window;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).subarray(this.#within);
    const some = bytes.subarray(0, into.length);
    into.set(some);
    const given = this.#within + some.length;
    this.#reader.advance(Math.floor(given / this.#frameBytes));
    this.#within = given % this.#frameBytes;
    return some.length;
  }

  /** Takes the losses before the frames that are there; those of one place are one gap. */
  #hear(): void {
    const end = this.#reader.position + this.#reader.available - this.#first;
    let next = takeLoss(this.#words, end);
    while (next !== undefined) {
      const { position } = next;
      let lost = 0;
      for (; next?.position === position; next = takeLoss(this.#words, end)) lost += next.lost;
      this.#gap(position, lost);
    }
  }

  /** At the stream's end: what was lost behind the last frame, which the log does not have. */
  #hearLast(): void {
    const rest = countsIn(this.#words).lost - this.#heard;
    if (rest > 0) this.#gap(this.#reader.position - this.#first, rest);
  }

  #gap(position: number, lost: number): void {
    this.#heard += lost;
    // What was lost before this source was there is not of its stream.
    const frames = position + this.#first - this.#start;
    if (frames < 0) return;
    const place = { position: frames * this.#frameBytes, lost: lost * this.#frameBytes };
    this.#happened.add({ kind: "gap", ...place, cause: "overrun", time: Date.now() });
  }

  close(): void {
    this.#reader.close();
  }
}
