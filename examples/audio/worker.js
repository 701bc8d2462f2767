/** The worker: looks at every window of 2048 frames, 128 apart, and posts a picture of the latest some thirty times a second. */
import { attach } from "forebay/threads";

const size = 2048;
const hop = 128;
const bandCount = 64;

/** A Hann window. */
const taper = Float32Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));

/** How strong one frequency is, as the amplitude of a tone, by Goertzel's algorithm. */
function strength(data, frequency, rate) {
  const turn = 2 * Math.cos((2 * Math.PI * frequency) / rate);
  let last = 0;
  let before = 0;
  for (let i = 0; i < size; i++) {
    const next = data[i] * taper[i] + turn * last - before;
    before = last;
    last = next;
  }
  return Math.sqrt(Math.max(0, last * last + before * before - turn * last * before)) * (4 / size);
}

function picture(data, rate) {
  const wave = new Float32Array(512);
  for (let i = 0; i < wave.length; i++) wave[i] = data[i * 4];
  const bands = Float32Array.from({ length: bandCount }, (_, i) =>
    strength(data, 50 * 240 ** (i / (bandCount - 1)), rate),
  );
  return { wave, bands };
}

addEventListener("message", async ({ data: { shared, rate } }) => {
  const reader = attach(shared, "reader");
  postMessage({ kind: "attached" });
  let windows = 0;
  let frames = 0;
  let shown = 0;
  await reader.each({ size, hop, tail: "drop" }, ({ data, start }) => {
    let sum = 0;
    let peak = 0;
    let crossings = 0;
    for (let i = 0; i < size; i++) {
      const value = data[i];
      sum += value * value;
      peak = Math.max(peak, Math.abs(value));
      if (i > 0 && value >= 0 && data[i - 1] < 0) crossings++;
    }
    windows++;
    frames = start + size;
    if (frames - shown < rate / 30) return;
    shown = frames;
    const rms = Math.sqrt(sum / size);
    const pitch = rms > 0.001 ? (crossings * rate) / size : 0;
    postMessage({ kind: "picture", frames, windows, rms, peak, pitch, ...picture(data, rate) });
  });
  reader.close();
  postMessage({ kind: "done", frames, windows });
});
