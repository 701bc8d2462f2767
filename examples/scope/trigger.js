/** The trigger's controls. */
import { duration } from "./text.js";

const $ = (id) => document.getElementById(id);
const modes = ["off", "auto", "normal", "single"];

/** What is chosen; `holdoff` in seconds. */
export function trigger() {
  return {
    mode: $("mode").value,
    edge: $("edge").value,
    level: Number($("level").value),
    hysteresis: Number($("hysteresis").value),
    // The slider's steps are tenths of a power of ten, from 10 µs on.
    holdoff: 1e-5 * 10 ** Number($("holdoff").value),
  };
}

export function makeTrigger(changed) {
  const show = () => {
    const { level, hysteresis, holdoff } = trigger();
    $("level-is").value = level.toFixed(2).replace("-", "−");
    $("hysteresis-is").value = hysteresis.toFixed(2);
    $("holdoff-is").value = duration(holdoff, 2);
    for (const id of ["edge", "level", "hysteresis", "holdoff"]) $(id).disabled = $("mode").value === "off";
    changed();
  };
  $("trigger").addEventListener("input", show);
  $("trigger").addEventListener("submit", (event) => event.preventDefault());
  show();
  return {
    nextMode() {
      $("mode").value = modes[(modes.indexOf($("mode").value) + 1) % modes.length];
      show();
    },
    moveLevel(by) {
      if ($("mode").value === "off") return;
      $("level").value = Number($("level").value) + by;
      show();
    },
    /** Says what it does: waits, has fired, or is off. */
    says(state) {
      const badge = $("trigger-state");
      const text = ["off", "waiting", "triggered", "stopped"][state] ?? "off";
      if (badge.value === text) return;
      badge.value = text;
      badge.className = `badge ${state === 1 ? "armed" : state === 2 ? "good" : ""}`;
    },
  };
}
