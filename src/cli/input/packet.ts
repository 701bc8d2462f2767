/** A device's packets in words: `--packet sync=AA55,sequence=u16@2,header=4,samples=64`. */
import { Fault } from "../../fault.js";
import { type ChecksumName, checkOf, checksumNames } from "../../source/packet-checks.js";
import { type Endian, type PacketField, type PacketFormat, packetLayout, widthOf } from "../../source/packet-format.js";
import { wholeOf } from "../sizes.js";

/** What the words say, each by itself; whether they go together depends on the samples. Places and lengths in bytes. */
export interface PacketDescription {
  readonly sync?: readonly number[];
  readonly header?: number;
  /** Frames in a packet. */
  readonly samples?: number;
  readonly bytes?: number;
  readonly length?: PacketField & { readonly plus: number };
  readonly sequence?: PacketField;
  readonly counts?: "packets" | "samples";
  readonly first?: number;
  readonly late?: number;
  readonly checksum?: { readonly kind: ChecksumName; readonly from: number; readonly endian: Endian };
}

/** Bytes of the longest packet that is understood: all of it waits in memory. */
const mostBytes = 2 ** 20;
/** The longest of those that tell their own length: a length above it is garbage. */
const mostOwnLength = 2 ** 15;
const mostSync = 16;

const wrong = (why: string): Fault => new Fault("bad-argument", why);

function whole(text: string, least: number, most: number): number {
  const value = wholeOf(text, least, most);
  if (value === undefined) throw wrong(`wants a whole number from ${least} to ${most}`);
  return value;
}

function syncOf(text: string): number[] {
  const digits = /^(?:0x)?((?:[0-9a-f]{2})+)$/i.exec(text)?.[1];
  if (digits === undefined || digits.length > 2 * mostSync)
    throw wrong(`wants 1 to ${mostSync} bytes in hexadecimal, as in AA55`);
  return digits.match(/../g)!.map((byte) => Number.parseInt(byte, 16));
}

/** `u16@2`, `u16be@2`. */
function fieldOf(text: string): PacketField {
  const parts = /^u(\d{1,2})(le|be)?@(\d{1,7})$/i.exec(text);
  const bits = Number(parts?.[1]);
  const offset = Number(parts?.[3]);
  if (!parts || bits < 1 || bits > 32 || offset >= mostBytes)
    throw wrong("wants a number's bits and the byte it stands at, as in u16@2 or u32be@4: 1 to 32 bits");
  return { offset, bits, endian: parts[2]?.toLowerCase() === "be" ? "big" : "little" };
}

/** `u16@2`, `u16@2+8`. */
function lengthOf(text: string): PacketField & { plus: number } {
  const [field = "", plus = "0", ...rest] = text.split("+");
  if (rest.length > 0) throw wrong("wants a place and bytes to add, as in u16@2+8");
  return { ...fieldOf(field), plus: whole(plus, 0, mostOwnLength) };
}

/** `crc16`, `crc32be`, `crc16-modbus@2`. */
function checksumOf(text: string): NonNullable<PacketDescription["checksum"]> {
  const [name = "", from = "0", ...rest] = text.toLowerCase().split("@");
  const kind = checksumNames.find((known) => name === known || name === `${known}be`);
  if (kind === undefined || rest.length > 0)
    throw wrong(
      `wants one of ${checksumNames.join(", ")}, with be behind it for big-endian, and @2 to begin at byte 2`,
    );
  return { kind, from: whole(from, 0, mostBytes), endian: name === kind ? "little" : "big" };
}

function countsOf(text: string): "packets" | "samples" {
  if (text === "packets" || text === "samples") return text;
  throw wrong("wants packets or samples");
}

const readers: { readonly [K in keyof PacketDescription]-?: (text: string) => PacketDescription[K] } = {
  sync: syncOf,
  header: (text) => whole(text, 0, mostBytes),
  samples: (text) => whole(text, 1, mostBytes),
  bytes: (text) => whole(text, 1, mostBytes),
  length: lengthOf,
  sequence: fieldOf,
  counts: countsOf,
  first: (text) => whole(text, 0, 2 ** 32 - 1),
  late: (text) => whole(text, 0, 2 ** 31),
  checksum: checksumOf,
};

/** Understands the words. Throws `bad-argument` for what is none of them, saying what would be. */
export function packetNamed(text: string): PacketDescription {
  const said: Record<string, unknown> = {};
  for (const word of text.split(",")) {
    const [name = "", ...rest] = word.split("=");
    const key = name.trim();
    const value = rest.join("=").trim();
    if (!Object.hasOwn(readers, key)) {
      const known = Object.keys(readers).join(", ");
      throw wrong(`There is no "${key}" of a packet. It takes ${known}, as in sync=AA55,sequence=u16@2,samples=64.`);
    }
    if (Object.hasOwn(said, key)) throw wrong(`It says ${key} twice.`);
    try {
      said[key] = readers[key as keyof PacketDescription](value);
    } catch (error) {
      throw wrong(`${key}=${value}: ${key} ${(error as Fault).message}.`);
    }
  }
  return said;
}

/** How messages show a field. */
const shown = (name: string, { offset, bits, endian }: PacketField) =>
  `${name}=u${bits}${endian === "big" ? "be" : ""}@${offset}`;

/** Where a field ends. */
const endOf = (field: PacketField | undefined) => (field ? field.offset + widthOf(field) : 0);

/**
 * The format of packets with frames of `frameBytes` bytes. `late`: how many steps back a packet comes too late, unless the
 * words say it. Throws `bad-argument` for words that do not go together.
 */
export function packetFormatOf(said: PacketDescription, frameBytes: number, late = 0): PacketFormat {
  const { sync = [], length, sequence, counts, checksum, samples } = said;
  const trailer = checksum ? checkOf(checksum.kind).bytes : 0;
  const header = said.header ?? Math.max(sync.length, endOf(sequence), endOf(length));
  if (header < sync.length) throw wrong(`header=${header} is less than the ${sync.length} bytes of its sync`);
  if (length && (said.bytes !== undefined || samples !== undefined))
    throw wrong("length says that each packet tells its length: bytes or samples say another");
  if (!length && said.bytes === undefined && samples === undefined)
    throw wrong("it does not say how long a packet is: samples=64, bytes=134, or length=u16@2");

  const own = length && Math.min(mostOwnLength, 2 ** length.bits - 1 + length.plus);
  const total = own ?? said.bytes ?? header + samples! * frameBytes + trailer;
  if (total > mostBytes) throw wrong(`a packet of ${total} bytes is longer than ${mostBytes}`);
  const payload = samples === undefined ? total - trailer - header : samples * frameBytes;
  if (payload < frameBytes || header + payload + trailer > total)
    throw wrong(
      `a packet of ${total} bytes has no room for its header of ${header}, ${samples ?? 1} samples of ${frameBytes} and its checksum of ${trailer}`,
    );
  if (!length && payload % frameBytes !== 0)
    throw wrong(`its ${payload} bytes of samples are no whole number of frames of ${frameBytes} bytes`);
  for (const [name, field] of [
    ["sequence", sequence],
    ["length", length],
  ] as const) {
    if (!field) continue;
    if (field.offset < sync.length) throw wrong(`${shown(name, field)} stands within its sync`);
    const isBehind = !length && field.offset >= header + payload && endOf(field) <= total - trailer;
    if (endOf(field) > header && !isBehind)
      throw wrong(`${shown(name, field)} stands within the samples, which begin at byte ${header}: say another header`);
  }
  if (checksum && checksum.from >= header + 1) throw wrong(`checksum@${checksum.from} begins behind the header`);
  const format: PacketFormat = {
    sync,
    bytes: length ? { ...length, most: total } : total,
    payload: { offset: header, ...(!length && { bytes: payload }) },
    ...(checksum && { checksum }),
    ...(sequence && { sequence: sequenceOf(said, sequence, length ? undefined : payload, frameBytes, late) }),
  };
  if (!sequence && (counts !== undefined || said.first !== undefined || said.late !== undefined))
    throw wrong("counts, first and late are about its sequence, and it has none");
  packetLayout(format);
  return format;
}

function sequenceOf(
  { counts, first, late }: PacketDescription,
  field: PacketField,
  payload: number | undefined,
  frameBytes: number,
  lateUsually: number,
): NonNullable<PacketFormat["sequence"]> {
  const step = counts === "samples" ? frameBytes : payload;
  if (step === undefined) throw wrong("of packets of any length a sequence can only count samples: say counts=samples");
  const range = 2 ** field.bits;
  const said = shown("sequence", field);
  if (first !== undefined && first >= range) throw wrong(`${said} has no number ${first}`);
  if (late !== undefined && late >= range) throw wrong(`${said} cannot be ${late} late`);
  // Of few bits a number that far back could as well be a loss.
  const back = late ?? (range >= 256 ? lateUsually : 0);
  return { ...field, step, ...(first !== undefined && { first }), ...(back > 0 && { late: back }) };
}

/** Says which option a fault is about. */
export function named<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Fault("bad-argument", `--packet: ${(error as Fault).message}`);
  }
}
