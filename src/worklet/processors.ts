/** The two processors: one writes its input into a Buf, one plays from a Buf. */
import type { SharedBufHandle } from "../thread/shared.js";
import { count, turn, word } from "./counts.js";
import { coreOf, QuantumReader, type QuantumSink, type QuantumSource, QuantumWriter } from "./quantum.js";
import type { AudioScope, Planes } from "./scope.js";

/** The names that the processors are registered by. */
export const writerName = "forebay-writer";
export const readerName = "forebay-reader";

/** What a node of the page's is made with. The side is taken already: what is wrong with it was said on the page. */
export interface ProcessorSetting {
  readonly shared: SharedBufHandle<"f32">;
  /** See counts.ts. */
  readonly words: Int32Array;
  /** A reader's handle. */
  readonly reader: number;
  /** Frames that must be there before a reader begins to play, and that no underrun is counted for. */
  readonly prefill: number;
}

/** What a processor tells the page, at most once. */
export interface ProcessorNews {
  readonly kind: "ended" | "failed";
  readonly code?: string;
  readonly message?: string;
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
    readonly #words: Int32Array;

    constructor(words: Int32Array) {
      super();
      this.#words = words;
    }

    process(inputs: readonly Planes[], outputs: readonly Planes[]): boolean {
      const words = this.#words;
      // The page takes the side between two quanta: afterwards nothing here touches the Buf.
      if (Atomics.compareExchange(words, word.turn, turn.idle, turn.within) !== turn.idle) return false;
      let goesOn = false;
      try {
        const frames = quantumOf(inputs, outputs);
        const lost = this.render(inputs, outputs, frames);
        goesOn = lost >= 0;
        count(words, frames, Math.max(0, lost));
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

    tell(news: ProcessorNews): void {
      this.port.postMessage(news);
    }
  }

  class Writer extends Processor {
    readonly #side: QuantumSink;

    constructor({ processorOptions }: { processorOptions?: unknown }) {
      const { shared, words } = processorOptions as ProcessorSetting;
      super(words);
      this.#side = new QuantumWriter(coreOf(shared), shared);
    }

    protected render(inputs: readonly Planes[], _outputs: readonly Planes[], frames: number): number {
      return frames - this.#side.write(inputs[0] ?? none, frames);
    }
  }

  class Reader extends Processor {
    readonly #side: QuantumSource;
    /** Frames still to be waited for before the first is played; 0 from then on. */
    #prefill: number;

    constructor({ processorOptions }: { processorOptions?: unknown }) {
      const { shared, words, reader, prefill } = processorOptions as ProcessorSetting;
      super(words);
      this.#side = new QuantumReader(coreOf(shared), shared, reader);
      this.#prefill = prefill;
    }

    protected render(_inputs: readonly Planes[], outputs: readonly Planes[], frames: number): number {
      const side = this.#side;
      if (this.#prefill > 0 && side.available < this.#prefill && !side.over) {
        side.beat();
        return 0;
      }
      this.#prefill = 0;
      const read = side.read(outputs[0] ?? none, frames);
      if (side.ended) return -1;
      // What the stream's end leaves of a quantum is silence, and nothing that is missing.
      return side.over ? 0 : frames - read;
    }
  }

  scope.registerProcessor(writerName, Writer);
  scope.registerProcessor(readerName, Reader);
}
