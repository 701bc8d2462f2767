/** Checksums of packets, by the names that data sheets give them. */

/** A checksum at the end of a packet. `crc16` is CCITT-FALSE (0x1021, begins with 0xffff), `crc32` that of Ethernet and zip. */
export type ChecksumName = "sum8" | "xor8" | "crc8" | "crc16" | "crc16-modbus" | "crc32";

/** A checksum's width and its value over `bytes[begin]` to `bytes[end - 1]`. */
export interface Check {
  /** Bytes that it takes. */
  readonly bytes: 1 | 2 | 4;
  readonly of: (bytes: Uint8Array, begin: number, end: number) => number;
}

/** A table of remainders, most significant bit first (`polynomial` as written) or last (as written backwards). */
function table(polynomial: number, bits: number, reflected: boolean): Uint32Array {
  const top = 2 ** (bits - 1);
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = reflected ? byte : (byte << (bits - 8)) >>> 0;
    for (let bit = 0; bit < 8; bit++) {
      if (reflected) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
      else rest = rest & top ? (rest << 1) ^ polynomial : rest << 1;
    }
    return (reflected ? rest : rest & (2 ** bits - 1)) >>> 0;
  });
}

/** The checksum of a reflected polynomial. */
function reflected(polynomial: number, bytes: 2 | 4, begins: number, flips: number): Check {
  const rests = table(polynomial, bytes * 8, true);
  return {
    bytes,
    of(data, begin, end) {
      let rest = begins;
      for (let at = begin; at < end; at++) rest = rests[(rest ^ data[at]!) & 255]! ^ (rest >>> 8);
      return (rest ^ flips) >>> 0;
    },
  };
}

function sum8(): Check {
  return {
    bytes: 1,
    of(data, begin, end) {
      let sum = 0;
      for (let at = begin; at < end; at++) sum += data[at]!;
      return sum & 255;
    },
  };
}

function xor8(): Check {
  return {
    bytes: 1,
    of(data, begin, end) {
      let all = 0;
      for (let at = begin; at < end; at++) all ^= data[at]!;
      return all;
    },
  };
}

function crc8(): Check {
  const rests = table(0x07, 8, false);
  return {
    bytes: 1,
    of(data, begin, end) {
      let rest = 0;
      for (let at = begin; at < end; at++) rest = rests[rest ^ data[at]!]!;
      return rest;
    },
  };
}

function crc16(): Check {
  const rests = table(0x1021, 16, false);
  return {
    bytes: 2,
    of(data, begin, end) {
      let rest = 0xffff;
      for (let at = begin; at < end; at++) rest = rests[((rest >>> 8) ^ data[at]!) & 255]! ^ ((rest << 8) & 0xffff);
      return rest;
    },
  };
}

const makers: Readonly<Record<ChecksumName, () => Check>> = {
  sum8,
  xor8,
  crc8,
  crc16,
  "crc16-modbus": () => reflected(0xa001, 2, 0xffff, 0),
  crc32: () => reflected(0xedb88320, 4, 0xffffffff, 0xffffffff),
};

/** The names that there are. */
export const checksumNames = Object.keys(makers) as readonly ChecksumName[];

/** The checksum of this name. */
export function checkOf(name: ChecksumName): Check {
  return makers[name]();
}
