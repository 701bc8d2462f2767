/** The microphone: a worklet writes what it hears into a ring, whose reader's side goes to the worker. */
import { addProcessors, audioWriter } from "forebay/audio";
import { portedBuf, SharedArena, transferOf } from "forebay/threads";

const shape = { element: "f32", channels: 1, capacity: 2 ** 16, maxWindow: 2 ** 13 };

async function makeBuf() {
  if (!crossOriginIsolated) {
    const { writer, reader } = portedBuf({ ...shape, pool: 32 });
    return { writer, reader, close: () => {} };
  }
  const arena = await SharedArena.create({ bytes: 2 ** 20 });
  const buf = arena.buf(shape);
  const close = () => {
    buf.close();
    arena.close();
  };
  return { writer: buf, reader: buf.share(), close };
}

/** Opens it: the reader's side, its rate, and how to close it all. */
export async function openMicrophone() {
  const constraints = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: constraints });
  const context = new AudioContext();
  const { writer, reader, close } = await makeBuf();
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  try {
    await Promise.all([context.resume(), addProcessors(context)]);
    const side = audioWriter(context, writer);
    context.createMediaStreamSource(stream).connect(side.node);
    return {
      handle: reader,
      transfer: transferOf(reader),
      rate: context.sampleRate,
      name: stream.getAudioTracks()[0]?.label ?? "microphone",
      /** Frames that the worklet had no room for. */
      lost: () => side.counts.lost,
      async close() {
        await side.close();
        stop();
        setTimeout(close, 1000);
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}
