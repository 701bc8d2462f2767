/** How a device packs its samples: what a packet begins with, how long it is, and where its number and its samples stand. */
import { Fault } from "../fault.js";
import { type Check, type ChecksumName, checkOf, checksumNames } from "./packet-checks.js";

/** Which end of a number comes first. */
export type Endian = "little" | "big";

/** A whole number within a packet, without a sign. */
export interface PacketField {
  /** Bytes from the packet's begin. */
  readonly offset: number;
  /** 1 to 32; it stands in as many bytes as that takes, in their lowest bits. */
  readonly bits: number;
  /** Default `"little"`. */
  readonly endian?: Endian;
}

/** A length that a packet tells by itself. */
export interface PacketLength extends PacketField {
  /** Bytes more than that which the packet has: its head and its checksum, where the length is that of the samples. Default 0. */
  readonly plus?: number;
  /** The longest packet, in bytes: a length above it is garbage. */
  readonly most: number;
}

/** A number that counts packets or frames, and begins anew when its bits are used up. */
export interface PacketSequence extends PacketField {
  /**
   * Bytes of samples that one step stands for. Default: those of a packet, as it is where packets are counted; where frames
   * are counted, the bytes of a frame.
   */
  readonly step?: number;
  /** The number of the first packet that was sent, where that is known: what is lost before the first one that comes is counted. */
  readonly first?: number;
  /**
   * So many steps back are a packet that came again or too late, which is left out; anything else is a loss. Default 0, as
   * is right where packets keep their order: a serial line. For UDP or MQTT some 16.
   */
  readonly late?: number;
}

/** A device's own time, which becomes a mark at the packet's first frame: `{ deviceTime }`. */
export interface PacketTimestamp {
  /** Bytes from the packet's begin. */
  readonly offset: number;
  /** 8 to 64; above 53 the lowest bits are rounded. */
  readonly bits: number;
  readonly endian?: Endian;
  /** What one step of it is worth, in a unit of your choice. Default 1. */
  readonly unit?: number;
  /** Marks every so many packets. Default 1: each makes an object. */
  readonly every?: number;
}

/** How packets look. All offsets and lengths in bytes, from the packet's begin. */
export interface PacketFormat {
  /** What each packet begins with. Without it packets follow each other with nothing between, and garbage is never noticed. */
  readonly sync?: readonly number[];
  /** The length of a packet as a whole, or where it stands. */
  readonly bytes: number | PacketLength;
  readonly sequence?: PacketSequence;
  /** Where the samples are. `bytes` default: up to the checksum, or to the packet's end. */
  readonly payload: { readonly offset: number; readonly bytes?: number };
  /**
   * The checksum of all that is before it, from `from` (default 0) on; it stands at the packet's end. Or a function that
   * says whether a packet is whole; it must not keep what it is shown.
   */
  readonly checksum?:
    | { readonly kind: ChecksumName; readonly from?: number; readonly endian?: Endian }
    | ((packet: Uint8Array) => boolean);
  readonly timestamp?: PacketTimestamp;
  /** A byte and the bits in it by which the device says that it lost samples of its own before this packet, not how many. */
  readonly overrun?: { readonly offset: number; readonly mask: number };
  /**
   * Whether a packet counts only when the next one's sync, or the end, follows right behind it. Default: true without a
   * checksum and with a sync, since nothing else tells a damaged packet. It shows a packet when the next one begins to come.
   */
  readonly confirm?: boolean;
}

/** A format with everything worked out. */
export interface PacketLayout {
  readonly sync: Uint8Array;
  /** Bytes that must be there before the length is known. */
  readonly head: number;
  /** Bytes of every packet; 0 where each tells its own. */
  readonly fixed: number;
  readonly length: PacketLength | undefined;
  /** The shortest and the longest packet. */
  readonly least: number;
  readonly most: number;
  readonly payloadOffset: number;
  /** Bytes of samples in every packet; undefined where they go up to `trailer` bytes before the packet's end. */
  readonly payloadBytes: number | undefined;
  readonly trailer: number;
  readonly check: (Check & { readonly from: number; readonly endian: Endian }) | undefined;
  readonly whole: ((packet: Uint8Array) => boolean) | undefined;
  readonly confirm: boolean;
  readonly sequence: (PacketSequence & { readonly step: number; readonly modulus: number }) | undefined;
  readonly timestamp: PacketTimestamp | undefined;
  readonly overrun: { readonly offset: number; readonly mask: number } | undefined;
}

/** The longest packet that there may be: 16 MiB. */
const mostBytes = 2 ** 24;

/** Works a format out. Throws `bad-argument` for what contradicts itself, saying what is wrong. */
export function packetLayout(format: PacketFormat): PacketLayout {
  const sync = Uint8Array.from(format.sync ?? []);
  const { payload, checksum, sequence, timestamp, overrun } = format;
  const fixed = typeof format.bytes === "number" ? whole("bytes", format.bytes, 1, mostBytes) : 0;
  const length = typeof format.bytes === "number" ? undefined : format.bytes;
  if (length) checkField("bytes", length, 32);
  const check = typeof checksum === "object" ? namedCheck(checksum.kind) : undefined;
  const trailer = check?.bytes ?? 0;
  const most = length ? whole("bytes.most", length.most, 1, mostBytes) : fixed;
  const payloadOffset = whole("payload.offset", payload.offset, 0, most - 1);
  const given =
    payload.bytes === undefined ? undefined : whole("payload.bytes", payload.bytes, 1, most - payloadOffset);
  const payloadBytes = given ?? (length ? undefined : fixed - trailer - payloadOffset);
  const head = Math.max(sync.length, length ? length.offset + widthOf(length) : 0);
  const ends = [payloadOffset + (payloadBytes ?? 0) + trailer, head + (length ? 0 : trailer)];
  if (sequence) ends.push(checkField("sequence", sequence, 32) + trailer);
  if (timestamp) ends.push(checkField("timestamp", timestamp, 64) + trailer);
  if (overrun) ends.push(whole("overrun.offset", overrun.offset, 0, most - 1) + 1 + trailer);
  const least = Math.max(...ends);
  if (least > most || (payloadBytes ?? 1) < 1) {
    throw wrong(
      `a packet has ${most} bytes, too few for its fields, its samples and its checksum, which take ${least}`,
    );
  }
  const step = sequence?.step ?? payloadBytes;
  if (sequence && step === undefined) {
    throw wrong("packets of any length need sequence.step: the bytes of samples that one step stands for");
  }
  const checks = checksum !== undefined;
  return {
    sync,
    head,
    fixed,
    length,
    least,
    most,
    payloadOffset,
    payloadBytes,
    trailer,
    check: check && { ...check, from: (checksum as { from?: number }).from ?? 0, endian: endianOf(checksum) },
    whole: typeof checksum === "function" ? checksum : undefined,
    confirm: sync.length > 0 && (format.confirm ?? !checks),
    sequence: sequence && {
      ...sequence,
      step: whole("sequence.step", step as number, 1, mostBytes),
      modulus: 2 ** sequence.bits,
    },
    timestamp,
    overrun,
  };
}

/** Bytes that a field takes. */
export const widthOf = ({ bits }: { readonly bits: number }): number => Math.ceil(bits / 8);

/** A number of up to 64 bits, of which those above 53 are rounded. */
export function readNumber(bytes: Uint8Array, at: number, width: number, endian: Endian = "little"): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + bytes[endian === "big" ? at + i : at + width - 1 - i]!;
  return value;
}

/** A field of the packet that begins at `at`. */
export function readField(bytes: Uint8Array, at: number, field: PacketField): number {
  return readNumber(bytes, at + field.offset, widthOf(field), field.endian) % 2 ** field.bits;
}

/** Checks a field, and answers where it ends. */
function checkField(name: string, field: { readonly offset: number; readonly bits: number }, bits: number): number {
  whole(`${name}.bits`, field.bits, 1, bits);
  return whole(`${name}.offset`, field.offset, 0, mostBytes) + widthOf(field);
}

function namedCheck(kind: ChecksumName): Check {
  if (!checksumNames.includes(kind)) throw wrong(`there is no checksum "${kind}": ${checksumNames.join(", ")}`);
  return checkOf(kind);
}

const endianOf = (checksum: PacketFormat["checksum"]): Endian =>
  (typeof checksum === "object" && checksum.endian) || "little";

function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrong(`${name} must be a whole number from ${least} to ${most}, not ${value}`);
}

const wrong = (why: string): Fault => new Fault("bad-argument", `These packets cannot be: ${why}.`);
