/** What a call says of its input. */
import { Fault } from "../../fault.js";
import { sampleNamed, storedBytes } from "../../format/sample.js";
import type { PacketDescription } from "./packet.js";

/** It. */
export interface InputOptions {
  /** What samples are, of input that does not say so itself; `element` of raw files, as in `s16`, `cf32`, `s24be`. */
  readonly element?: string | undefined;
  /** Frames a second. */
  readonly rate?: number | undefined;
  /** Samples in a frame. */
  readonly channels?: number | undefined;
  /** Bits a second of a serial port. */
  readonly baud?: number | undefined;
  /** How the samples are packed. */
  readonly packet?: PacketDescription | undefined;
  /** What stands before the names of these options on the command line, as `from-` in `--from-element`. Default nothing. */
  readonly prefix?: string | undefined;
}

/** The bytes of a frame of samples, of input that cannot say by itself what its samples are. */
export function samplesOf({ element, channels = 1, prefix = "" }: InputOptions): { frameBytes: number } {
  if (element === undefined) {
    const how = `--${prefix}element s16 (u8, f32 …), and how many a second with --${prefix}rate`;
    throw new Fault("bad-argument", `tell what it sends, with ${how}`);
  }
  const sample = sampleNamed(element);
  if (!sample) throw new Fault("bad-argument", `there are no samples of type ${element}`);
  return { frameBytes: channels * (sample.complex ? 2 : 1) * storedBytes(sample.sampleFormat) };
}
