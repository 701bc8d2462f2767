import type { PacketDescription } from "./packet.js";

/** What a call says of its input. */
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
