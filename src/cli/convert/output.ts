/** What becomes of converted frames: into which file they go, and what stands for those that are missing. */
import { existsSync } from "node:fs";
import { extname } from "node:path";
import { Fault } from "../../fault.js";
import { pathsOf, Target, type TargetFacts } from "./target.js";

/** What stands for missing frames where the format cannot say that they are. */
export type GapPolicy = "zero" | "hold" | "split";

/** Frames that stand for missing ones and are written at once. */
const fillFrames = 4096;

/** The files of a conversion. */
export class Output {
  readonly #path: string;
  readonly #facts: TargetFacts;
  readonly #policy: GapPolicy;
  readonly #force: boolean;
  readonly #frameBytes: number;
  readonly #finished: string[] = [];
  readonly #last: Uint8Array;
  #target: Target;
  #before = 0;
  #files = 1;
  /** Frames that were written for missing ones. */
  filled = 0;
  /** Missing frames that nothing was written for. */
  #unwritten = 0;

  constructor(path: string, facts: TargetFacts, frameBytes: number, policy: GapPolicy, force: boolean) {
    this.#path = path;
    this.#facts = facts;
    this.#policy = policy;
    this.#force = force;
    this.#frameBytes = frameBytes;
    this.#last = silence(facts, frameBytes);
    if (policy === "split" && path === "-") {
      throw new Fault(
        "bad-argument",
        "--gaps split writes several files, and standard output is one: use zero or hold",
      );
    }
    this.#target = this.#open(path);
  }

  #open(path: string): Target {
    const there =
      path === "-" || this.#force ? undefined : pathsOf(path, this.#facts.format).find((name) => existsSync(name));
    if (there !== undefined) throw new Fault("bad-argument", `${there} is there already: --force writes over it`);
    return new Target(path, this.#facts);
  }

  /** Frames written, those that stand for missing ones among them. */
  get frames(): number {
    return this.#before + this.#target.frames;
  }

  /** The files, as they are called at the end. */
  get paths(): readonly string[] {
    return [...this.#finished, ...this.#target.paths];
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#target.write(bytes);
    if (this.#policy === "hold" && bytes.length > 0) this.#last.set(bytes.subarray(bytes.length - this.#frameBytes));
  }

  /** A fact of a frame, counted over all files, and over frames that are missing, too. */
  mark(position: number, text: string, frames?: number): void {
    this.#target.mark(Math.max(0, position - this.#unwritten - this.#before), text, frames);
  }

  /** `lost` frames are missing here. */
  async gap(lost: number): Promise<void> {
    const isSaid = this.#target.saysGaps;
    if (isSaid || this.#policy === "split") this.#unwritten += lost;
    if (isSaid) this.#target.gap(lost);
    else if (this.#policy === "split") await this.#next();
    else await this.#fill(lost);
  }

  async #next(): Promise<void> {
    // Nothing came before the first gap: the file that was begun is the one behind it.
    if (this.#target.frames === 0) return;
    await this.#target.finish();
    this.#before += this.#target.frames;
    this.#finished.push(...this.#target.paths);
    const ending = extname(this.#path);
    const number = ++this.#files;
    this.#target = this.#open(`${this.#path.slice(0, this.#path.length - ending.length)}-${number}${ending}`);
  }

  async #fill(lost: number): Promise<void> {
    const bytes = new Uint8Array(Math.min(lost, fillFrames) * this.#frameBytes);
    for (let at = 0; at < bytes.length; at += this.#frameBytes) bytes.set(this.#last, at);
    for (let left = lost; left > 0; left -= fillFrames) {
      await this.#target.write(bytes.subarray(0, Math.min(left, fillFrames) * this.#frameBytes));
    }
    this.filled += lost;
  }

  finish(): Promise<void> {
    return this.#target.finish();
  }

  discard(): void {
    this.#target.discard();
  }
}

/** A frame of silence: of u8 that is 128. */
function silence({ sampleFormat }: TargetFacts, frameBytes: number): Uint8Array {
  return new Uint8Array(frameBytes).fill(sampleFormat === "u8" ? 128 : 0);
}
