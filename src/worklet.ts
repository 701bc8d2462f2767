/**
 * AudioWorklets: sides of shared Bufs for code that may neither wait nor allocate, and the two ready processors. Nothing here
 * needs TextDecoder, atob, timers or performance, which a worklet lacks; the compiled core is posted to it.
 *
 * @module
 */
export type { SharedBufHandle } from "./thread/shared.js";
export { readerName, registerProcessors, writerName } from "./worklet/processors.js";
export { attach, QuantumReader, type QuantumSink, type QuantumSource, QuantumWriter } from "./worklet/quantum.js";
export type { AudioScope, Planes, ProcessorBase, ProcessorClass } from "./worklet/scope.js";
