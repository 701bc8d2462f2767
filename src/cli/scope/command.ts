/** `forebay scope`: what a recording, a pipe, a sensor or this machine looks like. */
import { writeFileSync } from "node:fs";
import type { WriteStream } from "node:tty";
import { Arena } from "../../arena.js";
import { Fault } from "../../fault.js";
import { openBar } from "../bar.js";
import { reasonOf } from "../complain.js";
import { type Input, nameOf, openInput } from "../input/open.js";
import { packetWarnings } from "../input/packets.js";
import { Samples } from "../input/samples.js";
import { listening } from "../listening.js";
import { status } from "../status.js";
import { factsOf } from "./facts.js";
import { Gatherer, type GatherOptions } from "./gather.js";
import { lookOf } from "./look.js";
import type { ScopeOptions } from "./options.js";
import { depthOf } from "./session.js";
import { stillPicture, summaryText } from "./still.js";
import type { Survey } from "./survey.js";

/** Bytes of the arena, all of which a frame of many channels, its statistics and its spectra need. */
const arenaBytes = 64 * 1024 * 1024;

/** Seconds that this machine is listened to: unless somebody looks on, and when somebody does. */
const machineSeconds = 3;
const liveMachineSeconds = 10;

/** Seconds of a sensor that go into a picture, unless told. */
const sensorSeconds = 10;

/** Runs the command and returns its exit status. */
export async function scope(name: string | undefined, options: ScopeOptions): Promise<number> {
  try {
    checkOptions(name, options);
    const wantsFile = options.png !== undefined || options.html !== undefined || options.json === true;
    const isLooked = process.stdout.isTTY && !wantsFile;
    const input = name === undefined ? await machineInput(options, isLooked) : await openInput(name, options);
    const goesOn = input.live || name === "-";
    const scoped = new Scope(input, options);
    try {
      if (isLooked && goesOn) return await scoped.live(process.stdout);
      return await scoped.still(isLooked);
    } finally {
      await scoped.close();
    }
  } catch (error) {
    console.error(`forebay: ${name === undefined ? "" : `${nameOf(name)}: `}${reasonOf(error)}`);
    return status.error;
  }
}

function checkOptions(
  name: string | undefined,
  { element, rate, channels, packet, json, png, html }: ScopeOptions,
): void {
  if (name === undefined && [element, rate, channels, packet].some((given) => given !== undefined)) {
    throw new Fault("bad-argument", "--element, --rate, --channels and --packet are about an INPUT, and there is none");
  }
  const toOutput = [png === "-", html === "-", json === true].filter(Boolean).length;
  if (toOutput > 1)
    throw new Fault("bad-argument", "only one of --png -, --html - and --json can go to standard output");
}

async function machineInput({ seconds }: ScopeOptions, isLooked: boolean | undefined): Promise<Input> {
  const { machineRecording } = await import("./machine.js");
  return machineRecording(seconds ?? (isLooked ? liveMachineSeconds : machineSeconds));
}

/** One input on its way to a picture. */
class Scope {
  readonly #input: Input;
  readonly #options: ScopeOptions;
  readonly #look: GatherOptions;
  readonly #arena = Arena.createSync({ bytes: arenaBytes });
  readonly #samples: Samples;
  readonly #gatherer: Gatherer;
  readonly #stop = new AbortController();
  #fault: string | undefined;
  #interrupted = false;

  constructor(input: Input, options: ScopeOptions) {
    this.#input = input;
    this.#options = options;
    const { frames, rate } = input.recording;
    const { seconds } = options;
    const wished = seconds !== undefined && rate !== undefined ? Math.ceil(seconds * rate) : undefined;
    this.#look = lookOf(input, frames === undefined ? wished : Math.min(frames, wished ?? frames), options);
    const { about } = this.#look;
    if ((options.channel ?? 0) >= about.channels) {
      throw new Fault(
        "bad-argument",
        `there is no channel ${options.channel}: it has ${about.channels}, counted from 0`,
      );
    }
    this.#samples = new Samples(this.#arena, input.recording);
    this.#gatherer = new Gatherer(this.#arena, this.#look);
  }

  get #isSensor(): boolean {
    return this.#input.live && this.#input.name !== "this machine";
  }

  /** Frames that are looked at. */
  get #limit(): number {
    const { recording } = this.#input;
    const { seconds = this.#isSensor ? sensorSeconds : undefined } = this.#options;
    if (seconds === undefined) return Number.POSITIVE_INFINITY;
    if (recording.rate === undefined) {
      const what = this.#options.seconds === undefined ? `the ${sensorSeconds} seconds of a picture` : "--seconds";
      throw new Fault("bad-argument", `${what} cannot be counted without a --rate: nothing in it says one`);
    }
    return Math.max(1, Math.ceil(seconds * recording.rate));
  }

  /** Looks at all of it once, then shows it. */
  async still(isLooked: boolean | undefined): Promise<number> {
    const limit = this.#limit;
    const onInterrupt = () => {
      // Of a file nobody asked for a part; what a pipe or a sensor brought is there only once.
      if (this.#input.recording.source.seekable) process.exit(status.interrupted);
      this.#interrupted = true;
      this.#stop.abort();
    };
    process.on("SIGINT", onInterrupt);
    if (this.#isSensor) console.error(listening(this.#input.name));
    await this.#gather(limit);
    process.off("SIGINT", onInterrupt);
    const survey = this.#survey();
    if (isLooked && this.#fault === undefined && survey.delivered > 0) {
      const { showRecording } = await import("./file-app.js");
      const interrupted = await showRecording(process.stdout, survey, this.#again());
      console.log(summaryText(survey));
      return interrupted ? status.interrupted : status.found;
    }
    await this.#write(survey);
    return this.#end(survey);
  }

  async #gather(limit: number): Promise<void> {
    const { frames } = this.#input.recording;
    const total = Math.min(limit, frames ?? 0);
    const bar = await openBar(
      this.#input.live ? "Listening" : "Reading",
      Number.isFinite(limit) ? total || limit : total,
    );
    await this.#readAll(limit, (done) => bar.update(done));
    bar.stop();
  }

  async #readAll(limit: number, onProgress: (frames: number) => void): Promise<void> {
    try {
      const viewer = {
        samples: (window: Parameters<Gatherer["add"]>[0]) => {
          this.#gatherer.add(window);
          onProgress(this.#gatherer.delivered);
        },
        gap: (lost: number, cause: string) => this.#gatherer.gap(lost, cause),
      };
      await this.#samples.read(viewer, limit, this.#stop.signal);
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#fault = reasonOf(error);
    }
  }

  #survey(): Survey {
    const { packets, recording } = this.#input;
    const warnings = [...recording.warnings, ...(this.#fault === undefined ? packetWarnings(packets?.()) : [])];
    const survey = this.#gatherer.survey({ warnings: [], fault: this.#fault });
    const isNaNs = survey.channels.some(({ rms }) => Number.isNaN(rms)) && survey.delivered > 0;
    const total = this.#input.recording.frames;
    return {
      ...survey,
      warnings: [...warnings, ...(isNaNs ? ["there are samples that are no numbers (NaN)"] : [])],
      cut: this.#interrupted || (total !== undefined && survey.delivered < total && this.#fault === undefined),
    };
  }

  /** Looks at a part again, of what can be read from anywhere. */
  #again(): ((from: number, to: number) => Promise<Survey>) | undefined {
    const { recording } = this.#input;
    if (!recording.source.seekable) return undefined;
    return async (from, to) => {
      const { lookAgain } = await import("./again.js");
      return lookAgain(this.#arena, this.#look, recording, from, to, this.#options);
    };
  }

  async #write(survey: Survey): Promise<void> {
    const { png, html, json, dark, size } = this.#options;
    if (png !== undefined) {
      const { pngOf } = await import("./png.js");
      writeOut(png, pngOf(survey, { width: 1400, height: 860, ...size, theme: dark ? "dark" : "light" }));
    }
    if (html !== undefined) {
      const { pageOf } = await import("./html.js");
      writeOut(html, pageOf(survey, `made by forebay scope, ${new Date().toISOString().slice(0, 10)}`));
    }
    const { packets, recording } = this.#input;
    if (json) print(`${JSON.stringify({ ...factsOf(survey, recording.metadata), packets: packets?.() })}\n`);
    if (json || png === "-" || html === "-") return;
    if (png !== undefined || html !== undefined) print(`${summaryText(survey)}\n`);
    else print(`${stillPicture(survey, Number(process.env.COLUMNS) || undefined)}\n`);
    if (this.#input.name === "this machine") print(nextSteps);
  }

  #end(survey: Survey): number {
    for (const warning of survey.warnings) console.error(`forebay: ${this.#input.name}: ${warning}`);
    if (this.#fault !== undefined) {
      console.error(`forebay: ${this.#input.name}: ${this.#fault}`);
      return status.error;
    }
    return this.#interrupted ? status.interrupted : status.found;
  }

  /** Shows what comes while it comes, until it ends or a key ends it. */
  async live(out: WriteStream): Promise<number> {
    const { LiveApp } = await import("./live-app.js");
    const { about, window, hop } = this.#look;
    let isOver = false;
    const app = new LiveApp(out, {
      gatherer: this.#gatherer,
      channels: about.channels,
      rate: about.rate,
      window,
      hop,
      onEnd: (interrupted) => {
        this.#interrupted = interrupted;
        isOver = true;
        this.#stop.abort();
      },
    });
    const viewer = {
      samples: (samples: Parameters<Gatherer["add"]>[0]) => {
        this.#gatherer.add(samples, (powers) => app.held || app.live.addRow(powers));
        if (!app.held) app.live.add(samples.data, samples.length);
      },
      gap: (lost: number, cause: string) => {
        this.#gatherer.gap(lost, cause);
        if (!app.held) app.live.gap(lost);
      },
    };
    const { seconds } = this.#options;
    const rate = this.#input.recording.rate;
    const limit = seconds === undefined || rate === undefined ? Number.POSITIVE_INFINITY : Math.ceil(seconds * rate);
    try {
      await this.#samples.read(viewer, limit, this.#stop.signal);
    } catch (error) {
      if (!isOver) this.#fault = reasonOf(error);
    }
    app.close();
    const survey = this.#survey();
    if (survey.delivered > 0) print(`${stillPicture(survey, out.columns, depthOf(out))}\n`);
    if (this.#input.name === "this machine") print(nextSteps);
    return this.#end(survey);
  }

  async close(): Promise<void> {
    // What waits for a sensor is not waited for: the process ends.
    if (!this.#input.live) await this.#samples.close();
  }
}

const nextSteps = `
That is how late this machine wakes up a thread that asks for 1000 times a second.
  forebay scope FILE                  a recording: WAV, RF64, SigMF, EDF, raw samples
  forebay scope --html page.html FILE a page to zoom in
  forebay convert IN OUT              between formats, with --rate, --fir, --decimate
  forebay --help                      everything else
`;

function writeOut(path: string, content: string | Uint8Array): void {
  if (path === "-") process.stdout.write(content);
  else writeFileSync(path, content);
}

function print(text: string): void {
  process.stdout.write(text);
}
