// Seeking: what is resident is there at once, everything else is sent for; nothing blocks.
import { Arena, bytesSource } from "forebay";

const arena = await Arena.create();
const samples = Float64Array.from({ length: 1_000_000 }, (_, i) => i);
const flow = arena.open(bytesSource(samples), { element: "f64", readBehind: 1000 });

const far = flow.seek(900_000);
console.log(`900000: ${far}`);
const answer = await flow.ready(10);
console.log(`the first one there is ${answer.window.data[0]}`);
flow.advance(10);
console.log(`a little back: ${flow.seek(900_005)}, and it is ${flow.window(1).window.data[0]}`);
await flow.close();
// prints: 900000: not-ready
// prints: the first one there is 900000
// prints: a little back: ready, and it is 900005
