/** The microphone. In a page with shared memory it is the library's, which tells of each loss; in others its frames come by messages. */
import { addProcessors, audioWriter, openMicrophone as openShared } from "forebay/audio";
import { portedBuf, transferOf } from "forebay/threads";

/** Opens it: what the worker reads, its rate, and how to close it. `lost`: frames that only the page hears of. */
export async function openMicrophone() {
  if (!crossOriginIsolated) return openPorted();
  const microphone = await openShared();
  const { rate } = microphone;
  return { given: microphone.share(), transfer: [], rate, lost: () => 0, close: () => microphone.close() };
}

async function openPorted() {
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const context = new AudioContext();
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    return context.close();
  };
  try {
    await Promise.all([context.resume(), addProcessors(context)]);
    const { writer, reader } = portedBuf({ element: "f32", capacity: 2 ** 16, maxWindow: 2 ** 13, pool: 32 });
    const side = audioWriter(context, writer);
    context.createMediaStreamSource(stream).connect(side.node);
    const close = () => side.close().then(stop);
    const { sampleRate: rate } = context;
    return { given: reader, transfer: transferOf(reader), rate, lost: () => side.counts.lost, close };
  } catch (error) {
    await stop();
    throw error;
  }
}
