/** Dark or light: as the system says, until the button is pressed; and the colours of the canvases, which are those of the style. */

const names = ["card", "sunk", "line", "grid", "text", "quiet", "accent", "wave", "mean", "peak", "trigger", "gap"];
const system = matchMedia("(prefers-color-scheme: light)");
const listeners = new Set();
const probe = document.createElement("span");
probe.hidden = true;
document.body.append(probe);

/** The style's colours as canvases take them, by their names. */
export const colours = {};

export const isLight = () =>
  (document.documentElement.dataset.theme ?? (system.matches ? "light" : "dark")) === "light";

function take() {
  for (const name of names) {
    probe.style.color = `var(--${name})`;
    colours[name] = getComputedStyle(probe).color;
  }
  for (const listener of listeners) listener();
}

/** Calls `listener` whenever the colours have changed. */
export function onTheme(listener) {
  listeners.add(listener);
}

export function toggleTheme() {
  choose(isLight() ? "dark" : "light");
}

function choose(theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // A page without storage asks the system again next time.
  }
  take();
}

let kept;
try {
  kept = localStorage.getItem("theme");
} catch {
  kept = undefined;
}
if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
system.addEventListener("change", take);
take();
