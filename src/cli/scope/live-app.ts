/** The live picture of a stream in a terminal, and its keys. */
import type { WriteStream } from "node:tty";
import type { Gatherer } from "./gather.js";
import { Live } from "./live.js";
import { Axes, liveView } from "./live-view.js";
import { drawScreen } from "./screen.js";
import { Session } from "./session.js";
import { clock } from "../figure/ticks.js";

/** Milliseconds between two pictures. */
const frameMs = 50;

const keysText = "q ends · space holds · + − time · t trigger · c channel · a axes anew";

/** What is gathered, and how it ends. */
export interface LiveAppOptions {
  readonly gatherer: Gatherer;
  readonly channels: number;
  readonly rate: number;
  readonly window: number;
  readonly hop: number;
  /** Called once: by `q`, or by Ctrl-C with `true`. */
  onEnd(interrupted: boolean): void;
}

/** Draws until it is closed. Hand it what comes. */
export class LiveApp {
  readonly live: Live;
  readonly #options: LiveAppOptions;
  readonly #session: Session;
  readonly #timer: NodeJS.Timeout;
  readonly #axes = new Axes();
  readonly #begun = performance.now();
  #held = false;
  #trigger = false;
  #first = 0;
  #span: number;
  #over: string | undefined;

  constructor(out: WriteStream, options: LiveAppOptions) {
    this.#options = options;
    this.live = new Live(options.channels, options.window, options.hop);
    // Two seconds, or what is kept of them.
    this.#span = Math.min(this.live.capacity, Math.max(64, 2 * options.rate));
    this.#session = new Session(
      out,
      (key) => this.#key(key),
      () => this.#draw(),
    );
    this.#timer = setInterval(() => this.#draw(), frameMs);
  }

  /** Whether the picture is held: what comes then is gathered, and not shown. */
  get held(): boolean {
    return this.#held;
  }

  /** The stream is over: the picture stays until a key is pressed. */
  over(why: string): void {
    this.#over = why;
  }

  #key(key: string): void {
    const { capacity } = this.live;
    if (key === "q" || key === "escape") this.#options.onEnd(false);
    else if (key === "ctrl-c") this.#options.onEnd(true);
    else if (key === "space") this.#held = !this.#held;
    else if (key === "t") this.#trigger = !this.#trigger;
    else if (key === "c") this.#first = (this.#first + 1) % this.#options.channels;
    else if (key === "a") this.#axes.reset();
    else if (key === "+" || key === "=" || key === "up") this.#span = Math.max(16, this.#span / 2);
    else if (key === "-" || key === "down") this.#span = Math.min(capacity, this.#span * 2);
    else return;
    this.#draw();
  }

  #draw(): void {
    const { columns, rows, depth } = this.#session;
    const seconds = Math.floor((performance.now() - this.#begun) / 1000);
    const state = this.#over ?? (this.#held ? "▮▮ held" : `● live ${clock(seconds)}`);
    const survey = this.#options.gatherer.survey({ warnings: [] });
    const view = liveView(survey, this.live, {
      span: this.#span,
      state,
      keys: keysText,
      first: this.#first,
      trigger: this.#trigger,
      axes: this.#axes,
    });
    this.#session.draw(drawScreen(view, { columns, rows, depth }));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#session.close();
  }
}
