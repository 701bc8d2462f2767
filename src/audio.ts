/**
 * Audio, on the page: nodes of an AudioContext that write what they hear into a shared Buf, or play what is in one.
 *
 * @module
 */
export { Microphone, type MicrophoneOptions, openMicrophone } from "./audio/microphone.js";
export { type AddProcessorsOptions, addProcessors } from "./audio/module.js";
export {
  type AudioReaderOptions,
  AudioSide,
  type AudioWriterOptions,
  audioReader,
  audioWriter,
} from "./audio/nodes.js";
export { type AudioShare, type AudioSource, audioSource } from "./audio/source.js";
export type { AudioCounts } from "./worklet/counts.js";
