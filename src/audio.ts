/**
 * Audio, on the page: nodes of an AudioContext that write what they hear into a shared Buf, or play what is in one.
 *
 * @module
 */
export { type AddProcessorsOptions, addProcessors } from "./audio/module.js";
export {
  type AudioReaderOptions,
  AudioSide,
  type AudioWriterOptions,
  audioReader,
  audioWriter,
} from "./audio/nodes.js";
export type { AudioCounts } from "./worklet/counts.js";
