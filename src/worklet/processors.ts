/** The two processors: one writes its input into a Buf, one plays from a Buf. */
import type { SharedBufHandle } from "../thread/shared.js";
import type { PortedBufHandle } from "../thread/message.js";
import { count, countWords, logLoss, turn, word } from "./counts.js";
import { PortedQuantumReader, PortedQuantumWriter } from "./ported.js";
import { coreOf, QuantumReader, type QuantumSink, type QuantumSource, QuantumWriter } from "./quantum.js";
import type { AudioScope, Planes } from "./scope.js";

/** The names that the processors are registered by. */
export const writerName = "forebay-writer";
export const readerName = "forebay-reader";

/** What a node of the page's is made with. The side is taken already: what is wrong with it was said on the page. */
export interface ProcessorSetting {
  /** Over shared memory; what comes by messages is posted, because a node's options transfer no port. */
  readonly shared?: SharedBufHandle<"f32">;
  /** See counts.ts. Without shared memory they are the processor's own, and posted now and then. */
  readonly words?: Int32Array;
  /** A reader's handle. */
  readonly reader?: number;
  /** Frames that must be there before a reader begins to play, and that no underrun is counted for. */
  readonly prefill: number;
}

/** What the page posts to a processor without shared memory. */
export type ProcessorOrder =
  | { readonly kind: "attach"; readonly shared: PortedBufHandle<"f32"> }
  | { readonly kind: "beat" }
  | { readonly kind: "close" };

/** What a processor tells the page: that it is over, at most once, and without shared memory what it has counted. */
export interface ProcessorNews {
  readonly kind: "ended" | "failed" | "counts";
  readonly code?: string;
  readonly message?: string;
  readonly words?: Int32Array;
}

/** Frames after which the counts are posted where there is no shared memory. */
const framesPerNews = 16_384;

/** A side over messages. */
interface Ported {
  beat(): void;
  close(): void;
}

/** An input that is not connected. */
const none: Planes = [];

/** The frames of this quantum: the length of any plane that there is. */
function quantumOf(inputs: readonly Planes[], outputs: readonly Planes[]): number {
  return (inputs[0]?.[0] ?? outputs[0]?.[0])?.length ?? 0;
}

/**
 * Registers both processors. Call it in a module of your own that `audioWorklet.addModule` loads, beside your processors; or
 * have `addProcessors` of forebay/audio load them by themselves.
 */
export function registerProcessors(scope: AudioScope = globalThis as unknown as AudioScope): void {
  abstract class Processor extends scope.AudioWorkletProcessor {
    protected readonly words: Int32Array;
    /** The side, where it is one over messages and has been posted. */
    #ported: Ported | undefined;
    #sinceNews = 0;

    constructor({ words }: ProcessorSetting) {
      super();
      this.words = words ?? new Int32Array(countWords);
      if (!words) this.port.onmessage = ({ data }: MessageEvent<ProcessorOrder>) => this.#told(data);
    }

    #told(order: ProcessorOrder): void {
      if (order.kind === "attach") this.#ported = this.attach(order.shared, scope.sampleRate);
      else if (order.kind === "beat") this.#ported?.beat();
      else {
        // On the thread that renders, so between two quanta.
        if (Atomics.exchange(this.words, word.turn, turn.over) === turn.idle) this.#ported?.close();
        this.tell({ kind: "counts", words: this.words });
        this.tell({ kind: "ended" });
      }
    }

    process(inputs: readonly Planes[], outputs: readonly Planes[]): boolean {
      const words = this.words;
      // The page takes the side between two quanta: afterwards nothing here touches the Buf.
      if (Atomics.compareExchange(words, word.turn, turn.idle, turn.within) !== turn.idle) return false;
      let goesOn = false;
      try {
        const frames = quantumOf(inputs, outputs);
        const lost = this.render(inputs, outputs, frames);
        goesOn = lost >= 0;
        count(words, frames, Math.max(0, lost));
        this.#sinceNews += frames;
        if (this.#ported && (this.#sinceNews >= framesPerNews || !goesOn)) {
          this.#sinceNews = 0;
          this.tell({ kind: "counts", words });
        }
        if (!goesOn) this.tell({ kind: "ended" });
      } catch (error) {
        const { code, message } = error as { code?: string; message?: string };
        this.tell({ kind: "failed", code: code ?? "", message: message ?? String(error) });
      }
      Atomics.store(words, word.turn, goesOn ? turn.idle : turn.over);
      return goesOn;
    }

    /** Renders one quantum and returns the frames that were lost, or −1 at the stream's end. */
    protected abstract render(inputs: readonly Planes[], outputs: readonly Planes[], frames: number): number;

    /** Takes a side over messages. */
    protected abstract attach(shared: PortedBufHandle<"f32">, rate: number): Ported;

    tell(news: ProcessorNews): void {
      this.port.postMessage(news);
    }
  }

  class Writer extends Processor {
    #side: QuantumSink | undefined;
    /** Frames written, and frames lost that the log does not have yet. */
    #written = 0;
    #lost = 0;

    constructor({ processorOptions }: { processorOptions?: unknown }) {
      const setting = processorOptions as ProcessorSetting;
      super(setting);
      const { shared } = setting;
      this.#side = shared && new QuantumWriter(coreOf(shared), shared);
    }

    protected attach(shared: PortedBufHandle<"f32">, rate: number): Ported {
      const side = new PortedQuantumWriter(shared, rate);
      this.#side = side;
      return side;
    }

    protected render(inputs: readonly Planes[], _outputs: readonly Planes[], frames: number): number {
      // Until its side has been posted, nothing is heard, and so nothing is lost.
      if (this.#side === undefined) return 0;
      if (this.#lost > 0 && logLoss(this.words, this.#written, this.#lost)) this.#lost = 0;
      const written = this.#side.write(inputs[0] ?? none, frames);
      this.#written += written;
      this.#lost += frames - written;
      return frames - written;
    }
  }

  class Reader extends Processor {
    #side: QuantumSource | undefined;
    /** Frames still to be waited for before the first is played; 0 from then on. */
    #prefill: number;

    constructor({ processorOptions }: { processorOptions?: unknown }) {
      const setting = processorOptions as ProcessorSetting;
      super(setting);
      const { shared, reader, prefill } = setting;
      this.#side = shared && new QuantumReader(coreOf(shared), shared, reader ?? 0);
      this.#prefill = prefill;
    }

    protected attach(shared: PortedBufHandle<"f32">, rate: number): Ported {
      const side = new PortedQuantumReader(shared, rate);
      this.#side = side;
      return side;
    }

    protected render(_inputs: readonly Planes[], outputs: readonly Planes[], frames: number): number {
      const side = this.#side;
      if (side === undefined) return 0;
      if (this.#prefill > 0 && side.available < this.#prefill && !side.over && !side.full) {
        side.beat(frames);
        return 0;
      }
      this.#prefill = 0;
      const read = side.read(outputs[0] ?? none, frames);
      if (side.ended && read === 0) return -1;
      // What the stream's end leaves of a quantum is silence, and nothing that is missing.
      return side.over ? 0 : frames - read;
    }
  }

  scope.registerProcessor(writerName, Writer);
  scope.registerProcessor(readerName, Reader);
}
