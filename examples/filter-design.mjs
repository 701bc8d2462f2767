// Filters designed by a package (fili) and run by forebay: taps for `fir` and `decimate`, sections for `sos`. Designing a filter is
// done once and is nothing that needs to be fast; any package will do that gives an impulse response or second-order sections.
import Fili from "fili";
import { Arena, bytesSource } from "forebay";
import { decimate, fir, openSignal, sos } from "forebay/signal";

const rate = 8000;

/** A second of two tones, 300 Hz and 3000 Hz, both of amplitude 1. */
const tone = (frequency, n) => Math.sin((2 * Math.PI * frequency * n) / rate);
const tones = Float32Array.from({ length: rate }, (_, n) => tone(300, n) + tone(3000, n));

const arena = await Arena.create();
const open = () => openSignal(arena, bytesSource(tones), { element: "f32", rate });

/** The amplitude of a tone in a signal: its part of the last half second. */
async function amplitude(signal, frequency) {
  let re = 0;
  let im = 0;
  const frames = signal.rate / 2;
  await signal.each({ size: 1 }, (window) => {
    if (window.start < frames) return;
    const turn = (2 * Math.PI * frequency * window.start) / signal.rate;
    re += window.data[0] * Math.cos(turn);
    im += window.data[0] * Math.sin(turn);
  });
  await signal.close();
  return ((2 * Math.hypot(re, im)) / frames).toFixed(2);
}

// A low-pass of 65 taps: an impulse response is what `fir` takes.
const taps = new Fili.FirCoeffs().lowpass({ order: 64, Fs: rate, Fc: 1000 });
const low = open().through(fir(taps));
console.log(`fir: ${taps.length} taps, a delay of ${low.delay} frames`);
console.log(`300 Hz: ${await amplitude(low, 300)}, 3000 Hz: ${await amplitude(open().through(fir(taps)), 3000)}`);
// prints: fir: 65 taps, a delay of 32 frames
// prints: 300 Hz: 1.00, 3000 Hz: 0.00

// The same taps on the way to a quarter of the rate, where 3000 Hz would show as 1000 Hz.
const slow = open().through(decimate(4, taps));
console.log(`${slow.rate} frames a second, 300 Hz: ${await amplitude(slow, 300)}`);
// prints: 2000 frames a second, 300 Hz: 1.00

// A Butterworth high-pass of four sections: fili has b, a (without a0, which is 1) and a gain; a row is b0 b1 b2 a0 a1 a2.
const cascade = new Fili.CalcCascades().highpass({ order: 4, characteristic: "butterworth", Fs: rate, Fc: 1000 });
const sections = cascade.map(({ k, a, b }) => [...b.map((value) => k * value), 1, ...a]);
console.log(`300 Hz: ${await amplitude(open().through(sos(sections)), 300)}`);
console.log(`3000 Hz: ${await amplitude(open().through(sos(sections)), 3000)}`);
// prints: 300 Hz: 0.00
// prints: 3000 Hz: 1.00
