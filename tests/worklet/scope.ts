/** An AudioWorklet's global scope for tests: what the processors register, and nodes that render when they are told to. */
import { once } from "node:events";
import { MessageChannel, type MessagePort as NodePort } from "node:worker_threads";
import { registerProcessors } from "../../src/worklet/processors.js";
import type { AudioScope, Planes, ProcessorClass } from "../../src/worklet/scope.js";

/** A processor that was made, and the page's end of its port. */
export interface Rendered {
  readonly port: NodePort;
  /** Resolves once the processor has had its next message: its own listener stands before this one. */
  heard(): Promise<unknown>;
  process(inputs: readonly Planes[], outputs: readonly Planes[]): boolean;
}

/** A scope with the library's processors; `make` makes one as a node would. */
export function audioScope(): { make(name: string, processorOptions: unknown): Rendered } {
  const classes = new Map<string, ProcessorClass>();
  let pending: NodePort | undefined;
  const scope: AudioScope = {
    AudioWorkletProcessor: class {
      readonly port = pending as unknown as MessagePort;
    },
    sampleRate: 48_000,
    registerProcessor: (name, processor) => void classes.set(name, processor),
  };
  registerProcessors(scope);
  return {
    make(name, processorOptions) {
      const { port1, port2 } = new MessageChannel();
      port1.unref();
      port2.unref();
      pending = port2;
      const processor = new (classes.get(name) as ProcessorClass)({ processorOptions });
      return {
        port: port1,
        heard: () => once(port2, "message"),
        process: (inputs, outputs) => processor.process(inputs, outputs),
      };
    },
  };
}

/** Planes of silence. */
export function planes(channels: number, frames: number): Float32Array[] {
  return Array.from({ length: channels }, () => new Float32Array(frames));
}
