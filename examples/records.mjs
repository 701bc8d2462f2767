// Length-prefixed records out of a stream that arrives in pieces of any size. No remainder is carried, no chunk concatenated:
// say how long a record is, and each is given whole, as a place in the library's own memory.
import { Arena } from "forebay";
import { records } from "forebay/records";

const words = ["ready", "not ready", "ended"];
const bytes = words.flatMap((word) => [word.length, 0, ...new TextEncoder().encode(word)]);

/** A source of your own: one method. This one gives a byte at a time, as hostile as a source can be. */
const source = {
  read(into, position) {
    if (position === bytes.length) return 0;
    into[0] = bytes[position];
    return 1;
  },
};

/** Two bytes of length, then that many. */
const framing = { header: 2, length: (data, at) => 2 + (data[at] | (data[at + 1] << 8)) };

const arena = await Arena.create();
const flow = arena.open(source, { element: "u8" });
await records(flow, framing, (data, begin, end) => {
  console.log(new TextDecoder().decode(data.subarray(begin + 2, end)));
});
await flow.close();
// prints: ready
// prints: not ready
// prints: ended

// The same by hand, where a parser asks for one thing after the other: `ready(n)` waits for what the next step needs.
const again = arena.open(source, { element: "u8" });
for (;;) {
  const header = await again.ready(2);
  if (header.state !== "ready") break;
  const length = header.window.data[0] | (header.window.data[1] << 8);
  const record = await again.ready(2 + length);
  if (record.state !== "ready") break;
  console.log(new TextDecoder().decode(record.window.data.subarray(2, 2 + length)));
  again.advance(2 + length);
}
await again.close();
// prints: ready
// prints: not ready
// prints: ended
