import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packetFormatOf, packetNamed } from "../../src/cli/input/packet.js";
import { Fault } from "../../src/index.js";
import { syntheticAdc } from "../../src/sensors.js";
import { packetLayout } from "../../src/source/packet-format.js";
import { folder, forebay } from "./run.js";

const formatOf = (text: string, frameBytes = 2, late?: number) => packetFormatOf(packetNamed(text), frameBytes, late);

describe("packets in words", () => {
  it.each([
    [
      "sync=AA55,sequence=u16@2,header=4,samples=64",
      {
        sync: [0xaa, 0x55],
        bytes: 132,
        sequence: { offset: 2, bits: 16, endian: "little", step: 128 },
        payload: { offset: 4, bytes: 128 },
      },
    ],
    // The header ends where what is named ends.
    ["sync=0xaa55c3,samples=1", { sync: [0xaa, 0x55, 0xc3], bytes: 5, payload: { offset: 3, bytes: 2 } }],
    ["sequence=u12be@1,samples=2", { bytes: 7, payload: { offset: 3, bytes: 4 } }],
    ["bytes=134,header=4,checksum=crc16", { bytes: 134, payload: { offset: 4, bytes: 128 } }],
    // Between the samples and the packet's end there may be something else, such as a number.
    ["bytes=20,header=2,samples=4,sequence=u32be@12", { bytes: 20, payload: { offset: 2, bytes: 8 } }],
    [
      "sync=7E,length=u16@1+5,counts=samples,sequence=u8@3",
      {
        bytes: { offset: 1, bits: 16, endian: "little", plus: 5, most: 32_768 },
        sequence: { step: 2 },
        payload: { offset: 4 },
      },
    ],
    ["length=u8@0+1,checksum=sum8", { bytes: { most: 256 } }],
    ["samples=1,checksum=crc16-modbusbe@0", { checksum: { kind: "crc16-modbus", from: 0, endian: "big" } }],
    ["sync=AA,samples=1,checksum=CRC32@1", { bytes: 7, checksum: { kind: "crc32", from: 1, endian: "little" } }],
    ["sequence=u8@0,samples=1,first=255,late=3", { sequence: { first: 255, late: 3 } }],
    [" sync = AA , samples = 1 ", { sync: [0xaa], bytes: 3 }],
  ])("%s", (text, format) => {
    expect(formatOf(text)).toMatchObject(format);
  });

  it("say what a converter of the library sends", () => {
    const { format } = syntheticAdc({ rate: 1, channels: 3 });
    expect(formatOf("sync=AA55,header=8,sequence=u16@4,first=0,samples=64,checksum=crc32", 6)).toMatchObject({
      ...format,
      checksum: { kind: "crc32", from: 0, endian: "little" },
    });
  });

  it("have a late packet where they come by messages, unless that would hide losses", () => {
    expect(formatOf("sequence=u16@0,samples=1", 2, 16).sequence?.late).toBe(16);
    expect(formatOf("sequence=u16@0,samples=1,late=2", 2, 16).sequence?.late).toBe(2);
    expect(formatOf("sequence=u4@0,samples=1", 2, 16).sequence?.late).toBeUndefined();
    expect(formatOf("sequence=u16@0,samples=1").sequence?.late).toBeUndefined();
  });

  it.each([
    ["", /There is no "" of a packet. It takes sync, header/],
    ["samples=1,", /There is no ""/],
    ["sink=AA", /There is no "sink"/],
    ["__proto__=1,samples=1", /There is no "__proto__"/],
    ["constructor=1", /There is no "constructor"/],
    ["toString", /There is no "toString"/],
    ["samples", /samples=: samples wants a whole number from 1/],
    ["samples=0", /from 1 to/],
    ["samples=-1", /from 1 to/],
    ["samples=1e3", /from 1 to/],
    ["samples=1.5", /from 1 to/],
    ["samples=99999999999999999999", /from 1 to/],
    ["samples=1,samples=1", /samples twice/],
    ["sync=", /1 to 16 bytes in hexadecimal/],
    ["sync=AA5", /in hexadecimal/],
    ["sync=GG", /in hexadecimal/],
    [`sync=${"AA".repeat(17)}`, /1 to 16 bytes/],
    ["sequence=16@2", /as in u16@2/],
    ["sequence=u0@2", /1 to 32 bits/],
    ["sequence=u33@2", /1 to 32 bits/],
    ["sequence=u16", /as in u16@2/],
    ["sequence=u16@-1", /as in u16@2/],
    ["sequence=u16@9999999", /as in u16@2/],
    ["sequence=u16@2=3", /as in u16@2/],
    ["length=u16@2+8+1", /as in u16@2\+8/],
    ["length=u16@2+x", /whole number from 0/],
    ["checksum=md5", /one of sum8, xor8, crc8, crc16, crc16-modbus, crc32/],
    ["checksum=crc16@1@2", /one of sum8/],
    ["counts=frames", /packets or samples/],
    ["first=4294967296", /from 0 to 4294967295/],
  ])("that are none (%s) are refused, with what would be some", (text, message) => {
    const call = () => packetNamed(text);
    expect(call).toThrow(Fault);
    expect(call).toThrow(message);
  });

  it.each([
    ["sync=AA55", /samples=64, bytes=134, or length/],
    ["sync=AA55,header=1,samples=4", /header=1 is less than the 2 bytes/],
    ["bytes=10,length=u8@0", /each packet tells its length/],
    ["samples=10,length=u8@0", /each packet tells its length/],
    ["bytes=4,header=4", /no room/],
    ["bytes=4,header=2,samples=2", /no room for its header of 2, 2 samples/],
    ["bytes=6,header=2,checksum=crc32", /no room for its header of 2, 1 samples of 2 and its checksum of 4/],
    ["length=u1@0", /no room/],
    ["bytes=8,header=3", /5 bytes of samples are no whole number of frames of 2 bytes/],
    ["samples=1048576", /longer than 1048576/],
    ["sync=AA55,sequence=u16@1,samples=1", /sequence=u16@1 stands within its sync/],
    ["header=2,sequence=u16be@1,samples=4", /sequence=u16be@1 stands within the samples, which begin at byte 2/],
    ["header=2,sequence=u16@9,samples=4", /within the samples/],
    ["header=2,sequence=u16@11,samples=4", /within the samples/],
    ["header=0,length=u16@1", /length=u16@1 stands within the samples/],
    ["sync=AA,samples=4,checksum=crc8@2", /checksum@2 begins behind the header/],
    ["length=u8@0,sequence=u8@1", /counts=samples/],
    ["samples=1,counts=samples", /it has none/],
    ["samples=1,first=1", /it has none/],
    ["samples=1,late=1", /it has none/],
    ["samples=1,sequence=u4@0,first=16", /sequence=u4@0 has no number 16/],
    ["samples=1,sequence=u4@0,late=16", /sequence=u4@0 cannot be 16 late/],
  ])("that contradict each other (%s) are refused", (text, message) => {
    const call = () => formatOf(text);
    expect(call).toThrow(Fault);
    expect(call).toThrow(message);
  });

  it("are formats or said to be none, whatever they are", () => {
    const place = fc.tuple(fc.nat(40), fc.constantFrom("", "be", "le"), fc.nat(12)).map(([bits, order, at]) => {
      return `u${bits}${order}@${at}`;
    });
    const number = fc.nat(40).map(String);
    const word = fc.oneof(
      fc.tuple(fc.constantFrom("header", "samples", "bytes", "first", "late", "sync"), number),
      fc.tuple(fc.constantFrom("sequence", "length"), place),
      fc.tuple(
        fc.constant("length"),
        fc.tuple(place, number).map(([at, plus]) => `${at}+${plus}`),
      ),
      fc.tuple(fc.constant("sync"), fc.constantFrom("AA", "AA55", "AA55AA55")),
      fc.tuple(fc.constant("counts"), fc.constantFrom("packets", "samples")),
      fc.tuple(fc.constant("checksum"), fc.constantFrom("sum8", "crc16be", "crc32@1")),
      fc.tuple(fc.string(), fc.string()),
    );
    const words = fc.array(word, { maxLength: 6 }).map((all) => all.map((one) => one.join("=")).join(","));
    let formats = 0;
    fc.assert(
      fc.property(
        fc.oneof({ weight: 9, arbitrary: words }, fc.string()),
        fc.integer({ min: 1, max: 9 }),
        (text, bytes) => {
          try {
            const layout = packetLayout(formatOf(text, bytes));
            expect(layout.payloadBytes === undefined || layout.payloadBytes % bytes === 0).toBe(true);
            expect(layout.payloadOffset).toBeGreaterThanOrEqual(layout.sync.length);
            formats++;
          } catch (error) {
            expect(error).toBeInstanceOf(Fault);
            // In this option's own words, not in those of the library's format.
            expect((error as Fault).message).not.toMatch(/These packets cannot be/);
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(formats).toBeGreaterThan(20);
  });

  it("are refused at once, however long they are", () => {
    expect(() => packetNamed("x,".repeat(1e5))).toThrow(/There is no "x"/);
    expect(() => packetNamed("sync=".padEnd(1e6, "A"))).toThrow(/hexadecimal/);
    expect(() => packetNamed(`a${" ".repeat(1e6)}b`)).toThrow(/There is no "a/);
  });
});

describe("forebay --packet", () => {
  const adc = syntheticAdc({ rate: 8000, frames: 64 * 300, loss: 0.05, burst: 3, corrupt: 0.02, garbage: 0.1 });
  const words = "sync=AA55,header=8,sequence=u16@4,first=0,samples=64,checksum=crc32";
  let sent: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  const at = folder((path) => {
    const room = new Uint8Array(2 ** 20);
    sent = room.slice(0, adc.readSync!(room, 0));
    writeFileSync(join(path, "dump.bin"), sent);
    writeFileSync(join(path, "garbage.bin"), new Uint8Array(5000).fill(7));
  });
  const ledger = () => ({ delivered: adc.sent - adc.dropped, lost: adc.dropped, sent: adc.sent });

  it("shows a device's dump, and counts what it lost to the frame", () => {
    const call = ["scope", "--json", "--element", "s16", "--rate", "8k", "--packet", words];
    for (const [input, content] of [
      ["dump.bin", ""],
      ["-", sent],
    ] as const) {
      const { code, out } = forebay(at(), [...call, input], content);
      const facts = JSON.parse(out);
      expect(facts).toMatchObject({ ledger: ledger(), warnings: [] });
      expect(facts.packets).toMatchObject({ packets: ledger().delivered / 64, lostBytes: adc.dropped * 2 });
      expect(facts.packets.corrupt).toBeGreaterThan(0);
      expect(code).toBe(0);
    }
  });

  it("converts it with its gaps in their places", () => {
    const call = ["--from-element", "s16", "--from-rate", "8k", "--packet", words, "dump.bin", "dump.s16"];
    const { code, err } = forebay(at(), ["convert", ...call]);
    expect(code).toBe(0);
    expect(err).toMatch(/dump\.bin: \d+ packets, \d+ with a wrong checksum, [\d,]+ bytes of no packet/);
    const shown = JSON.parse(forebay(at(), ["scope", "--json", "--rate", "8k", "dump.s16"]).out);
    expect(shown.frames).toBe(adc.sent);
  });

  it("warns of input that has none of the packets", () => {
    const call = ["scope", "--json", "--element", "s16", "--packet", words, "garbage.bin"];
    const { code, out, err } = forebay(at(), call);
    expect(JSON.parse(out).warnings).toEqual([
      expect.stringMatching(/^there is no packet in the 5,000 bytes that came: is --packet right/),
    ]);
    expect(err).toMatch(/is --packet right/);
    expect(code).toBe(0);
  });

  it.each([
    [["scope", "--packet", "samples=x", "dump.bin"], /--packet <words>' argument 'samples=x' is invalid/],
    [["scope", "--packet", "samples=1", "dump.bin"], /tell what it sends, with --element/],
    [["convert", "--packet", "samples=1", "dump.bin", "x.s16"], /tell what it sends, with --from-element/],
    [["scope", "--element", "s16", "--packet", "sync=AA", "dump.bin"], /dump\.bin: --packet: it does not say how long/],
    [["scope", "--packet", "samples=1"], /there is none/],
  ])("refuses %j", (args, message) => {
    const { code, err } = forebay(at(), args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });
});
