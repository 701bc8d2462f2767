/** How operators connect: each gets `over`, which makes a signal of a flow or of another signal. */
import { Buf } from "../buf.js";
import { checkWhole } from "../check.js";
import type { Element, NumberElement } from "../element.js";
import { Fault, Unsupported } from "../fault.js";
import { Flow } from "../flow.js";
import { Ledger } from "../ledger.js";
import type { Plan } from "../plan.js";
import type { Source } from "../source/source.js";
import type { Core } from "../wasm/core.js";
import { arenaOf } from "./flow-format.js";
import { signalOver } from "./open.js";
import type { Operator, Stage } from "./operator.js";
import { OperatorFeed } from "./operator-feed.js";
import { Signal } from "./signal.js";
import { SignalLedger } from "./signal-ledger.js";
import { Timeline } from "./timeline.js";

/** The ring of an operator's output. All sizes in frames. */
export interface OverOptions {
  /** Frames in the ring, or more where the operator needs it. Default: 256 KiB of them. */
  readonly capacity?: number;
  /** The longest window. Default: a quarter of the ring. */
  readonly maxWindow?: number;
  /** Most windows held at once. Default 16. */
  readonly holds?: number;
  /** The operator pauses when this many frames or more wait. Default: the capacity. */
  readonly highWater?: number;
  /** It goes on when fewer than this many wait. Default: half of `highWater`. */
  readonly resume?: number;
  /** Keep the frames in a secure block. Default false. */
  readonly secure?: boolean;
}

/** An operator that connects: `flow.through(fir(taps))`, `signal.through(stft({ size: 1024 }), { maxWindow: 64 })`. */
export interface SignalOperator<Out extends NumberElement = NumberElement> extends Operator<Out> {
  /**
   * The signal that it makes of a flow or a signal, with a ring of its own in the same arena. The operator reads the input from
   * now on, and closing the signal closes the input. A flow has no gaps, marks or time: open the source with `openSignal` for
   * those. Throws as `open`, `no-room`.
   */
  over<E extends Element>(input: Flow<E> | Signal<E>, options?: OverOptions): Signal<Out>;
}

/** Makes an operator that connects of a name and an `open`: what every factory of operators returns. */
export function operator<Out extends NumberElement>(plan: Operator<Out>): SignalOperator<Out> {
  return {
    name: plan.name,
    open: (arena, input) => plan.open(arena, input),
    over: (input, options = {}) => connect(plan, input instanceof Signal ? input : signalOver(input), options),
  };
}

/** Bytes of an operator's ring, unless told otherwise: several in a row stay within a processor's second-level cache. */
const ringBytes = 256 * 1024;

/** Bytes of input in one run, at most. */
const pieceBytes = 64 * 1024;

function connect<Out extends NumberElement, E extends Element>(
  plan: Operator<Out>,
  input: Signal<E>,
  options: OverOptions,
): Signal<Out> {
  const { core, element, channels, rate } = input;
  const stage = plan.open(arenaOf(core), { element, channels, rate });
  try {
    return connectStage(plan, stage, core, input as unknown as Signal<Element>, options);
  } catch (error) {
    stage.close();
    throw error;
  }
}

function connectStage<Out extends NumberElement>(
  plan: Operator<Out>,
  stage: Stage<Out>,
  core: Core,
  input: Signal<Element>,
  options: OverOptions,
): Signal<Out> {
  const { element, channels } = stage.output;
  const scale = {
    up: checkWhole("up", stage.up, 1, 2 ** 31),
    down: checkWhole("down", stage.down, 1, 2 ** 31),
    delay: stage.delay,
  };
  const ring = ringOf(stage, plan.name, options);
  const buf = new Buf<Out>(core, { ...ring, element, channels });
  try {
    const seconds = input.timeline.secondsOf(input.position);
    const rate = input.rate === undefined ? undefined : (input.rate * scale.up) / scale.down;
    const timeline = new Timeline({ start: 0, input: input.position, seconds }, rate, input.startTime, scale);
    const ledger = new Ledger();
    const reader = buf.reader();
    const feed = new OperatorFeed({
      name: plan.name,
      stage,
      input,
      buf: buf as unknown as Buf<Element>,
      timeline,
      ledger,
      piece: pieceOf(stage, buf.maxWindow - 1, Math.max(1, Math.floor(pieceBytes / input.flow.frameBytes))),
      secure: options.secure ?? false,
    });
    const flow = new Flow<Out>(
      core,
      { name: plan.name, read: readsNothing } satisfies Source,
      { element, channels },
      { plan: planOf(plan.name, input, buf), reader, feed, ledger, buf },
    );
    const parts = {
      core,
      flow,
      element: buf.element,
      channels,
      timeline,
      ledger: new SignalLedger(ledger, timeline),
      input,
    };
    return new Signal<Out>(parts);
  } catch (error) {
    buf.close();
    throw error;
  }
}

function readsNothing(): never {
  throw new Unsupported("An operator fills the ring.");
}

/** The ring's sizes: whatever the stage writes at once, and a frame held back, fits into one span. */
function ringOf(stage: Stage, name: string, options: OverOptions) {
  const { element, channels } = stage.output;
  const frames = Math.floor(ringBytes / (channels * elementBytes[element]));
  const atOnce = 1 + Math.max(1, stage.most(1), stage.rest ?? 0);
  const { capacity, maxWindow, ...rest } = options;
  if (maxWindow !== undefined && capacity !== undefined && capacity < 2 * Math.max(maxWindow, atOnce)) {
    const message = `The ring of ${name} needs a capacity of ${2 * Math.max(maxWindow, atOnce)} frames or more, not ${capacity}.`;
    throw new Fault("bad-argument", message, { capacity, maxWindow });
  }
  const most = Math.max(atOnce, maxWindow ?? Math.max(4, Math.floor((capacity ?? frames) / 4) + 1));
  return { ...rest, capacity: Math.max(capacity ?? frames, 2 * most), maxWindow: most };
}

const elementBytes: Readonly<Record<NumberElement, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  f64: 8,
};

/** The most input frames, up to `limit`, that make no more than `room` output frames. */
function pieceOf(stage: Stage, room: number, limit: number): number {
  let piece = limit;
  while (piece > 1 && stage.most(piece) > room) piece >>>= 1;
  return piece;
}

function planOf<Out extends NumberElement>(name: string, input: Signal<Element>, buf: Buf<Out>): Plan {
  const { capacity, maxWindow } = buf;
  const mode = input.flow.plan.mode === "async" ? "async" : "sync";
  const why = [`${name} makes it of what it reads, ${mode === "sync" ? "at once" : "as that comes"}`];
  const none = { readBytes: 0, window: capacity, readBehind: 0, parallel: 1, transferGranularity: 1 };
  return { mode, capacity, maxWindow, ...none, why };
}
