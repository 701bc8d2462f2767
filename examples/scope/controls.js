/** What can be chosen: the source, whether it runs, the zoom, and the keys for all of it. */
import { makeDrops } from "./drops.js";
import { makeKeys } from "./keys.js";
import { openMicrophone } from "./microphone.js";
import { now } from "./stream.js";
import { toggleTheme } from "./theme.js";
import { makeTrigger, trigger } from "./trigger.js";
import { follow, pan, showAll, toBegin, toEnd, zoom } from "./view.js";

const $ = (id) => document.getElementById(id);
const numberIn = (id) => Number($(id).value);
let microphone;
let tell;

/** Says what went wrong; nothing takes it back. */
export function complain(message) {
  $("problem").hidden = message === "";
  $("problem").textContent = message;
}

/** Says something to those who do not see the page. */
export function say(text) {
  $("says").textContent = text;
}

/** Opens a source: `more` is what its kind needs. */
export async function start(kind, more = {}) {
  complain("");
  $("serial-tools").hidden = true;
  $("raw-tools").hidden = true;
  await microphone?.close();
  microphone = undefined;
  run(true);
  now.asked = { kind, ...more };
  try {
    if (kind === "microphone") await startMicrophone();
    else tell({ kind: "start", source: now.asked });
  } catch (error) {
    const refused = error.name === "NotAllowedError";
    complain(refused ? "The microphone may not be used: allow it, and try again." : error.message);
  }
}

async function startMicrophone() {
  microphone = await openMicrophone();
  const { given, transfer, rate } = microphone;
  tell({ kind: "start", source: { kind: "microphone", given, rate } }, transfer);
}

/** Frames that the microphone's worklet had no room for, which only the page hears of. */
export const unheard = () => microphone?.lost() ?? 0;

async function choosePort() {
  if (!navigator.serial) return complain("This browser has no Web Serial: Chromium has it, and its kin.");
  try {
    const port = await navigator.serial.requestPort();
    const index = (await navigator.serial.getPorts()).indexOf(port);
    await start("serial", {
      index,
      baudRate: numberIn("baud"),
      rate: numberIn("serial-rate"),
      element: $("serial-element").value,
    });
  } catch (error) {
    // Who closes the list of ports has chosen none.
    if (error.name !== "NotFoundError") complain(error.message);
  }
}

function run(on) {
  now.running = on;
  $("run").textContent = on ? "Pause" : "Go on";
  tell({ kind: "run", on });
}

function toggleRun() {
  if (!now.stream.live) return;
  run(!now.running);
  say(now.running ? "It runs." : "Paused.");
}

const lose = (seconds) => tell({ kind: "lose", seconds });

/** `told` posts a message to the worker; `leveled` is called with the trigger's level. Returns the trigger's controls. */
export function makeControls(told, leveled) {
  tell = told;
  const onSubmit = (id, then) =>
    $(id).addEventListener("submit", (event) => {
      event.preventDefault();
      void then();
    });
  const onClick = (id, then) => $(id).addEventListener("click", () => void then());
  onClick("builtin", () => start("builtin"));
  onClick("microphone", () => start("microphone"));
  onClick("serial", () => {
    $("serial-tools").hidden = false;
    $("baud").focus();
  });
  onSubmit("serial-tools", choosePort);
  onSubmit("raw-tools", () => {
    const raw = { element: $("raw-element").value, channels: numberIn("raw-channels"), rate: numberIn("raw-rate") };
    return start("file", { files: now.asked.files, raw });
  });
  $("channel").addEventListener("change", () => {
    const { kind, ...more } = now.asked;
    void start(kind, { ...more, channel: numberIn("channel") });
  });
  const help = () => $("keys").showModal();
  onClick("run", toggleRun);
  onClick("theme", toggleTheme);
  onClick("help", help);
  onClick("zoom-in", () => zoom(0.5));
  onClick("zoom-out", () => zoom(2));
  onClick("fit", showAll);
  onClick("live", follow);
  onClick("drop", () => lose(0.01));
  onClick("burst", () => lose(1));
  makeDrops((files) => start("file", { files }));

  const triggering = makeTrigger(() => {
    const chosen = trigger();
    leveled(chosen.level, chosen.mode !== "off");
    tell({ kind: "trigger", ...chosen });
  });
  makeKeys({
    run: toggleRun,
    pan,
    zoom,
    all: showAll,
    begin: toBegin,
    end: toEnd,
    mode: () => triggering.nextMode(),
    level: (by) => triggering.moveLevel(by),
    drop: () => now.stream.kind === "builtin" && lose(0.01),
    builtin: () => start("builtin"),
    open: () => $("open").click(),
    microphone: () => start("microphone"),
    theme: toggleTheme,
    help,
  });
  return triggering;
}
