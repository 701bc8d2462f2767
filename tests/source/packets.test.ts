/** Packets: samples whole and in order, whatever comes between; what is missing is counted to the byte. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PacketFormat, packetSource } from "../../src/sensors.js";
import { checkOf } from "../../src/source/packet-checks.js";
import type { Source, SourceEvent } from "../../src/source/source.js";
import { sourceConformance } from "../conformance/source.js";
import { faultFrom, numbered } from "../flow/support.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { errorInTheMiddle } from "../hostile/error_in_the_middle.js";
import { neverAnswers } from "../hostile/never_answers.js";
import { concat } from "../support/bytes.js";

/** Packets of any length, numbered by bytes, with a CRC. */
const anyLength: PacketFormat = {
  sync: [0xd1, 0x5c, 0x0b],
  bytes: { offset: 3, bits: 16, endian: "big", plus: 14, most: 2000 },
  sequence: { offset: 5, bits: 32, endian: "big", step: 1 },
  payload: { offset: 10 },
  checksum: { kind: "crc32", endian: "big" },
};

/** Content packed so, in packets of these lengths. */
function packed(content: Uint8Array, lengths: readonly number[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < content.length; turn++) {
    const payload = content.subarray(at, at + lengths[turn % lengths.length]!);
    const packet = new Uint8Array(14 + payload.length);
    packet.set([0xd1, 0x5c, 0x0b]);
    const view = new DataView(packet.buffer);
    view.setUint16(3, payload.length);
    view.setUint32(5, at);
    packet.set(payload, 10);
    view.setUint32(packet.length - 4, checkOf("crc32").of(packet, 0, packet.length - 4));
    parts.push(packet);
    at += payload.length;
  }
  return concat(parts);
}

const lengths = [1, 7, 300, 64];
sourceConformance(
  "packets of any length",
  async (content) => ({ source: packetSource(chunkedSource(packed(content, lengths), [1, 50, 9]), anyLength) }),
  {
    seekable: false,
    sync: true,
    waits: async (content) => ({ source: packetSource(neverAnswers(packed(content, lengths)), anyLength) }),
    breaks: async (content) => {
      const bytes = packed(content, lengths);
      const base = { ...errorInTheMiddle(bytes, bytes.length), seekable: false };
      return { source: packetSource(base, anyLength) };
    },
  },
);

/** Everything a source gives, and what it tells, as it is read by pieces of `most` bytes. */
async function readAll(source: Source, most = 1000): Promise<{ bytes: number[]; events: SourceEvent[] }> {
  const bytes: number[] = [];
  const events: SourceEvent[] = [];
  const { signal } = new AbortController();
  const tell = () => {
    for (let event = source.events?.take(); event; event = source.events?.take()) events.push(event);
  };
  for (;;) {
    const into = new Uint8Array(most);
    const got = await source.read(into, bytes.length, signal);
    const before = events.length;
    tell();
    // An event is there before its byte, never behind it.
    for (const { position } of events.slice(before)) expect(position).toBeGreaterThanOrEqual(bytes.length);
    if (got === 0) return { bytes, events };
    bytes.push(...into.subarray(0, got));
  }
}

const over = (bytes: Uint8Array, format: PacketFormat, cuts: readonly number[] = [1e9]) =>
  packetSource(chunkedSource(bytes, cuts), format);

/** Packets of 8 bytes: a sync of two, a number of one, four samples, the sum of all. */
const small: PacketFormat = {
  sync: [0xaa, 0x55],
  bytes: 8,
  sequence: { offset: 2, bits: 8 },
  payload: { offset: 3, bytes: 4 },
  checksum: { kind: "sum8" },
};
const smallPacket = (number: number, samples = [1, 2, 3, 4].map((i) => (number * 4 + i) & 255)): number[] => {
  const body = [0xaa, 0x55, number & 255, ...samples];
  return [...body, body.reduce((sum, byte) => sum + byte) & 255];
};
const unsummed: PacketFormat = {
  sync: [0xaa, 0x55],
  bytes: 7,
  sequence: { offset: 2, bits: 8 },
  payload: { offset: 3, bytes: 4 },
};
const unsummedPacket = (number: number) => smallPacket(number).slice(0, 7);
const gap = (position: number, lost: number, cause: string) => ({ kind: "gap", position, lost, cause });

describe("the numbers of packets", () => {
  it("tell what is missing in the middle, across the number's end, and nothing of the first one", async () => {
    const bytes = Uint8Array.from([250, 251, 254, 255, 0, 4].flatMap((number) => smallPacket(number)));
    const source = over(bytes, small);
    expect((await readAll(source)).events).toEqual([gap(8, 8, "sequence"), gap(20, 12, "sequence")]);
    expect(source.counts).toEqual({
      packets: 6,
      lostBytes: 20,
      gaps: 2,
      corrupt: 0,
      skippedBytes: 0,
      late: 0,
    });
  });

  it("tell what is missing before the first one where that is known", async () => {
    const format = { ...small, sequence: { offset: 2, bits: 8, first: 0 } };
    const { events } = await readAll(over(Uint8Array.from(smallPacket(255)), format));
    expect(events).toEqual([gap(0, 255 * 4, "sequence")]);
  });

  it("leave out what came again or too late, where that may be", async () => {
    const format = { ...small, sequence: { offset: 2, bits: 8, late: 3 } };
    const bytes = Uint8Array.from([0, 0, 1, 3, 2, 1, 4, 253, 254].flatMap((number) => smallPacket(number)));
    const source = over(bytes, format);
    const { events, bytes: samples } = await readAll(source);
    // 253 − 5 steps forward are a loss; what is 3 or fewer back is late.
    expect(events).toEqual([gap(8, 4, "sequence"), gap(16, 248 * 4, "sequence")]);
    expect([samples.length, source.counts.late]).toEqual([6 * 4, 3]);
  });

  it("count frames as well, in fields of any width and either end", async () => {
    const format: PacketFormat = {
      sync: [7],
      bytes: { offset: 4, bits: 8, plus: 5, most: 40 },
      sequence: { offset: 1, bits: 20, endian: "big", step: 2 },
      payload: { offset: 5 },
      confirm: false,
    };
    const packet = (frame: number, frames: number) => [
      7,
      0xf0 | (frame >> 16),
      (frame >> 8) & 255,
      frame & 255,
      frames * 2,
      ...new Array<number>(frames * 2).fill(9),
    ];
    const parts = [packet(0xffffa, 3), packet(0xffffd, 5), packet(6, 1), packet(7, 0), packet(7, 2)];
    const { events, bytes } = await readAll(over(Uint8Array.from(parts.flat()), format));
    expect(events).toEqual([gap(16, 8, "sequence")]);
    expect(bytes).toEqual(new Array(22).fill(9));
  });
});

describe("garbage and damage", () => {
  it("a wrong checksum loses that packet and no other", async () => {
    const packets = [0, 1, 2, 3].map((number) => smallPacket(number));
    packets[2]![4]! ^= 1;
    const { events, bytes } = await readAll(over(Uint8Array.from(packets.flat()), small));
    expect(events).toEqual([gap(8, 4, "checksum")]);
    expect(bytes).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 15, 16]);
  });

  it("garbage between packets loses nothing, though heads stand in it", async () => {
    const garbage = [0xaa, 0x55, 1, 0xaa, 0xaa, 0x55];
    const bytes = [...garbage, ...smallPacket(9), ...garbage, ...smallPacket(10), 0xaa];
    const source = over(Uint8Array.from(bytes), small, [3, 1]);
    expect(await readAll(source)).toMatchObject({ bytes: [37, 38, 39, 40, 41, 42, 43, 44], events: [] });
    expect(source.counts.skippedBytes).toBe(13);
  });

  it("without a checksum a packet counts when the next one follows it: one that lost bytes is missing", async () => {
    const packets = [0, 1, 2, 3].map(unsummedPacket);
    packets[1]!.splice(4, 1);
    const { events, bytes } = await readAll(over(Uint8Array.from(packets.flat()), unsummed));
    expect(events).toEqual([gap(4, 4, "garbage")]);
    expect(bytes).toEqual([1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 15, 16]);
  });

  it("without numbers what was passed over counts in packets", async () => {
    const { sequence: _, ...format } = small;
    const packets = [0, 1, 2, 3, 4].map((number) => smallPacket(number));
    packets[1]![4]! ^= 1;
    packets[4]!.length = 5;
    const bytes = [...packets[0]!, ...packets[1]!, ...packets[2]!, 0, ...packets[3]!, ...packets[4]!];
    const { events } = await readAll(over(Uint8Array.from(bytes), format));
    expect(events).toEqual([gap(4, 4, "checksum"), gap(8, 0, "garbage"), gap(12, 4, "garbage")]);
  });

  it("without a sync the packets follow each other", async () => {
    const format = { bytes: 3, sequence: { offset: 0, bits: 8 }, payload: { offset: 1 } };
    const { events, bytes } = await readAll(over(Uint8Array.of(5, 1, 2, 6, 3, 4, 9, 5, 6, 10), format));
    expect([bytes, events]).toEqual([[1, 2, 3, 4, 5, 6], [gap(4, 4, "sequence")]]);
  });

  it("a function may say whether a packet is whole", async () => {
    const format = { ...unsummed, checksum: (packet: Uint8Array) => packet[2] !== 1 };
    const { events } = await readAll(over(Uint8Array.from([0, 1, 2].flatMap(unsummedPacket)), format));
    expect(events).toEqual([gap(4, 4, "checksum")]);
  });
});

describe("what packets and the source below tell", () => {
  it("a device's overrun flag is a gap of no known length, unless the number knows", async () => {
    const format = { ...unsummed, overrun: { offset: 3, mask: 0x80 } };
    const packets = [0, 1, 3].map(unsummedPacket);
    packets[1]![3] = packets[2]![3] = 0x80;
    const { events } = await readAll(over(Uint8Array.from(packets.flat()), format));
    expect(events).toEqual([gap(4, 0, "overrun"), gap(8, 4, "sequence")]);
  });

  it("timestamps are marks of the frames that they came with", async () => {
    const format: PacketFormat = {
      bytes: 9,
      payload: { offset: 8 },
      timestamp: { offset: 0, bits: 64, unit: 0.5, every: 2 },
    };
    const bytes = new Uint8Array(27);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, 2n ** 50n + 2n, true);
    view.setBigUint64(18, 7n, true);
    const { events } = await readAll(over(bytes, format));
    expect(events).toEqual([
      { kind: "mark", position: 0, value: { deviceTime: 2 ** 49 + 1 } },
      { kind: "mark", position: 2, value: { deviceTime: 3.5 } },
    ]);
  });

  /** A source that tells these events, in its own positions. */
  const telling = (bytes: Uint8Array, events: readonly SourceEvent[], cuts = [5, 1]): Source => {
    const base = chunkedSource(bytes, cuts);
    let come = 0;
    let told = 0;
    return {
      read: async (into, position, signal) => {
        const got = await base.read(into, position, signal);
        come = position + got;
        return got;
      },
      events: {
        take: () => {
          const next = events[told];
          if (next === undefined || next.position > come) return undefined;
          told++;
          return next;
        },
      },
    };
  };

  it("a gap below ends the packet that it is in, and names the cause", async () => {
    const below: SourceEvent[] = [
      { kind: "mark", position: 3, value: "a" },
      { kind: "mark", position: 9, value: "b" },
      { kind: "gap", position: 10, lost: 0, cause: "overrun", time: 99 },
      { kind: "mark", position: 13, value: "c" },
    ];
    for (const cuts of [[1], [5, 1], [100]]) {
      const broken = [...smallPacket(0), ...smallPacket(1).slice(0, 2), ...smallPacket(3), ...smallPacket(4)];
      const { bytes, events } = await readAll(packetSource(telling(Uint8Array.from(broken), below, cuts), small), 3);
      expect(bytes).toEqual([1, 2, 3, 4, 13, 14, 15, 16, 17, 18, 19, 20]);
      expect(events).toEqual([
        { kind: "mark", position: 0, value: "a" },
        { ...gap(4, 8, "overrun"), time: 99 },
        { kind: "mark", position: 4, value: "b" },
        { kind: "mark", position: 4, value: "c" },
      ]);
    }
  });
});

describe("a format that contradicts itself is refused", () => {
  const refused: [string, PacketFormat][] = [
    ["payload.offset must be a whole number from 0 to 7, not 8", { ...small, payload: { offset: 8 } }],
    ["a packet has 8 bytes, too few", { ...small, payload: { offset: 4, bytes: 4 } }],
    ["a packet has 8 bytes, too few", { ...small, sequence: { offset: 5, bits: 32 } }],
    ["sequence.bits must be a whole number from 1 to 32, not 33", { ...small, sequence: { offset: 2, bits: 33 } }],
    ["bytes must be a whole number from 1", { ...small, bytes: 0 }],
    ["need sequence.step", { ...anyLength, sequence: { offset: 5, bits: 32 } }],
    ['there is no checksum "md5"', { ...small, checksum: { kind: "md5" as "crc8" } }],
  ];
  it.each(refused)("%s", async (message, format) => {
    const fault = await faultFrom(() => packetSource(chunkedSource(numbered(1), [1]), format), "bad-argument");
    expect(fault.message).toContain(message);
  });

  it("and so is a buffer that does not hold two packets", async () => {
    const fault = await faultFrom(
      () => packetSource(chunkedSource(numbered(1), [1]), small, { bufferBytes: 17 }),
      "bad-argument",
    );
    expect(fault.facts).toEqual({ bytes: 17, least: 18 });
  });
});

describe("any stream", () => {
  const event = fc.oneof(
    { weight: 6, arbitrary: fc.constant("sent" as const) },
    { weight: 2, arbitrary: fc.constant("dropped" as const) },
    { weight: 1, arbitrary: fc.nat(63).map((bit) => ({ bit })) },
    {
      weight: 2,
      arbitrary: fc.record({ garbage: fc.array(fc.constantFrom(0xaa, 0x55, 0, 1, 2, 255), { maxLength: 12 }) }),
    },
  );

  it("gives the same samples and events however it is cut, and the ledger balances", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 30 }),
        async (events, cuts, most) => {
          const format: PacketFormat = {
            ...small,
            bytes: 11,
            sequence: { offset: 2, bits: 8, first: 0 },
            checksum: { kind: "crc32" },
          };
          const bytes: number[] = [];
          const delivered: number[] = [];
          let number = 0;
          const send = (flip?: number) => {
            const packet = [...smallPacket(number++).slice(0, 7), 0, 0, 0, 0];
            const sum = checkOf("crc32").of(Uint8Array.from(packet), 0, 7);
            new Uint8Array(Uint32Array.of(sum).buffer).forEach((byte, i) => (packet[7 + i] = byte));
            if (flip !== undefined) packet[flip >> 3]! ^= 1 << (flip & 7);
            else delivered.push(...packet.slice(3, 7));
            bytes.push(...packet);
          };
          for (const what of events) {
            if (what === "sent") send();
            else if (what === "dropped") number++;
            else if ("bit" in what) send(what.bit);
            else bytes.push(...what.garbage);
          }
          send();
          const source = over(Uint8Array.from(bytes), format, cuts);
          const got = await readAll(source, most);
          expect(got.bytes).toEqual(delivered);
          expect(got.bytes.length + source.counts.lostBytes).toBe(number * 4);
          expect(await readAll(over(Uint8Array.from(bytes), format))).toEqual(got);
        },
      ),
      { numRuns: 200 },
    ));
});

describe("checksums", () => {
  const digits = new TextEncoder().encode("123456789");
  // The check values of the catalogue of parametrised CRC algorithms.
  it.each([
    ["sum8", 0xdd],
    ["xor8", 0x31],
    ["crc8", 0xf4],
    ["crc16", 0x29b1],
    ["crc16-modbus", 0x4b37],
    ["crc32", 0xcbf43926],
  ] as const)("%s of the nine digits is %i", (name, value) => {
    expect(checkOf(name).of(digits, 0, 9)).toBe(value);
  });
});
