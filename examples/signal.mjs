// A converter that drops packets: every sample is delivered or counted, and no window mixes what lies before a gap with what follows.
import { Arena } from "forebay";
import { packetSource, syntheticAdc } from "forebay/sensors";
import { convert, decimate, openSignal } from "forebay/signal";

const adc = syntheticAdc({ rate: 48_000, frames: 48_000, dropEvery: 250, noise: 0 });

const arena = await Arena.create();
const signal = openSignal(arena, packetSource(adc, adc.format), {
  element: adc.element,
  rate: adc.rate,
  startTime: Date.UTC(2026, 10, 23),
});
signal.mark(24_000, "the pump starts");

// Any taps do; examples/filter-design.mjs takes them from a package made for that.
const taps = new Float32Array(32).fill(1 / 32);
const slow = signal.through(convert({ from: "s16", profile: "power-of-two" })).through(decimate(8, taps));

let loudest = 0;
await slow.each({ size: 512 }, (window) => {
  const { gap, marks, time } = window;
  if (gap) console.log(`${gap.lost} frames are missing before ${new Date(time).toISOString()}: ${gap.cause}`);
  for (const { position, value } of marks)
    console.log(`${value}: frame ${position}, ${slow.secondsOf(position).toFixed(3)} s`);
  loudest = window.data.reduce((most, sample) => Math.max(most, Math.abs(sample)), loudest);
});

const { delivered, lost, sent } = signal.ledger;
console.log(`${delivered} delivered + ${lost} lost = ${sent} sent, at ${slow.rate} Hz up to ${loudest.toFixed(2)}`);
await slow.close();
// prints: 8 frames are missing before 2026-11-23T00:00:00.333Z: sequence
// prints: the pump starts: frame 3001, 0.501 s
// prints: 8 frames are missing before 2026-11-23T00:00:00.666Z: sequence
// prints: 47872 delivered + 128 lost = 48000 sent, at 6000 Hz up to 0.32
