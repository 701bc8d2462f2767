// A sensor whose packets get lost on the way: what came, what did not, and that both add up to what was sent.
import { Arena } from "forebay";
import { packetSource, syntheticAdc } from "forebay/sensors";
import { openSignal } from "forebay/signal";

// Ten seconds of a 50 Hz tone; of its packets one in a hundred is dropped, one in a thousand damaged.
const adc = syntheticAdc({
  rate: 48_000,
  frames: 480_000,
  tones: [{ frequency: 50, amplitude: 0.5 }],
  loss: 0.01,
  corrupt: 0.001,
});
const arena = await Arena.create();
const signal = openSignal(arena, packetSource(adc, adc.format), { element: "i16", rate: adc.rate, startTime: 0 });

let windows = 0;
await signal.each({ size: 960, tail: "drop" }, ({ gap, start, time }) => {
  windows++;
  if (gap && windows < 40)
    console.log(`${gap.lost} frames missing before ${time.toFixed(1)} ms (frame ${start}): ${gap.cause}`);
});
const { delivered, lost, gaps } = signal.ledger;
console.log(`${windows} windows of 20 ms without a gap in them`);
console.log(`${delivered} frames came, ${lost} did not, in ${gaps.length} places: ${delivered + lost} of ${adc.sent}`);
await signal.close();
// prints: 64 frames missing before 17.3 ms (frame 768): checksum
// prints: 64 frames missing before 432.0 ms (frame 20608): sequence
// prints: 64 frames missing before 521.3 ms (frame 24832): sequence
// prints: 448 windows of 20 ms without a gap in them
// prints: 474304 frames came, 5696 did not, in 89 places: 480000 of 480000
