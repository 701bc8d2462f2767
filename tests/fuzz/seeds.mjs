// Whole files of every format, small, from which the fuzzer starts.
import { arraySink } from "../../build/adapters.js";
import { edfSink, sigmfSink, wavSink } from "../../build/formats.js";

const numbers = Uint8Array.from({ length: 240 }, (_, index) => index * 37);
const text = (words) => new TextEncoder().encode(words);

/** What a sink makes of the numbers. */
function written(sink, target) {
  sink.mark?.(3, "here", 2);
  for (let at = 0; at < numbers.length; ) at += sink.writeSync(numbers.subarray(at), at);
  sink.gap?.(100);
  for (let at = 0; at < numbers.length; ) at += sink.writeSync(numbers.subarray(at), numbers.length + at);
  sink.close();
  return target.bytes.slice();
}

function wav(options) {
  const target = arraySink();
  return written(wavSink(target, { rate: 8000, ...options }), target);
}

/** The same as RF64, with the sizes in a chunk of their own. */
function long(file) {
  const copy = file.slice();
  copy.set(text("RF64"), 0);
  copy.set(text("ds64"), 12);
  const view = new DataView(copy.buffer);
  view.setUint32(20, view.getUint32(4, true), true);
  view.setUint32(28, numbers.length * 2, true);
  view.setUint32(4, 0xffffffff, true);
  return copy;
}

function edf(options) {
  const target = arraySink();
  return written(edfSink(target, { channels: 2, rate: 10, startTime: 1e12, ...options }), target);
}

function sigmf() {
  const [data, meta] = [arraySink(), arraySink()];
  written(
    sigmfSink({ data, meta }, { sampleFormat: "s16", channels: 2, complex: true, rate: 1e6, startTime: 1e12 }),
    data,
  );
  return { data: data.bytes.slice(), meta: meta.bytes.slice() };
}

/** An archive of files by their names. */
function tar(files) {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const block = new Uint8Array(512);
    block.set(text(name));
    block.set(text(content.length.toString(8).padStart(11, "0")), 124);
    block.set(text("0"), 156);
    block.set(text("ustar\0"), 257);
    return [...block, ...content, ...new Uint8Array(-content.length & 511)];
  });
  return Uint8Array.from([...blocks, ...new Uint8Array(1024)]);
}

const pair = sigmf();
const headed = text(
  JSON.stringify({
    global: { "core:datatype": "ru16_be", "core:num_channels": 3, "core:trailing_bytes": 7 },
    captures: [
      { "core:sample_start": 0, "core:global_index": 5, "core:header_bytes": 9 },
      { "core:sample_start": 7, "core:global_index": 50, "core:header_bytes": 3 },
    ],
  }),
);

const info = { INAM: "Title", ICMT: "words" };

/** Parser → seeds: the file's name, its bytes, and those of the file beside it. */
export const seeds = {
  wav: [
    { name: "x.wav", bytes: wav({ sampleFormat: "u8", channels: 1, info }) },
    { name: "x.wav", bytes: wav({ sampleFormat: "s24", channels: 2, startTime: 1e12 }) },
    { name: "x.wav", bytes: wav({ sampleFormat: "f32", channels: 3 }) },
    { name: "x.wav", bytes: long(wav({ sampleFormat: "s16", channels: 1, info })) },
  ],
  edf: [
    { name: "x.edf", bytes: edf({ sampleFormat: "s16" }) },
    { name: "x.bdf", bytes: edf({ sampleFormat: "s24", channels: 1 }) },
  ],
  sigmf: [
    { name: "x.sigmf-meta", bytes: pair.meta, beside: pair.data },
    { name: "x.sigmf-meta", bytes: headed, beside: pair.data },
  ],
  archive: [
    { name: "x.sigmf", bytes: tar({ "x.sigmf-meta": pair.meta, "x.sigmf-data": pair.data }) },
    { name: "x.sigmf", bytes: tar({ "x.sigmf-data": pair.data, "x.sigmf-meta": pair.meta }) },
  ],
  raw: [{ name: "x.cf32", bytes: numbers }],
};
