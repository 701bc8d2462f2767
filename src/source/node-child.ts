/** A child process's output as a source. Copies: 1, from the pipe's chunk into the ring. */
import type { ChildProcess } from "node:child_process";
import { orAborted } from "../abort.js";
import { Fault } from "../fault.js";
import { Landing } from "../landing.js";
import { readableSource } from "./node-readable.js";
import type { Source } from "./source.js";

/** How a child's output is read. */
export interface ChildSourceOptions {
  /** What messages call it. Default: the program's name. */
  readonly name?: string;
  /** The signal that closing sends while the child runs. Default `"SIGTERM"`. */
  readonly killSignal?: NodeJS.Signals;
}

/** Bytes of the child's last complaints that a failure shows. */
const tailBytes = 2048;

/** How long a child that ended may keep its error output open (through a child of its own), in milliseconds. */
const lastWordsMs = 100;

/** How long a child may take to end when it is told to, before it is killed, in milliseconds. */
const graceMs = 2000;

/**
 * What a child writes to its standard output, which must be a pipe. The stream ends when the output has ended and the child
 * has exited with 0; another code, a signal, or that it could not be started is a failure behind everything it wrote, with
 * the end of what it wrote to standard error where that is a pipe (which this source then reads, so that it cannot fill up).
 *
 * Make it in the turn that spawns the child: Node throws away what nobody listens for when a child exits.
 *
 * Closing ends a child that still runs, and waits until it is gone: with `killSignal`, and after two seconds with `SIGKILL`.
 */
export function childSource(child: ChildProcess, options: ChildSourceOptions = {}): Source {
  const name = options.name ?? child.spawnfile;
  const { stdout } = child;
  if (!stdout) {
    throw new Fault(
      "bad-argument",
      `Cannot read what ${name} writes: its standard output is no pipe. Spawn it with one.`,
    );
  }
  const output = readableSource(stdout);
  const end = new ChildEnd(child);
  const ended = async (signal: AbortSignal): Promise<number> => {
    await orAborted(end.exited, signal);
    await end.check();
    return 0;
  };
  return {
    name,
    copies: 1,
    read(into, position, signal) {
      // The output of a child that was never started is an end on some hosts and broken on others.
      if (child.pid === undefined) return ended(signal);
      const answer = output.read(into, position, signal);
      if (typeof answer === "number") return answer > 0 ? answer : ended(signal);
      if (!(answer instanceof Landing)) return answer.then((bytes) => (bytes > 0 ? bytes : ended(signal)));
      const landing = new Landing();
      const land = (bytes: number) => landing.land(bytes);
      const fail = (reason: unknown) => landing.fail(reason);
      answer.hear((bytes) => (bytes > 0 ? land(bytes) : void ended(signal).then(land, fail)), fail);
      return landing;
    },
    async close() {
      await output.close?.();
      await end.kill(options.killSignal ?? "SIGTERM");
    },
  };
}

/** How a child ended. */
interface Ending {
  readonly exitCode: number | null;
  readonly signalCode: NodeJS.Signals | null;
}

/** How a child ends, and its last words. */
class ChildEnd {
  readonly #child: ChildProcess;
  /** Resolves when the child has exited or could not be started. */
  readonly exited: Promise<void>;
  readonly #complaints: Tail | undefined;
  #notStarted: Error | undefined;
  /** Told by the exit alone: in Deno, the child's own `signalCode` is set by a signal that it may not heed. */
  #ending: Ending | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#complaints = child.stderr ? new Tail(child.stderr) : undefined;
    const { exitCode, signalCode } = child;
    if (exitCode !== null || signalCode !== null) this.#ending = { exitCode, signalCode };
    this.exited = new Promise((resolve) => {
      if (this.#ending) resolve();
      child.once("exit", (exitCode, signalCode) => {
        this.#ending ??= { exitCode, signalCode };
        resolve();
      });
      // Also emitted when a signal could not be sent, which is no end.
      child.on("error", (error) => {
        if (child.pid !== undefined) return;
        this.#notStarted = error;
        resolve();
      });
    });
  }

  /** Throws if the child, which has exited, did so with anything but 0. */
  async check(): Promise<void> {
    if (this.#notStarted) throw this.#notStarted;
    const { exitCode, signalCode } = this.#ending as Ending;
    if (exitCode === 0) return;
    const how = signalCode === null ? `exited with code ${exitCode}` : `was ended by ${signalCode}`;
    const words = await this.#complaints?.text();
    throw new Error(words ? `it ${how}, having said: ${words}` : `it ${how}`);
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const { pid } = this.#child;
    if (this.#ending || pid === undefined) return;
    this.#child.kill(signal);
    const harder = setTimeout(() => {
      // Deno sends a child one signal and no other. The number is still the child's: its exit has not been heard of.
      if (!this.#child.kill("SIGKILL")) process.kill(pid, "SIGKILL");
    }, graceMs);
    await this.exited;
    clearTimeout(harder);
  }
}

/** The last bytes of a stream that is read for nothing else. */
class Tail {
  readonly #ended: Promise<void>;
  #bytes = Buffer.alloc(0);

  constructor(stream: NodeJS.ReadableStream) {
    stream.on("data", (chunk: Buffer | string) => {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.from(chunk as string)]).subarray(-tailBytes);
    });
    this.#ended = new Promise((resolve) => {
      for (const event of ["end", "close", "error"]) stream.once(event, () => resolve());
    });
  }

  /** What it said last, once it has ended, or a moment has passed. */
  async text(): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.#ended, new Promise((resolve) => (timer = setTimeout(resolve, lastWordsMs)))]);
    clearTimeout(timer);
    return this.#bytes.toString().trim();
  }
}
