/** A live stream: its frames go to the instrument as they come, and the page gets pictures sixty times a second. */
import { Instrument } from "./instrument.js";
import { Samples } from "./samples.js";
import { bins, panels } from "./shape.js";
import { Triggering } from "./triggering.js";

/** Milliseconds between two pictures: a little less than the page's frames, so that each finds a new one. */
const pictureMs = 15;
const overviewMs = 250;
/** Frames of an STFT's step at 2 MS/s; at lower rates as many as give some 60 rows a second. */
const mostHop = 1024;
const rowsPerSecond = 60;

/** Seconds that are shown at first. */
const firstSeconds = 0.02;

/** The pyramid keeps the last 4 million frames, and extents of hours. */
const pyramid = { recent: 2 ** 22, bins: 2 ** 16, levels: 10 };

export class Live {
  #signal;
  #instrument;
  #samples;
  #tell;
  #trigger;
  #view = { from: 0, span: 1, follow: true, columns: 512, overview: 512 };
  #pictured = 0;
  #overviewed = 0;
  #news = [];
  #on = true;
  #done = false;

  /** `feed`: what `openFeed` made. */
  constructor(arena, publish, feed, tell) {
    const { rate } = feed;
    const hop = Math.max(64, Math.min(mostHop, 2 ** Math.floor(Math.log2(rate / rowsPerSecond))));
    const perRow = Math.max(1, Math.round(rate / hop / rowsPerSecond));
    const { kind, describes, channels } = feed;
    this.described = {
      kind,
      describes,
      rate,
      channels,
      live: true,
      format: "",
      labels: [],
      warnings: [],
      complex: false,
      frames: 0,
      span: Math.round(rate * firstSeconds),
      rowSeconds: (perRow * hop) / rate,
      binHz: rate / 2 / bins,
    };
    this.#signal = feed.signal;
    this.#tell = tell;
    this.#samples = new Samples(arena, feed.sampleFormat, channels);
    this.#instrument = new Instrument(arena, publish, { rate, hop, perRow, pyramid, most: this.#samples.most });
    this.#trigger = new Triggering(arena, rate, this.#samples.most);
  }

  /** Takes frames until the stream ends. */
  async go() {
    try {
      await this.#read();
    } catch (error) {
      // Being closed ends a wait.
      if (!this.#done) throw error;
    }
  }

  async #read() {
    for (;;) {
      const now = this.#signal.window(1);
      const answer = now.state === "not-ready" ? await this.#signal.ready(1) : now;
      if (this.#done) return;
      const { window } = answer;
      if (window?.gap) this.#gap(window.gap);
      if (answer.state === "failed") throw answer.fault;
      if (window && window.length > 0) this.#take(window);
      else if (answer.state === "ended") return this.#ended();
    }
  }

  #take(window) {
    const frames = Math.min(window.length, this.#samples.most);
    if (this.#on) {
      this.#samples.run(window, frames);
      this.#trigger.take(this.#samples.chosen, frames);
      this.#instrument.take(this.#samples, frames);
    }
    this.#signal.advance(frames);
    this.#picture();
  }

  #gap({ lost, cause, time }) {
    const begin = this.#instrument.sent;
    this.#instrument.skip(lost);
    this.#trigger.skip(lost);
    this.#news.push({ begin, lost, cause, time: time ?? Date.now() });
  }

  /** Frames that a microphone's worklet had no room for. */
  unheard(lost) {
    this.#gap({ lost, cause: "the worklet had no room for them" });
  }

  #ended() {
    this.#picture(true);
    this.#tell({ kind: "ended" });
  }

  #picture(now = false) {
    const time = performance.now();
    if (!now && time - this.#pictured < pictureMs) return;
    this.#pictured = time;
    this.#instrument.publishSpectrum();
    this.#wave();
    this.#instrument.armed = this.#trigger.state;
    this.#instrument.triggers = this.#trigger.count;
    this.#instrument.publishFigures();
    if (time - this.#overviewed < overviewMs) return;
    this.#overviewed = time;
    this.#instrument.publishOverview(this.#view.overview);
    if (this.#news.length > 0) this.#tell({ kind: "gaps", list: this.#news.splice(0) });
  }

  /** What is looked at: the newest, what the trigger found, or a place of long ago. */
  #wave() {
    const { from, span, follow, columns } = this.#view;
    const { sent } = this.#instrument;
    if (!follow) return this.#instrument.publishWave(panels.view, from, from + span, columns, from);
    if (this.#trigger.on) {
      const found = this.#trigger.sweep(span, sent);
      if (found === undefined) return;
      const begin = found - Math.floor(span / 4);
      return this.#instrument.publishWave(panels.view, begin, begin + span, columns, found, found);
    }
    this.#instrument.publishWave(panels.view, sent - span, sent, columns, sent);
  }

  view(view) {
    this.#view = view;
    this.#wave();
  }

  trigger(chosen) {
    this.#trigger.choose(chosen);
  }

  run(on) {
    this.#on = on;
  }

  async close() {
    this.#done = true;
    await this.#signal.close();
    this.#instrument.close();
    this.#samples.close();
    this.#trigger.close();
  }
}
