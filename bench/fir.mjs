// FIR: 64 taps over one channel of f32, in millions of samples a second.
//
// The row of samples lies in a block of the arena and is filtered over and over, 64 Ki samples a pass; for every other contestant it
// lies where that one wants it. scipy is called with f32 alone. GNU Radio runs its own filter block in a flow graph.
import { createRequire } from "node:module";
import { fir } from "../build/signal/fir.js";
import { SAMPLES, contestWith, convolved, inProcess, lowPass, nativePeers, noise, ours } from "./lib/filter_peers.mjs";

export const name = "fir";
export const question = "Is a FIR filter of 64 taps ahead of the native libraries' and JavaScript's?";

const TAPS = 64;

/** The loop that a JavaScript developer would write. */
function loop(x, taps, y) {
  for (let n = taps.length - 1; n < x.length; n++) {
    let sum = 0;
    for (let k = 0; k < taps.length; k++) sum += taps[k] * x[n - k];
    y[n] = sum;
  }
}

export async function run({ size, signal }) {
  const { FirFilter } = createRequire(import.meta.url)("fili");
  const x = noise(SAMPLES);
  const taps = lowPass(TAPS, 0.25);
  const expected = convolved(x, taps);
  const y = new Float32Array(SAMPLES);
  const looped = () => loop(x, taps, y);
  const firstLooped = () => {
    looped();
    y.set(expected.subarray(0, TAPS - 1));
    return y;
  };
  const filtered = Array.from(x);
  const fili = new FirFilter(Array.from(taps));
  const contestants = [
    ours(fir(taps), x),
    inProcess("JavaScript loop", firstLooped, looped),
    inProcess(
      "fili",
      () => fili.multiStep(filtered),
      () => fili.multiStep(filtered),
    ),
  ];
  return contestWith(nativePeers("fir", x, taps), contestants, {
    what: `${TAPS} taps`,
    expected,
    // Sums of 64 products, rounded at each.
    bound: TAPS * 2 ** -24 * taps.reduce((sum, tap) => sum + Math.abs(tap), 0),
    // fili leaves the last tap out.
    bounds: { fili: 1.01 * Math.abs(taps[TAPS - 1]) },
    reach: "> 1×",
    size,
    signal,
  });
}
