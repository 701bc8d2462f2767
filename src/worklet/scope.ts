/** What an AudioWorklet's global scope has, as far as it is used here; TypeScript's libraries do not declare it. */

/** Channels of an input or output: one array of samples each, all of the render quantum's length. Empty: not connected. */
export type Planes = readonly Float32Array[];

/** What a processor is derived from. */
export interface ProcessorBase {
  readonly port: MessagePort;
}

/** A class of processors, as `registerProcessor` takes it. */
export type ProcessorClass = new (options: {
  readonly processorOptions?: unknown;
}) => ProcessorBase & { process(inputs: readonly Planes[], outputs: readonly Planes[]): boolean };

/** The global scope of an AudioWorklet. */
export interface AudioScope {
  readonly AudioWorkletProcessor: new () => ProcessorBase;
  /** Frames a second. */
  readonly sampleRate: number;
  registerProcessor(name: string, processor: ProcessorClass): void;
}
