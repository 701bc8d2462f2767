/** The reader's face of a flow: over a ring (`Reader`), or straight over content that is resident. */
import type { Element } from "./element.js";
import type { Feed } from "./feed.js";
import type { Ledger } from "./ledger.js";
import type { Source } from "./source/source.js";
import type { Core } from "./wasm/core.js";
import type { Answer, WindowVisitor } from "./reader.js";
import type { WaitOptions } from "./wait.js";
import type { Watched } from "./watch.js";
import type { Window } from "./window.js";
import type { WindowLoop, WindowsOptions } from "./windows.js";

/** What a flow asks of its reader. See `Reader`. */
export interface FlowReader<E extends Element> extends Watched {
  readonly position: number;
  readonly available: number;
  window(least?: number, most?: number): Answer<E>;
  more(): Answer<E>;
  advance(by: number | Window<E>): void;
  seek(position: number): boolean;
  skip(frames: number): number;
  padded(size: number): Window<E>;
  loop(options: WindowsOptions): WindowLoop;
  payOwed(loop: WindowLoop): void;
  visitReady(loop: WindowLoop, visit: WindowVisitor<E>): "not-ready" | "ended" | "failed" | "stopped";
  ready(least?: number, options?: WaitOptions): Promise<Answer<E>>;
  arrival(least: number, options: WaitOptions): Promise<void>;
  readyMore(options?: WaitOptions): Promise<Answer<E>>;
  sendFor(least: number): void;
  cancel(reason?: unknown): void;
  close(): void;
}

/** What a source of resident content is opened with. */
export type OpenResident = <E extends Element>(
  core: Core,
  source: Source,
  options: { readonly element: E; readonly channels: number; readonly start: number; readonly ledger: Ledger },
) => { readonly reader: FlowReader<E>; readonly feed: Feed };
