// The platform's streams, both ways: a stream as a source, a flow as a stream, and a Buf that streams are piped into.
import { Arena } from "forebay";
import { readableStreamSource } from "forebay/web";

const arena = await Arena.create();
const samples = Float32Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 20));

// Chunks that end anywhere, as a network gives them: 1,001 bytes are no whole number of samples.
function* cut(bytes) {
  for (let at = 0; at < bytes.length; at += 1001) yield bytes.subarray(at, at + 1001);
}
const body = ReadableStream.from(cut(new Uint8Array(samples.buffer)));

const flow = arena.open(readableStreamSource(body), { element: "f32" });
await flow.ready(100);
flow.advance(100); // a header, say
const zipped = flow.readable().pipeThrough(new CompressionStream("gzip")); // the rest of the flow, which it closes

const buf = arena.buf({ element: "f32", capacity: 1024 });
const reader = buf.reader();
const piped = zipped.pipeThrough(new DecompressionStream("gzip")).pipeTo(buf.writable()); // waits while the Buf is full
let count = 0;
let first;
for (let answer = await reader.ready(); answer.state === "ready"; answer = await reader.ready()) {
  first ??= answer.window.data[0];
  count += answer.window.length;
  reader.advance(answer.window);
}
await piped;
buf.close();
console.log(`${count} samples, the first of them is ${first.toFixed(4)} = sin(5)`);
// prints: 9900 samples, the first of them is -0.9589 = sin(5)
