/** Opening signals: a source, or a flow, that keeps time. */
import type { Arena } from "../arena.js";
import { type Element, elementFacts } from "../element.js";
import { Fault } from "../fault.js";
import type { Flow, FlowOptions } from "../flow.js";
import type { Source, SourceEvents } from "../source/source.js";
import { checkRate } from "./check-rate.js";
import { FilledSource } from "./filled-source.js";
import { formatOf } from "./flow-format.js";
import { Signal } from "./signal.js";
import { SignalLedger } from "./signal-ledger.js";
import { SourceTimeline } from "./source-timeline.js";

/** When a stream's frames are. */
export interface TimeOptions {
  /** Frames a second. */
  readonly rate?: number | undefined;
  /** When the stream's first frame was sent: milliseconds since 1970. */
  readonly startTime?: number | undefined;
}

/** How a source is opened as a signal. All sizes in frames. */
export interface SignalOptions<E extends Element> extends FlowOptions<E>, TimeOptions {
  /**
   * What stands for frames that never came. `"split"` (default): nothing; no window spans the gap, and positions count the
   * frames that came. `"zero"`: as many frames of elements of value 0; `"hold"`: as many copies of the last frame before them
   * (of zeros, where none came before). Then positions count filled frames too, and windows run across; the ledger counts
   * them as lost, and lists where they are: `lost` frames before each gap's position.
   */
  readonly gaps?: "split" | "zero" | "hold";
}

/**
 * Opens a source as a signal, with the gaps and marks that it tells of. Reading begins when something is asked for. Throws as
 * `Arena.open` does.
 *
 * ```ts
 * const signal = openSignal(arena, fileSource("bearing-3.f32"), { element: "f32", rate: 51_200 });
 * await signal.each({ size: 1024, hop: 512 }, (window) => detect(window.data, window.time, window.gap));
 * ```
 */
export function openSignal<const E extends Element>(
  arena: Arena,
  source: Source,
  options: SignalOptions<E>,
): Signal<E> {
  const { rate, startTime, gaps = "split", ...rest } = options;
  const element = elementFacts(options.element);
  const channels = options.channels ?? 1;
  const frameBytes = element.bytes * channels;
  const start = options.start ?? 0;
  checkRate(rate, startTime);
  if (gaps !== "split" && gaps !== "zero" && gaps !== "hold") {
    throw new Fault("bad-argument", `gaps is "split", "zero" or "hold", not ${String(gaps)}.`);
  }
  const filled =
    gaps !== "split" && source.events ? new FilledSource(source, source.events, frameBytes, gaps) : undefined;
  const read = filled ?? source;
  const flow = arena.open(read, rest as unknown as FlowOptions<E>);
  const name = source.name ?? "The source";
  const time = { name, rate, startTime, frameBytes, start, filled: filled !== undefined };
  const timeline = new SourceTimeline(read.events, time);
  const given = filled && (() => Math.floor(filled.filledBytes / frameBytes));
  const ledger = new SignalLedger(flow.ledger, timeline, given);
  return new Signal({ core: arena.core, flow, element, channels, timeline, ledger });
}

/**
 * A flow as a signal: for one that something else opened. It has the gaps and marks of `events`, which count bytes from
 * position 0 on; a flow by itself knows none. Closing the signal closes the flow.
 */
export function signalOver<E extends Element>(
  flow: Flow<E>,
  options: TimeOptions & { readonly events?: SourceEvents } = {},
): Signal<E> {
  const { rate, startTime, events } = options;
  checkRate(rate, startTime);
  const { core, element, channels } = formatOf(flow);
  const { frameBytes, position: start } = flow;
  const time = { name: "The flow's source", rate, startTime, frameBytes, start, filled: false };
  const timeline = new SourceTimeline(events, time);
  const ledger = new SignalLedger(flow.ledger, timeline);
  return new Signal({ core, flow, element, channels, timeline, ledger });
}
