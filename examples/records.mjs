// Length-prefixed records out of a stream that arrives in pieces of any size: ask for what the next step needs, advance over
// what was parsed. No remainder is carried, and no chunk concatenated.
import { Arena } from "forebay";

const words = ["ready", "not ready", "ended"];
const bytes = words.flatMap((word) => [word.length, ...new TextEncoder().encode(word)]);

/** A source of your own: one method. This one gives a byte at a time, as hostile as a source can be. */
const source = {
  read(into, position) {
    if (position === bytes.length) return 0;
    into[0] = bytes[position];
    return 1;
  },
};

const arena = await Arena.create();
const flow = arena.open(source, { element: "u8" });
for (;;) {
  const prefix = await flow.ready(1);
  if (prefix.state !== "ready") break;
  const length = prefix.window.data[0];
  const record = await flow.ready(1 + length);
  console.log(new TextDecoder().decode(record.window.data.subarray(1, 1 + length)));
  flow.advance(1 + length);
}
await flow.close();
// prints: ready
// prints: not ready
// prints: ended
