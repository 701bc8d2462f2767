// Decimation: 64 taps over one channel of f32, every eighth output, in millions of input samples a second.
//
// As bench/fir.mjs. No JavaScript library that we know decimates: a loop stands here which computes every eighth output alone.
import { decimate } from "../build/signal/decimate.js";
import { SAMPLES, contestWith, convolved, inProcess, lowPass, nativePeers, noise, ours } from "./lib/filter_peers.mjs";

export const name = "decimate";
export const question =
  "Is a FIR filter of 64 taps that decimates by 8 ahead of the native libraries' and JavaScript's?";

const TAPS = 64;
const FACTOR = 8;

function loop(x, taps, y) {
  for (let m = TAPS / FACTOR; m < y.length; m++) {
    let sum = 0;
    for (let k = 0; k < taps.length; k++) sum += taps[k] * x[FACTOR * m - k];
    y[m] = sum;
  }
}

export async function run({ size, signal }) {
  const x = noise(SAMPLES);
  const taps = lowPass(TAPS, 1 / FACTOR);
  const expected = convolved(x, taps, FACTOR);
  const y = new Float32Array(SAMPLES / FACTOR);
  const looped = () => loop(x, taps, y);
  const firstLooped = () => {
    looped();
    y.set(expected.subarray(0, TAPS / FACTOR));
    return y;
  };
  const contestants = [ours(decimate(FACTOR, taps), x), inProcess("JavaScript loop", firstLooped, looped)];
  return contestWith(nativePeers("decimate", x, taps, FACTOR), contestants, {
    what: `${TAPS} taps, by ${FACTOR}, input rate`,
    expected,
    bound: TAPS * 2 ** -24 * taps.reduce((sum, tap) => sum + Math.abs(tap), 0),
    reach: "> 1×",
    size,
    signal,
  });
}
