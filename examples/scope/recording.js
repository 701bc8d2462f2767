/**
 * A file: read once from end to end for the pyramid and the picture of all of it, in memory that does not grow with it. What a
 * closer look needs is then read again, at its place.
 */
import { openRecording } from "forebay/formats";
import { openSignal } from "forebay/signal";
import { blobSource } from "forebay/web";
import { Closer } from "./closer.js";
import { Instrument } from "./instrument.js";
import { Picture, rowsOf } from "./picture.js";
import { Samples } from "./samples.js";
import { bins, panels } from "./shape.js";
import { count, duration, withUnit } from "./text.js";

const pictureMs = 50;
const overviewMs = 250;

/** The pyramid of a whole file: the longer the file, the more bins, so that a closer look reads 1/64 of it at most. */
const pyramidOf = (frames) => ({ recent: 2 ** 16, bins: frames > 2 ** 26 ? 2 ** 19 : 2 ** 16, levels: 12 });

export class Recording {
  #publish;
  #tell;
  #recording;
  #signal;
  #samples;
  #instrument;
  #picture = new Picture();
  #closer;
  #view = { from: 0, span: 1, columns: 512, overview: 512 };
  #frames;
  #done = false;
  #began = performance.now();
  #pictured = 0;
  #overviewed = 0;
  #gaps = [];
  #news = [];

  /** Opens a file. `asked`: `{ files, channel, raw }`. Throws what says why it is no recording. */
  static async open(arena, publish, asked, tell) {
    const { files, raw } = asked;
    const file = files[0];
    const beside = (name) => {
      const other = files.find((file) => file.name === name);
      if (!other) throw new Error(`${file.name} comes with ${name}: drop both together.`);
      return blobSource(other);
    };
    const openIt = () => openRecording(blobSource(file), { name: file.name, beside, ...(raw && { raw }) });
    return new Recording(arena, publish, asked, tell, await openIt(), openIt);
  }

  constructor(arena, publish, { files, channel = 0 }, tell, recording, openIt) {
    const { channels, sampleFormat, complex, frameBytes, format, labels } = recording;
    const rate = recording.rate ?? 1;
    const frames = recording.frames ?? Math.floor(files[0].size / frameBytes);
    this.#publish = publish;
    this.#tell = tell;
    this.#recording = recording;
    this.#frames = frames;
    this.#samples = new Samples(arena, sampleFormat, channels, channel);
    const facts = { rate, complex, ...rowsOf(frames), most: this.#samples.most };
    const keep = (place, codes) => this.#picture.keep(place, codes);
    this.#instrument = new Instrument(arena, publish, { ...facts, keep, frames, pyramid: pyramidOf(frames) });
    this.#instrument.progress = 0;
    this.#signal = openSignal(arena, recording.source, {
      element: "u8",
      channels: frameBytes,
      rate,
      capacity: Math.max(2, Math.ceil(2 ** 22 / frameBytes)),
      maxWindow: Math.min(this.#samples.most, Math.ceil(2 ** 20 / frameBytes)),
    });
    const more = { openIt, gaps: this.#gaps, sampleFormat, channels, channel, complex, rate, frames };
    this.#closer = new Closer(arena, publish, more, ({ message }) => tell({ kind: "problem", message }));
    this.described = {
      kind: "file",
      format,
      rate,
      channels,
      complex,
      live: false,
      frames,
      span: frames,
      labels: Array.from({ length: channels }, (_, i) => labels[i] || `${i + 1}`),
      channel,
      warnings: [...recording.warnings],
      rowSeconds: 0,
      binHz: complex ? rate / bins : rate / 2 / bins,
      describes: `${files[0].name}: ${count(frames)} frames of ${channels} × ${sampleFormat}, ${withUnit(rate, "S/s")}, ${duration(frames / rate)}.`,
    };
  }

  /** Reads all of it. */
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
      if (window?.length > 0) this.#take(window);
      else if (answer.state === "failed") throw answer.fault;
      else if (answer.state === "ended") return this.#ended();
    }
  }

  #take(window) {
    const frames = Math.min(window.length, this.#samples.most);
    this.#samples.run(window, frames);
    this.#instrument.take(this.#samples, frames);
    this.#signal.advance(frames);
    const { delivered } = this.#instrument;
    this.#instrument.progress = Math.min(1, delivered / Math.max(1, this.#frames));
    const time = performance.now();
    if (time - this.#pictured < pictureMs) return;
    this.#pictured = time;
    this.#instrument.publishFigures();
    this.#instrument.publishSpectrum();
    this.#wave();
    if (time - this.#overviewed < overviewMs) return;
    this.#overviewed = time;
    this.#instrument.publishOverview(this.#view.overview);
    if (this.#news.length > 0) this.#tell({ kind: "gaps", list: this.#news.splice(0) });
  }

  #gap({ lost, cause, time }) {
    const gap = { begin: this.#instrument.sent, lost, cause, time: time ?? Date.now() };
    this.#gaps.push(gap);
    this.#news.push(gap);
    this.#instrument.skip(lost);
  }

  #ended() {
    this.#instrument.finish();
    this.#instrument.progress = 1;
    this.#instrument.throughput = (this.#instrument.delivered * 1000) / (performance.now() - this.#began);
    this.#instrument.frames = 0;
    this.#instrument.publishFigures();
    this.#instrument.publishSpectrum();
    this.#instrument.publishOverview(this.#view.overview);
    this.#wave();
    if (this.#news.length > 0) this.#tell({ kind: "gaps", list: this.#news.splice(0) });
    const { warnings } = this.#recording;
    if (warnings.length > 0) this.#tell({ kind: "problem", message: warnings.join(" ") });
    this.#tell({ kind: "ended" });
  }

  /** What the pyramid has of the view. Returns whether each column shows its own frames alone. */
  #wave() {
    const { from, span, columns } = this.#view;
    return this.#instrument.publishWave(panels.view, from, from + span, columns);
  }

  /** Shows what is known now; what is not, is read again. */
  view(view) {
    this.#view = view;
    const exact = this.#wave();
    this.#instrument.publishOverview(view.overview);
    if (view.from <= 0 && view.span >= Math.max(this.#frames, this.#instrument.sent)) {
      this.#closer.stop();
      this.#picture.publish(this.#publish);
    } else this.#closer.look(view, exact);
  }

  trigger() {}

  run() {}

  async close() {
    this.#done = true;
    await this.#closer.close();
    await this.#signal.close();
    this.#instrument.close();
    this.#samples.close();
  }
}
