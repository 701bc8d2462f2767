/** `forebay stats`: statistics of a file, of standard input, or of the machine's own jitter. */
import { Arena } from "../../arena.js";
import type { NumberElement } from "../../element.js";
import { explain } from "../../explain.js";
import { Fault } from "../../fault.js";
import { type ChannelStats, Stats } from "../../kernel/stats.js";
import { fileSource } from "../../source/node-file.js";
import { reasonOf } from "../complain.js";
import { status } from "../status.js";
import { elementNamed, elementOfPath } from "./element.js";
import { statsTable } from "./table.js";

/** The options as commander hands them over. */
export interface StatsOptions {
  readonly element?: string;
  readonly channels: number;
  readonly seconds?: number;
  readonly json?: boolean;
  readonly explain?: boolean;
}

/** Frames of a window. The statistics do not depend on it. */
const windowFrames = 8192;

/** Runs the command and returns its exit status. */
export async function stats(input: string | undefined, options: StatsOptions): Promise<number> {
  try {
    return input === undefined ? await statsOfMachine(options) : await statsOfInput(input, options);
  } catch (error) {
    console.error(`forebay: ${input === undefined ? "" : `${input}: `}${reasonOf(error)}`);
    return status.error;
  }
}

/** What the samples are, and how that is known. */
function describe(input: string, options: StatsOptions): { element: NumberElement; known: string } {
  if (options.element !== undefined) {
    const element = elementNamed(options.element);
    if (element) return { element, known: "as told" };
    throw new Fault("bad-argument", `there are no elements of type ${options.element}; see forebay stats --help`);
  }
  const element = input === "-" ? undefined : elementOfPath(input);
  if (element) return { element, known: "by its extension" };
  return { element: "f32", known: "assumed; --element says otherwise" };
}

async function statsOfInput(input: string, options: StatsOptions): Promise<number> {
  const { element, known } = describe(input, options);
  const { channels } = options;
  const arena = Arena.createSync({ bytes: arenaBytes(channels) });
  const flow = arena.open(fileSource(input === "-" ? 0 : input), { element, channels });
  const sums = new Stats(arena, element, channels);
  let fault: Fault | undefined;
  try {
    const size = Math.min(windowFrames, flow.buf.maxWindow);
    await flow.each({ size }, (window) => sums.add(window));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error;
  }
  const rows = sums.result();
  if (options.json) {
    print({
      source: input,
      element,
      channels,
      known,
      stats: rows,
      ...(options.explain && { plan: flow.plan, read: { ...flow.stats, held: flow.stats.held } }),
      ...(fault && { fault: reasonOf(fault) }),
    });
  } else {
    console.log(
      `${input}: ${element} × ${channels} ${channels === 1 ? "channel" : "channels"} (${known})\n\n${statsTable(rows)}`,
    );
    if (options.explain) console.log(`\n${explain(flow)}`);
  }
  if (!fault) return status.found;
  console.error(`forebay: ${input}: ${reasonOf(fault)}`);
  return status.error;
}

/** Room for a ring of wide frames and for the statistics of every channel. */
function arenaBytes(channels: number): number {
  return (16 + Math.ceil(channels / 512)) * 1024 * 1024;
}

async function statsOfMachine(options: StatsOptions): Promise<number> {
  const seconds = options.seconds ?? 3;
  if (options.element !== undefined || options.channels !== 1 || options.explain) {
    throw new Fault("bad-argument", "--element, --channels and --explain are about an INPUT, and there is none");
  }
  const { sampleJitter, tickRate } = await import("./jitter.js");
  const ticks = Math.round(seconds * tickRate);
  const bar = process.stderr.isTTY ? await openBar(ticks) : undefined;
  const jitter = sampleJitter(Arena.createSync({ bytes: 1024 * 1024 }), seconds, (done) => bar?.update(done));
  bar?.stop();
  if (options.json) {
    print({
      source: "scheduling jitter",
      unit: "µs",
      element: "f32",
      channels: 1,
      tickRate,
      seconds,
      stats: jitter.stats,
    });
    return status.found;
  }
  console.log(`How late this machine wakes up a thread that asks for ${tickRate} times a second, in µs, for ${seconds} s:

${statsTable(jitter.stats)}

${jitter.histogram.draw("µs")}

Samples in a file: forebay stats FILE. Everything else: forebay --help.`);
  return status.found;
}

async function openBar(ticks: number): Promise<{ update(value: number): void; stop(): void }> {
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar({
    format: "Listening to the machine's clock {bar} {percentage} %",
    barsize: 24,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    clearOnComplete: true,
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(ticks, 0);
  return bar;
}

/** Numbers that JSON has no word for are null. */
function print(object: { readonly stats: readonly ChannelStats[] } & Record<string, unknown>): void {
  console.log(JSON.stringify(object));
}
