// Many streams, one loop: each call answers those that are ready, have ended or failed, sleeps while none is, and costs what is
// ready, not how many there are. Three sensors that are as slow as they like, and one that breaks.
import { setTimeout as pause } from "node:timers/promises";
import { Arena } from "forebay";
import { PollSet, poll } from "forebay/poll";

/** A sensor: a sample at a time, each after so many milliseconds. */
const sensor = (name, samples, delay) => ({
  name,
  async read(into, position, signal) {
    await pause(delay, undefined, { signal });
    if (samples[position] === "cut") throw new Error("the cable was cut");
    if (position === samples.length) return 0;
    into[0] = samples[position];
    return 1;
  },
});

const arena = await Arena.create();
// Small rings: some 800 bytes each, so that tens of thousands of streams fit into an arena made with { handles, bytes }.
const open = (source) => arena.open(source, { element: "u8", capacity: 64, maxWindow: 16, holds: 0 });
const names = new Map([
  [open(sensor("wind", [3, 4, 5, 4], 3)), "wind"],
  [open(sensor("rain", [0, 0, 1], 5)), "rain"],
  [open(sensor("tide", [7, "cut"], 1)), "tide"],
]);

const sums = {};
const ends = [];
const set = new PollSet(names.keys(), { min: 2 }); // two samples at a time; the end and a fault give the rest
while (set.size > 0) {
  for (const { flow, state, fault } of await poll(set)) {
    const { window } = flow.window(2);
    const name = names.get(flow);
    for (const sample of window.data) sums[name] = (sums[name] ?? 0) + sample;
    flow.advance(window);
    if (state === "ready") continue;
    ends.push(`${name} ${state}: ${fault?.cause.message ?? "all there"}, sum ${sums[name]}`);
    set.delete(flow);
    await flow.close();
  }
}
for (const end of ends.sort()) console.log(end);
// prints: rain ended: all there, sum 1
// prints: tide failed: the cable was cut, sum 7
// prints: wind ended: all there, sum 16
