// The steady state of bench/windows.mjs: so many windows, after a warm-up, between the words BEGIN and END, then what the heap has grown by.
import { Arena } from "../../build/index.js";

const wanted = Number(process.argv[2]);
const arena = await Arena.create();
const buf = arena.buf({ element: "f32", capacity: 2 ** 18, maxWindow: 4096 });
const reader = buf.reader();
const loop = reader.loop({ size: 1024, hop: 256 });
let windows = 0;
let sum = 0;
const visit = (window) => {
  windows++;
  sum += window.data[0] + window.data[1023];
};

/** Fills what is free and looks at what is there, until so many windows were looked at. */
function work(until) {
  while (windows < until) {
    const span = buf.tryReserve(1);
    if (span) buf.commit(span.length);
    reader.visitReady(loop, visit);
  }
}

// Until the loop is compiled for good (some tenths of a second) it makes garbage; what is measured is the steady state.
work(20_000_000);
globalThis.gc?.();
windows = 0;
const before = process.memoryUsage().heapUsed;
process.stdout.write("BEGIN\n");
work(wanted);
const grown = process.memoryUsage().heapUsed - before;
process.stdout.write("END\n");
process.stdout.write(JSON.stringify({ windows, grown, sum }));
