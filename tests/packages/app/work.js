// What every app does with the library: overlapping windows over a source, a kernel over another reading of it.
import { Stats } from "forebay/kernels";

/** 100,000 samples, whole numbers so that sums are exact. */
export const samples = Float32Array.from({ length: 100_000 }, (_, i) => ((i * 7919) % 1999) - 999);

/** What the app found out, as plain data. `open` makes a source over the samples; `options` are those that flows are opened with. */
export async function work(arena, open, options = {}) {
  let windows = 0;
  let sum = 0;
  let inOrder = true;
  const flow = arena.open(open(), { ...options, element: "f32" });
  await flow.each({ size: 1024, hop: 256, tail: "drop" }, ({ start, data }) => {
    inOrder &&= start === 256 * windows && data.length === 1024;
    windows++;
    sum += data[0] + data[1023];
  });
  await flow.close();

  const stats = new Stats(arena, "f32");
  const again = arena.open(open(), { ...options, element: "f32" });
  await again.each({ size: 1000, hop: 1000 }, (window) => stats.add(window));
  await again.close();
  const answer = { windows, sum, inOrder, stats: stats.result(), inUse: arena.used > 0 };
  arena.close();
  return answer;
}
