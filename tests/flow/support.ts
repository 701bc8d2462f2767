/** What the tests of flows share: arenas over both builds, gathering windows in every way, and the model of windows. */
import {
  Arena,
  type Element,
  Fault,
  type FaultCode,
  type Flow,
  type Window,
  type WindowsOptions,
} from "../../src/index.js";
import { concat } from "../support/bytes.js";
import { projectFile } from "../support/host.js";

const debugModule = new WebAssembly.Module(projectFile("build/core.debug.wasm"));

/** An arena over the debug build: it checks every call and poisons what is released. */
export function debugArena(bytes = 4 * 2 ** 20): Arena {
  return Arena.createSync({ module: debugModule, debug: true, bytes });
}

/** One maker of arenas for each build; suites run over both. */
export const builds: { build: string; makeArena: () => Arena }[] = [
  { build: "release", makeArena: () => Arena.createSync({ bytes: 4 * 2 ** 20 }) },
  { build: "debug", makeArena: () => debugArena() },
];

/** What one window showed. */
export interface Seen {
  start: number;
  length: number;
  padded: number;
  content: number[];
}

export function look<E extends Element>(window: Window<E>): Seen {
  return { start: window.start, length: window.length, padded: window.padded, content: [...window.data] };
}

/** The four ways to loop over windows, each giving what it saw. */
export const ways = {
  async each(flow: Flow<Element>, options: WindowsOptions): Promise<Seen[]> {
    const seen: Seen[] = [];
    await flow.each(options, (window) => void seen.push(look(window)));
    return seen;
  },
  async eachSync(flow: Flow<Element>, options: WindowsOptions): Promise<Seen[]> {
    const seen: Seen[] = [];
    flow.eachSync(options, (window) => void seen.push(look(window)));
    return seen;
  },
  async windows(flow: Flow<Element>, options: WindowsOptions): Promise<Seen[]> {
    const seen: Seen[] = [];
    for await (const window of flow.windows(options)) seen.push(look(window));
    return seen;
  },
  async windowsSync(flow: Flow<Element>, options: WindowsOptions): Promise<Seen[]> {
    const seen: Seen[] = [];
    for (const window of flow.windowsSync(options)) seen.push(look(window));
    return seen;
  },
};

export type Way = keyof typeof ways;

/** Windows over a whole array at once: what every loop over a stream of these elements has to give. */
export function modelWindows(elements: ArrayLike<number>, options: WindowsOptions, channels = 1): Seen[] {
  const { size, hop = size, prime = "skip", tail = "keep" } = options;
  const history = prime === "zero" ? Math.max(0, size - hop) : 0;
  const zeros = (frames: number) => new Array<number>(frames * channels).fill(0);
  const all = [...zeros(history), ...Array.from(elements)];
  const frames = all.length / channels;
  const slice = (from: number, to: number) => all.slice(from * channels, to * channels);
  const seen: Seen[] = [];
  let at = 0;
  for (; at + size <= frames; at += hop) {
    seen.push({ start: at - history, length: size, padded: 0, content: slice(at, at + size) });
  }
  const shown = seen.length > 0 ? Math.max(0, size - hop) : history;
  const rest = Math.max(0, frames - at);
  if (tail === "drop" || rest <= shown) return seen;
  const padded = tail === "zero" ? size - rest : 0;
  seen.push({ start: at - history, length: rest + padded, padded, content: [...slice(at, frames), ...zeros(padded)] });
  return seen;
}

/** `length` bytes in which no place looks like another one nearby. */
export function numbered(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, at) => (Math.imul(at + seed, 0x9e3779b1) >>> 24) ^ at);
}

/** The fault that `doing` throws or rejects with; fails when it does not, or when it is no fault of that code. */
export async function faultFrom(doing: () => unknown, code: FaultCode): Promise<Fault> {
  let thrown: unknown;
  try {
    await doing();
  } catch (error) {
    thrown = error;
  }
  if (!(thrown instanceof Fault)) throw new Error(`wanted the fault ${code}, got ${String(thrown)}`, { cause: thrown });
  if (thrown.code !== code) throw new Error(`wanted the fault ${code}, got ${thrown.code}: ${thrown.message}`);
  return thrown;
}

/** Everything that is left of a flow, by any chunks, and the fault at its end. */
export async function drain(flow: Flow<"u8">): Promise<{ bytes: Uint8Array; fault: Fault | undefined }> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const answer = await flow.ready(1);
    if (answer.state !== "ready") {
      return { bytes: concat(parts), fault: answer.state === "failed" ? answer.fault : undefined };
    }
    parts.push(answer.window.data.slice());
    flow.advance(answer.window);
  }
}

/** As `drain`, blocking the thread. */
export function drainSync(flow: Flow<"u8">): { bytes: Uint8Array; fault: Fault | undefined } {
  const parts: Uint8Array[] = [];
  for (;;) {
    const answer = flow.readySync(1);
    if (answer.state !== "ready") {
      return { bytes: concat(parts), fault: answer.state === "failed" ? answer.fault : undefined };
    }
    parts.push(answer.window.data.slice());
    flow.advance(answer.window);
  }
}

/** Lets all that is due in this turn, and `turns` turns of the event loop, happen. */
export async function turns(count = 1): Promise<void> {
  const later = typeof setImmediate === "function" ? setImmediate : setTimeout;
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => void later(resolve, 0));
}

/** The window that is ready now. */
export function ready(
  flow: { window(least?: number, most?: number): { state: string } },
  least = 1,
  most = 0,
): Window<"u8"> {
  const answer = flow.window(least, most) as { state: string; window?: Window<"u8"> };
  if (!answer.window) throw new Error(answer.state);
  return answer.window;
}
