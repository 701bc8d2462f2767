/** `forebay convert`: from one format, rate, sample type and number of channels to another. */
import { Arena } from "../../arena.js";
import { Fault } from "../../fault.js";
import { openBar } from "../bar.js";
import { reasonOf, systemCode } from "../complain.js";
import { nameOf, openInput } from "../input/open.js";
import { listening } from "../listening.js";
import { status } from "../status.js";
import { Conversion } from "./conversion.js";
import type { ConvertOptions } from "./options.js";
import { report } from "./report.js";

/** Bytes of the arena, all of which filters with very many taps need. */
const arenaBytes = 128 * 1024 * 1024;

/** Signals that end a process, and what it is left with. */
const endings = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Runs the command and returns its exit status. */
export async function convert(from: string, to: string, options: ConvertOptions): Promise<number> {
  let conversion: Conversion | undefined;
  const stop = new AbortController();
  let isLive = false;
  let isOfInput = false;
  const endBy = (code: number) => () => {
    // A sensor has no end of its own: the first Ctrl-C is it.
    if (isLive && conversion && !stop.signal.aborted) return stop.abort();
    conversion?.discard();
    process.exit(code);
  };
  const handlers = Object.entries(endings).map(([name, code]) => [name, endBy(code)] as const);
  for (const [name, end] of handlers) process.on(name, end);
  try {
    if (options.json && to === "-")
      throw new Fault("bad-argument", "--json and the output would both go to standard output");
    const { fromElement, fromRate, fromChannels } = options;
    const { baud, packet } = options;
    const given = { element: fromElement, rate: fromRate, channels: fromChannels, baud, packet, prefix: "from-" };
    isOfInput = true;
    const input = await openInput(from, given);
    isOfInput = false;
    isLive = input.live;
    conversion = new Conversion(Arena.createSync({ bytes: arenaBytes }), input, to, options);
    if (isLive) console.error(listening(input.name));
    const bar = await openBar("Converting", Math.min(input.recording.frames ?? 0, conversion.limit));
    try {
      await conversion.run((frames) => bar.update(frames), stop.signal);
    } finally {
      bar.stop();
    }
    const { fault } = conversion;
    report(input, conversion, options.json ?? false);
    if (fault === undefined) return stop.signal.aborted ? status.interrupted : status.found;
    console.error(`forebay: ${nameOf(from)}: ${reasonOf(fault)}`);
    return status.error;
  } catch (error) {
    conversion?.discard();
    // Whoever read the output has enough.
    if (systemCode(error) === "EPIPE") return status.found;
    console.error(`forebay: ${!isOfInput && isOfOutput(error) ? "" : `${nameOf(from)}: `}${reasonOf(error)}`);
    return status.error;
  } finally {
    for (const [name, end] of handlers) process.off(name, end);
  }
}

/** Whether an error is about the call or the output, which its message names. */
function isOfOutput(error: unknown): boolean {
  return error instanceof Fault && error.code === "bad-argument";
}
