/**
 * Nodes that write into a shared Buf and play from one.
 *
 * The page takes the side and passes it to the processor, so that a Buf whose side is taken is refused at the call. It gives
 * signs of life while the context is suspended and the processor renders nothing; and it takes the side back, between two
 * quanta, when the node is closed, the context is closed or the processor breaks.
 */
import { asyncDispose } from "../dispose.js";
import { Fault, type FaultCode, Unsupported } from "../fault.js";
import type { PortedBufHandle } from "../thread/message.js";
import type { SharedBuf } from "../thread/shared-buf.js";
import type { AudioShare } from "./source.js";
import { type AudioCounts, countsIn, countWords, turn, word } from "../worklet/counts.js";
import {
  type ProcessorNews,
  type ProcessorOrder,
  type ProcessorSetting,
  readerName,
  writerName,
} from "../worklet/processors.js";

/** How a node that writes is made. */
export interface AudioWriterOptions {
  /** Whether closing the node ends the stream. Default true; otherwise another writer may go on. */
  readonly end?: boolean;
}

/** How a node that plays is made. */
export interface AudioReaderOptions {
  /** Frames that are there before it begins to play; where that is more than fits, it begins when all is full. Default 0. */
  readonly prefill?: number;
}

/** Signs of life for each lease while the context is suspended. */
const beatsPerLease = 4;

/** A node and its side of the Buf. */
export class AudioSide implements AsyncDisposable {
  /** To be connected: its input is written, or its output plays. A writer's output is silence, and goes to the destination. */
  readonly node: AudioWorkletNode;
  /** Resolves once the side is given back: closed, or a reader's stream was played to its end. Rejects when it broke. */
  readonly done: Promise<void>;
  readonly #words: Int32Array;
  readonly #context: BaseAudioContext;
  readonly #lease: number;
  readonly #ported: boolean;
  readonly #shared: AudioShare | undefined;
  readonly #giveBack: (fault?: Fault) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #resolve!: () => void;
  #reject!: (fault: Fault) => void;
  #closing: Promise<void> | undefined;
  #over: (() => void) | undefined;

  /** @internal Use `audioWriter` and `audioReader`. */
  constructor(
    context: BaseAudioContext,
    node: AudioWorkletNode,
    words: Int32Array,
    lease: number,
    beat: () => void,
    giveBack: (fault?: Fault) => void,
    ported = false,
    shared?: AudioShare,
  ) {
    this.#ported = ported;
    this.#shared = shared;
    this.node = node;
    this.#words = words;
    this.#context = context;
    this.#lease = lease;
    this.#giveBack = giveBack;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Who does not listen is told by the Buf; this is no rejection that nobody handles.
    this.done.catch(() => undefined);
    this.#timer = setInterval(() => {
      if (context.state !== "running") beat();
    }, lease / beatsPerLease);
    node.port.onmessage = ({ data }: MessageEvent<ProcessorNews>) => this.#heard(data);
    node.onprocessorerror = () => {
      void this.#close(new Fault("peer-gone", "The AudioWorklet's processor broke; what it wrote can be read."));
    };
    context.addEventListener("statechange", this.#stateChanged);
  }

  readonly #stateChanged = (): void => {
    if (this.#context.state === "closed") void this.close();
  };

  #heard({ kind, code, message, words }: ProcessorNews): void {
    if (kind === "counts") this.#words.set(words ?? []);
    else if (kind === "ended" && this.#closing) this.#over?.();
    else if (kind === "ended") void this.close();
    else void this.#close(new Fault((code || "peer-gone") as FaultCode, message ?? ""));
  }

  /** What the processor has counted up to now. */
  get counts(): AudioCounts {
    return countsIn(this.#words);
  }

  /**
   * What `audioSource` reads a writer's frames and gaps from, here or in a worker. Throws `unsupported` where there is no shared
   * memory, and for a reader.
   */
  share(): AudioShare {
    if (this.#shared) return this.#shared;
    throw new Unsupported("Only what a node writes into shared memory can be read as a source with gaps.");
  }

  /** Takes the side back from the processor, between two quanta, and ends the stream or closes the reader. */
  close(): Promise<void> {
    return this.#close();
  }

  #close(fault?: Fault): Promise<void> {
    this.#closing ??= this.#takeBack(fault);
    return this.#closing;
  }

  async #takeBack(fault: Fault | undefined): Promise<void> {
    const end = performance.now() + this.#lease;
    if (this.#ported && fault === undefined && Atomics.load(this.#words, word.turn) !== turn.over)
      await this.#askBack();
    // A quantum takes microseconds; a thread that ended within one never finishes it.
    while (Atomics.compareExchange(this.#words, word.turn, turn.idle, turn.over) === turn.within) {
      if (performance.now() > end) break;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    clearInterval(this.#timer);
    this.#context.removeEventListener("statechange", this.#stateChanged);
    this.node.port.close();
    this.node.disconnect();
    this.#giveBack(fault);
    if (fault) this.#reject(fault);
    else this.#resolve();
  }

  /** Has the processor end by itself, since its words are not seen from here; a context that is closed does not answer. */
  async #askBack(): Promise<void> {
    const over = new Promise<void>((resolve) => {
      this.#over = resolve;
    });
    const order: ProcessorOrder = { kind: "close" };
    this.node.port.postMessage(order);
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, this.#lease))]);
    Atomics.store(this.#words, word.turn, turn.over);
  }

  async [asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * A node that writes its input into a Buf of f32, with as many channels as a frame has; an input that is not connected is
 * silence. Frames that there is no room for are lost and counted, and rendering never waits. Call `addProcessors` before.
 *
 * Throws `taken` where the Buf has a writer, `bad-argument` for other elements, and `unsupported` without the processors.
 */
export function audioWriter(
  context: BaseAudioContext,
  buf: SharedBuf<"f32"> | PortedBufHandle<"f32">,
  options: AudioWriterOptions = {},
): AudioSide {
  if ("kind" in buf) return portedSide(context, buf, "writer", 0);
  const { core, handle, channels } = buf;
  const { exports, ints } = core;
  checkSamples(buf);
  core.expect(exports.writerTake(handle), "write");
  const beat = core.word(exports.bufControl(handle), exports.WRITER_BEAT_OFFSET);
  const giveBack = (fault?: Fault) => {
    if (fault) buf.abandonWriter(fault);
    else if (options.end ?? true) exports.bufFinish(handle, 0);
    exports.writerLeave(handle);
  };
  const words = newWords();
  const { sampleRate: rate } = context;
  const share: AudioShare = { kind: "forebay-audio", shared: buf.share(), rate, channels, words, first: buf.ready };
  const setting: ProcessorSetting = { shared: buf.share({ module: true }), words, reader: 0, prefill: 0 };
  const node = nodeOr(giveBack, context, ...shapeOf("writer", channels, setting));
  // A node that leads nowhere need not be rendered.
  node.connect(context.destination);
  const live = () => void Atomics.add(ints, beat, 1);
  return new AudioSide(context, node, words, buf.lease, live, giveBack, false, share);
}

/**
 * A node that plays what is in a Buf of f32, one channel for each element of a frame. Where no frames are there in time it plays
 * silence, which is counted, and rendering never waits. `done` resolves when the stream was played to its end.
 *
 * Throws `no-room` where the Buf has all of its readers, `bad-argument` for other elements, and `unsupported` without the
 * processors.
 */
export function audioReader(
  context: BaseAudioContext,
  buf: SharedBuf<"f32"> | PortedBufHandle<"f32">,
  options: AudioReaderOptions = {},
): AudioSide {
  if ("kind" in buf) return portedSide(context, buf, "reader", options.prefill ?? 0);
  const { core, handle, channels } = buf;
  const { exports, ints } = core;
  checkSamples(buf);
  const reader = core.expectHandle(exports.readerOpen(handle, 0), "open reader number");
  const beat = core.word(exports.readerAddress(handle, reader), exports.BEAT_OFFSET);
  const giveBack = () => void exports.readerClose(handle, reader);
  const words = newWords();
  const prefill = options.prefill ?? 0;
  const setting: ProcessorSetting = { shared: buf.share({ module: true }), words, reader, prefill };
  const node = nodeOr(giveBack, context, ...shapeOf("reader", channels, setting));
  return new AudioSide(context, node, words, buf.lease, () => void Atomics.add(ints, beat, 1), giveBack);
}

/** A node whose side is an end of a ported Buf: the port is transferred to its processor. */
function portedSide(
  context: BaseAudioContext,
  shared: PortedBufHandle<"f32">,
  side: "writer" | "reader",
  prefill: number,
): AudioSide {
  const { channels, element, lease } = shared;
  if (shared.side !== side) {
    throw new Fault("bad-argument", `This end of the Buf is the ${shared.side}'s, and not the ${side}'s.`);
  }
  if (element !== "f32") throw new Fault("bad-argument", "Audio's samples are f32, and the Buf's elements are not.");
  const setting: ProcessorSetting = { prefill };
  const node = nodeOr(() => shared.port.close(), context, ...shapeOf(side, channels, setting));
  if (side === "writer") node.connect(context.destination);
  const tell = (order: ProcessorOrder, transfer: Transferable[] = []) => node.port.postMessage(order, transfer);
  tell({ kind: "attach", shared }, [shared.port]);
  const words = new Int32Array(countWords);
  return new AudioSide(
    context,
    node,
    words,
    lease,
    () => tell({ kind: "beat" }),
    () => undefined,
    true,
  );
}

/** The processor's name and the node's inputs and outputs. */
function shapeOf(
  side: "writer" | "reader",
  channels: number,
  setting: ProcessorSetting,
): [string, AudioWorkletNodeOptions] {
  const processorOptions = setting;
  if (side === "reader") {
    return [readerName, { numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [channels], processorOptions }];
  }
  return [
    writerName,
    {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      outputChannelCount: [1],
      channelCount: channels,
      channelCountMode: "explicit",
      channelInterpretation: "speakers",
      processorOptions,
    },
  ];
}

function checkSamples(buf: SharedBuf<"f32">): void {
  const { name, labels } = buf.element;
  if (name === "f32" && labels === undefined) return;
  throw new Fault("bad-argument", `Audio's samples are f32, and the Buf's elements are ${labels ? "an enum" : name}.`);
}

function newWords(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(countWords * 4));
}

function nodeOr(
  giveBack: () => void,
  context: BaseAudioContext,
  name: string,
  options: AudioWorkletNodeOptions,
): AudioWorkletNode {
  try {
    return new AudioWorkletNode(context, name, options);
  } catch (error) {
    giveBack();
    const message = `Cannot make a node of the processor "${name}": call \`await addProcessors(context)\` before.`;
    throw new Unsupported(message, {}, error);
  }
}
