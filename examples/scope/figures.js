/** The figures: read from the arena with every frame, written where people read them a few times a second. */
import { showSums } from "./ledger.js";
import { measured } from "./meter.js";
import { status } from "./shape.js";
import { now } from "./stream.js";
import { bytes, clock, duration, withUnit } from "./text.js";
import { extend, view } from "./view.js";

const $ = (id) => document.getElementById(id);
const everyMs = 200;

export const figures = {
  sent: 0,
  delivered: 0,
  lost: 0,
  peak: 0,
  rms: 0,
  throughput: 0,
  used: 0,
  arena: 1,
  progress: 0,
  armed: 0,
};
const names = Object.keys(figures);
let shown = 0;

/** Takes the newest frame of an outlet, if there is one. */
export function takeFigures(outlet) {
  const window = outlet.latest();
  if (!window) return;
  const { doubles } = outlet;
  const at = window.pointer / 8;
  extend(doubles[at + status.begin], doubles[at + status.end]);
  for (const name of names) figures[name] = doubles[at + status[name]];
  outlet.pass(window);
}

const level = (value) => (value > 0 ? `${(20 * Math.log10(value)).toFixed(1)} dB`.replace("-", "−") : "–");

export function showFigures(time) {
  if (time - shown < everyMs) return;
  shown = time;
  showSums(figures.sent, figures.delivered, figures.lost);
  $("throughput").textContent = withUnit(figures.throughput, "S/s", 3);
  $("arena").textContent = bytes(figures.used, figures.arena);
  $("peak").textContent = level(figures.peak);
  $("rms").textContent = level(figures.rms);
  const percent = Math.floor(Math.max(0, figures.progress) * 100);
  $("progress").setAttribute("aria-valuenow", String(percent));
  $("progress").firstElementChild.style.width = `${percent}%`;
  showWhere();
}

export function showRate() {
  $("fps").textContent = measured.fps.toFixed(0);
}

/** Which part of the stream is shown. */
export function showWhere() {
  const { rate, live } = now.stream;
  $("span").value = duration(view.span / rate);
  $("where").value =
    view.follow && live ? "the newest" : `from ${clock(Math.max(0, view.from) / rate, view.span / rate / 1000)}`;
  const whole = Math.max(1, view.end - view.begin - view.span);
  const part = Math.min(100, Math.max(0, (100 * (view.from - view.begin)) / whole));
  $("wave").setAttribute("aria-valuenow", part.toFixed(0));
  $("wave").setAttribute("aria-valuetext", `${$("where").value}, ${$("span").value} wide`);
  $("live").setAttribute("aria-pressed", String(view.follow && live));
  $("live").disabled = !live;
}
