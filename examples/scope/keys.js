/** The keyboard: what each key does, and the list of them. */

const $ = (id) => document.getElementById(id);

/** `actions`: functions by the names below. */
export function makeKeys(actions) {
  const keys = [
    [[" "], "Space", "Pause and go on", actions.run],
    [["ArrowLeft"], "←", "Earlier", (event) => actions.pan(event.shiftKey ? -0.5 : -0.1)],
    [["ArrowRight"], "→", "Later", (event) => actions.pan(event.shiftKey ? 0.5 : 0.1)],
    [["+", "=", "ArrowUp"], "+  ↑", "Zoom in", () => actions.zoom(0.5)],
    [["-", "_", "ArrowDown"], "−  ↓", "Zoom out", () => actions.zoom(2)],
    [["0"], "0", "All of it", actions.all],
    [["Home"], "Home", "The beginning", actions.begin],
    [["End"], "End", "The end, or the newest", actions.end],
    [["t"], "t", "Next trigger mode", actions.mode],
    [["["], "[", "Trigger level down", () => actions.level(-0.05)],
    [["]"], "]", "Trigger level up", () => actions.level(0.05)],
    [["g"], "g", "Lose 10 ms of the built-in signal", actions.drop],
    [["b"], "b", "Built-in signal", actions.builtin],
    [["o"], "o", "Open a file", actions.open],
    [["m"], "m", "Microphone", actions.microphone],
    [["d"], "d", "Dark or light", actions.theme],
    [["?"], "?", "This list", actions.help],
  ];
  for (const [, name, does] of keys) {
    const line = document.createElement("div");
    const [what, which] = [document.createElement("dt"), document.createElement("dd")];
    what.textContent = does;
    which.append(
      ...name.split("  ").map((text) => Object.assign(document.createElement("kbd"), { textContent: text })),
    );
    line.append(what, which);
    $("key-list").append(line);
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open) return;
    if (event.target.closest?.("input, select, textarea")) return;
    // A button that has the focus is pressed by Space, as everywhere.
    if (event.key === " " && event.target.closest?.("button")) return;
    if (event.key.startsWith("Arrow") && event.target.closest?.("#gaps")) return;
    const entry = keys.find(([which]) => which.includes(event.key));
    if (!entry) return;
    event.preventDefault();
    entry[3](event);
  });
}
