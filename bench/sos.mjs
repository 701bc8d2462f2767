// Second-order sections: a low-pass of four over one channel of f32, in millions of samples a second.
//
// Ours computes in f64 from end to end and rounds its output to f32; scipy, called with f32 alone, and liquid-dsp compute in f32, so
// their bound is a wider one. fili computes in f64, as JavaScript does. GNU Radio has no cascade.
import { createRequire } from "node:module";
import { sos } from "../build/signal/sos.js";
import { SAMPLES, contestWith, inProcess, nativePeers, noise, ours } from "./lib/filter_peers.mjs";

export const name = "sos";
export const question = "Is a cascade of four second-order sections ahead of scipy's, liquid-dsp's and JavaScript's?";

/** scipy's butter(8, 0.2, output="sos"), as f32. */
const SECTIONS = [
  [2.3959644103776194e-5, 4.791928820755239e-5, 2.3959644103776194e-5, 1, -1.0263514742610553, 0.26864019099379005],
  [1, 2, 1, 1, -1.0868584613628942, 0.3434309401653659],
  [1, 2, 1, 1, -1.219725365124023, 0.5076634651740436],
  [1, 2, 1, 1, -1.451579594247836, 0.794251053241888],
].map((row) => row.map(Math.fround));

/** The definition, in f64. */
function filtered(x) {
  let row = Float64Array.from(x);
  for (const [b0, b1, b2, , a1, a2] of SECTIONS) {
    const y = new Float64Array(row.length);
    for (let n = 0; n < row.length; n++) {
      const forward = b0 * row[n] + b1 * (row[n - 1] ?? 0) + b2 * (row[n - 2] ?? 0);
      y[n] = forward - a2 * (y[n - 2] ?? 0) - a1 * (y[n - 1] ?? 0);
    }
    row = y;
  }
  return row;
}

export async function run({ size, signal }) {
  const { IirFilter } = createRequire(import.meta.url)("fili");
  const x = noise(SAMPLES);
  const samples = Array.from(x);
  const stages = SECTIONS.map(([b0, b1, b2, , a1, a2]) => ({ k: 1, b: [b0, b1, b2], a: [a1, a2], z: [0, 0] }));
  const fili = new IirFilter(stages);
  const once = () => fili.multiStep(samples);
  const contestants = [ours(sos(SECTIONS), x), inProcess("fili", once, once)];
  return contestWith(nativePeers("sos", x, Float32Array.from(SECTIONS.flat())), contestants, {
    what: "4 sections",
    expected: filtered(x),
    // In f32, feedback carries roundings on and on.
    bound: 1e-5,
    bounds: { forebay: 2 ** -24 },
    reach: "> 1×",
    size,
    signal,
  });
}
