// A hold keeps one window while the reader goes on; the room it takes is given back when it is released.
import { Arena } from "forebay";

const arena = await Arena.create();
const buf = arena.buf({ element: "i16", capacity: 8, maxWindow: 4 });
const reader = buf.reader();

buf.pushAll([1, 2, 3, 4, 5, 6, 7, 8]);
const first = reader.window(4, 4);
const hold = first.window.hold();
reader.advance(4);

try {
  buf.reserve(1); // the reader has moved on, but its window is held
} catch (fault) {
  console.log(`${fault.code}: ${fault.message}`);
}
console.log(`still there: ${hold.data.join(" ")}`);
hold.release();
console.log(`room after the release: ${buf.room}`);
// prints: held: Cannot reserve 1 frame: room for 0. Only holds stand in the way; release one.
// prints: still there: 1 2 3 4
// prints: room after the release: 4
