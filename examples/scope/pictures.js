/** All that is drawn, and how it hangs together: the waveform, its overview, the spectrum and the waterfall below it. */
import { makeGestures } from "./gestures.js";
import { measured } from "./meter.js";
import { makeOverview } from "./overview.js";
import { panels, pictureRows, wave } from "./shape.js";
import { fitStrengths, makeSpectrum, strengths } from "./spectrum.js";
import { now } from "./stream.js";
import { duration, withUnit } from "./text.js";
import { onTheme } from "./theme.js";
import { onView, view } from "./view.js";
import { makeWaterfall } from "./waterfall.js";
import { makeWaveform } from "./waveform.js";

const $ = (id) => document.getElementById(id);
const fewestRows = 64;
/** Milliseconds between two looks at whether the colours still fit. */
const fitMs = 400;

/** `asks`: called when the worker is to be asked for another part of the stream. */
export function makePictures(asks) {
  const waveform = makeWaveform($("wave"));
  const spectrum = makeSpectrum($("spectrum"), (text) => {
    $("at").value = text || resolution();
  });
  const waterfall = makeWaterfall($("waterfall"), $("scale"));
  const overview = makeOverview($("overview"));
  let fitted = 0;
  const resolution = () => (now.stream.binHz > 0 ? `${withUnit(now.stream.binHz, "Hz", 3)} a bin` : "–");

  /** Has the waterfall stand below the spectrum, with as many rows as there is height for, or as a picture has. */
  function layFall() {
    const { left, width } = spectrum.place;
    Object.assign($("waterfall").style, { left: `${left}px`, width: `${width}px` });
    $("fall-times").style.width = `${left}px`;
    const rows = now.stream.live ? Math.max(fewestRows, Math.round($("waterfall").clientHeight)) : pictureRows;
    if (rows !== waterfall.rows) {
      waterfall.resize(rows);
      asks();
    }
    showTimes();
  }

  /** The times at the waterfall's left: how long ago, or from the begin of what is shown, as the waveform's. */
  function showTimes() {
    const { live, rate, rowSeconds } = now.stream;
    const textAt = (part) => {
      if (!live) return duration((part * view.span) / rate, 3);
      return part === 0 ? "now" : `−${duration(part * waterfall.rows * rowSeconds, 2)}`;
    };
    const labels = [0, 0.25, 0.5, 0.75, 1].map((part) => {
      const label = Object.assign(document.createElement("span"), { textContent: textAt(part) });
      label.style.top = `${part * 100}%`;
      return label;
    });
    $("fall-times").replaceChildren(...labels);
  }

  function recolour() {
    waterfall.colour(strengths.dark, strengths.high);
    $("range").value = `${strengths.dark} … ${strengths.high} dB`.replaceAll("-", "−");
  }

  onView(() => {
    overview.touch();
    asks();
  });
  onTheme(() => {
    recolour();
    waveform.draw();
    spectrum.draw();
    overview.touch();
  });
  makeGestures($("wave"), () => waveform.place);
  spectrum.keepSize(layFall);
  new ResizeObserver(layFall).observe($("waterfall"));
  recolour();
  layFall();

  return {
    waveform,
    showTimes,
    /** Columns that there is place for. */
    get columns() {
      return { columns: waveform.columns, overview: overview.columns };
    },
    /** Another stream begins. */
    begin() {
      overview.clear();
      spectrum.frequencies(now.stream.rate, now.stream.complex);
      $("at").value = resolution();
      waterfall.clear();
      layFall();
    },
    touch: overview.touch,
    /** Takes what is new in the outlets. */
    take(ends) {
      takeWaves(ends.waves);
      takeSpectrum(ends.spectra);
      takeRows(ends.rows);
    },
    draw() {
      waterfall.draw();
      overview.draw();
    },
  };

  function takeWaves(outlet) {
    for (let window = outlet.next(); window; window = outlet.next()) {
      const at = window.pointer / 8;
      const { doubles } = outlet;
      if (doubles[at + wave.panel] === panels.overview) overview.take(doubles, at);
      // Of many, only the newest are drawn.
      else if (outlet.reader.available < 3) waveform.take(doubles, at, now.stream.rate);
      outlet.pass(window);
    }
  }

  function takeSpectrum(outlet) {
    const window = outlet.latest();
    if (!window) return;
    spectrum.take(outlet.floats, window.pointer / 4);
    outlet.pass(window);
    const time = performance.now();
    if (time - fitted < fitMs) return;
    fitted = time;
    if (fitStrengths()) recolour();
  }

  function takeRows(outlet) {
    for (let window = outlet.next(); window; window = outlet.next()) {
      waterfall.take(outlet.bytes, window.pointer);
      outlet.pass(window);
      measured.rows++;
    }
  }
}
