/**
 * The page: draws what its worker has put into the arena that they share, and tells the worker what to show. Nothing is read,
 * converted or transformed here, and drawing makes no objects of its own.
 */
import { complain, makeControls, say, start, unheard } from "./controls.js";
import { figures, showFigures, showRate, showWhere, takeFigures } from "./figures.js";
import { enterGaps, forgetGaps, gaps } from "./gaps.js";
import { addLines, clearLedger } from "./ledger.js";
import { beat, measured, restartMeter } from "./meter.js";
import { Outlet } from "./outlet.js";
import { makePictures } from "./pictures.js";
import { now } from "./stream.js";
import { centre, resetView, stay, view, zoom } from "./view.js";

const $ = (id) => document.getElementById(id);
const worker = new Worker("worker.js", { type: "module" });
const tell = (message, transfer = []) => worker.postMessage(message, transfer);
let ends;
/** Whether the worker is to be told what is looked at. */
let looksElsewhere = true;

const pictures = makePictures(() => {
  looksElsewhere = true;
});
const triggering = makeControls(tell, (level, on) => pictures.waveform.level(level, on));

/** Shows a gap, as wide as a third of the picture where it is small or large. */
function goTo(gap) {
  stay();
  if (gap.lost * 3 > view.span || gap.lost * 200 < view.span) zoom((gap.lost * 3) / view.span);
  centre(gap.begin + gap.lost / 2);
  $("wave").focus();
}

function showKind() {
  const { kind, live, format, describes, channels, channel = 0, complex, labels } = now.stream;
  $("kind").value = live ? "live" : format;
  $("describes").textContent = describes;
  $("builtin-tools").hidden = kind !== "builtin";
  $("progress").hidden = live;
  // What a raw file's name says may be wrong, and of its rate it says nothing.
  $("raw-tools").hidden = format !== "raw";
  $("run").disabled = !live;
  $("trigger-panel").hidden = !live;
  $("channel-pick").hidden = complex || channels < 2;
  $("channel").replaceChildren(...labels.map((label, i) => new Option(label, String(i))));
  $("channel").value = String(channel);
  for (const id of ["builtin", "open", "microphone", "serial"]) {
    $(id).setAttribute("aria-pressed", String((id === "open" ? "file" : id) === kind));
  }
}

/** What the worker says. */
const heard = {
  outlets({ handles }) {
    ends = Object.fromEntries(Object.entries(handles).map(([name, handle]) => [name, new Outlet(handle)]));
    void start("builtin");
  },
  stream({ described }) {
    now.stream = described;
    forgetGaps();
    clearLedger();
    showKind();
    resetView(described.live, described.span, described.live ? 0 : described.frames);
    pictures.begin();
    showWhere();
    restartMeter();
    if (described.warnings.length > 0) complain(described.warnings.join(" "));
  },
  gaps({ list }) {
    enterGaps(list);
    addLines(list, now.stream.rate, goTo);
    pictures.touch();
  },
  ended() {
    say("All of it is read.");
  },
  problem({ message, raw }) {
    complain(message);
    // A file that says nothing about itself: whoever dropped it may know.
    $("raw-tools").hidden = !raw;
    if (raw) $("raw-element").focus();
  },
};
worker.onmessage = ({ data }) => heard[data.kind](data);
worker.onerror = (event) => complain(event.message || "The worker could not be started.");

let told = 0;
/** A microphone's frames that were lost on the page are told to the worker, which keeps the ledger. */
function tellUnheard() {
  const lost = unheard();
  if (lost > told) tell({ kind: "unheard", frames: lost - told });
  told = lost;
}

function draw(time) {
  requestAnimationFrame(draw);
  if (beat(time)) {
    showRate();
    tellUnheard();
  }
  if (!ends) return;
  takeFigures(ends.figures);
  triggering.says(figures.armed);
  pictures.take(ends);
  pictures.draw();
  showFigures(time);
  if (!looksElsewhere) return;
  looksElsewhere = false;
  const { from, span, follow } = view;
  tell({ kind: "view", from, span, follow, ...pictures.columns });
  if (!now.stream.live) pictures.showTimes();
}

$("memory").textContent = crossOriginIsolated
  ? "Read and transformed in a worker, drawn from the arena that it shares."
  : "There is no shared memory here: what is drawn comes by messages.";
requestAnimationFrame(draw);

/** For the console, and for tests. */
globalThis.scope = { measured, restartMeter, view, gaps, figures, start };
