// What the apps have to answer, worked out on plain arrays.
const samples = Array.from({ length: 100_000 }, (_, i) => ((i * 7919) % 1999) - 999);

const starts = [];
for (let start = 0; start + 1024 <= samples.length; start += 256) starts.push(start);
const total = (values) => values.reduce((sum, value) => sum + value, 0);

export const expected = {
  windows: starts.length,
  sum: total(starts.map((start) => samples[start] + samples[start + 1023])),
  inOrder: true,
  stats: [
    {
      count: samples.length,
      min: samples.reduce((a, b) => Math.min(a, b)),
      max: samples.reduce((a, b) => Math.max(a, b)),
      mean: total(samples) / samples.length,
      rms: Math.sqrt(total(samples.map((value) => value * value)) / samples.length),
    },
  ],
  inUse: true,
};
