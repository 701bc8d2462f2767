// A stream of labels: stored as one byte each, shown as labels.
import { Arena } from "forebay";

const arena = await Arena.create();
const states = arena.buf({ element: ["idle", "run", "fault"], capacity: 100 });
const reader = states.reader();

states.pushAll(["idle", "run", "run", "fault"].map((label) => states.code(label)));
states.end();

const answer = reader.window(4);
const { window } = answer;
console.log(`${answer.state}: ${Array.from({ length: window.length }, (_, i) => window.label(i)).join(" → ")}`);
// prints: ready: idle → run → run → fault
