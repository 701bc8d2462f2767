/** Serial ports of the package `serialport` over a line of pseudo-terminals. */
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { afterEach, describe, expect, it } from "vitest";
import { packetSource, syntheticAdc } from "../../src/sensors.js";
import { openSerialPort, type SerialPortSource } from "../../src/serialport.js";
import type { Source } from "../../src/source/source.js";
import { debugArena, drain, numbered } from "../flow/support.js";
import { difference } from "../support/bytes.js";
import { type Line, openLine } from "./socat.js";

const { signal } = new AbortController();
const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function line(options = {}): Promise<{ line: Line; port: SerialPortSource }> {
  const line = await openLine();
  open.push(() => line.cut());
  const port = await openSerialPort(line.path, { baudRate: 115_200, ...options });
  open.push(() => port.close?.());
  return { line, port };
}

async function take(source: Source, bytes: number): Promise<Uint8Array> {
  const all = new Uint8Array(bytes);
  for (let at = 0, got = 1; at < bytes && got > 0; at += got) got = await source.read(all.subarray(at), at, signal);
  return all;
}

describe("a serial port", () => {
  it("brings what the device sends, and ends with a failure when it is pulled out", async () => {
    const arena = debugArena();
    const { line: wire, port } = await line();
    const flow = arena.open(port, { element: "u8", capacity: 4096, maxWindow: 64 });
    const content = numbered(200_000);
    wire.device.write(content);
    let got = 0;
    while (got < content.length) {
      const answer = await flow.ready(1);
      if (answer.state !== "ready") throw new Error(answer.state);
      const { data, start } = answer.window;
      expect(difference(data.slice(), content.subarray(start, start + data.length))).toBeUndefined();
      got += data.length;
      flow.advance(answer.window);
    }
    await wire.cut();
    const { bytes, fault } = await drain(flow);
    expect([bytes.length, fault?.code, fault?.facts]).toEqual([0, "source-failed", { position: 200_000 }]);
    await flow.close();
    arena.close();
  });

  it("brings packets, and their loss to the frame, through damage and garbage", async () => {
    const { line: wire, port } = await line();
    const adc = syntheticAdc({ rate: 48_000, frames: 64_000, loss: 0.05, burst: 3, corrupt: 0.02, garbage: 0.1 });
    const source = packetSource(port, adc.format);
    const scratch = new Uint8Array(4000);
    const send = async () => {
      for (let got = 1, at = 0; got > 0; at += got) {
        got = await adc.read(scratch, at, signal);
        if (!wire.device.write(scratch.slice(0, got))) await once(wire.device, "drain");
      }
    };
    const sent = send();
    const bytes = new Uint8Array(64_000 * 2);
    let got = 0;
    while (got + source.counts.lostBytes < bytes.length) got += await source.read(bytes.subarray(got), got, signal);
    await sent;
    expect([got / 2, source.counts.lostBytes / 2]).toEqual([adc.sent - adc.dropped, adc.dropped]);
    const samples = new Int16Array(bytes.buffer);
    let [frame, at] = [0, 0];
    for (let event = source.events.take(); ; event = source.events.take()) {
      const until = event?.kind === "gap" ? event.position / 2 : got / 2;
      for (; at < until; at++, frame++) expect(samples[at]).toBe(adc.sample(frame));
      if (event?.kind !== "gap") break;
      frame += event.lost / 2;
    }
    expect(frame).toBe(adc.sent);
  });

  it("that nobody reads drops what is above the limit, counted to the byte", async () => {
    const { line: wire, port } = await line({ most: 10_000, frameBytes: 4 });
    const content = numbered(100_000);
    wire.device.end(content);
    await finished(wire.device, { readable: false });
    while (port.queued + port.dropped < content.length) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(port.queued % 4).toBe(0);
    const first = await take(port, port.queued);
    expect(difference(first, content.subarray(0, first.length))).toBeUndefined();
    await port.close?.();
    expect(port.events.take()).toMatchObject({
      position: first.length,
      lost: 100_000 - first.length,
      cause: "overrun",
    });
  });

  it("that is pulled out while its bytes are on their way fails behind those that came", async () => {
    for (let turn = 0; turn < 5; turn++) {
      const { line: wire, port } = await line();
      const content = numbered(20_000);
      wire.device.write(content);
      const first = await take(port, 1 + turn * 1000);
      await wire.cut();
      let got = first.length;
      const reading = async () => {
        for (const into = new Uint8Array(1000); ; ) {
          const length = await port.read(into, got, signal);
          expect(difference(into.slice(0, length), content.subarray(got, got + length))).toBeUndefined();
          expect(length).toBeGreaterThan(0);
          got += length;
        }
      };
      await expect(reading()).rejects.toThrow();
      expect(got).toBeLessThanOrEqual(content.length);
    }
  });

  it("is closed while it waits, and ends then", async () => {
    const { port } = await line();
    const waiting = port.read(new Uint8Array(10), 0, signal);
    await port.close?.();
    expect(await waiting).toBe(0);
  });

  it("that is not there says so", async () => {
    await expect(openSerialPort("/dev/forebay-none", { baudRate: 9600 })).rejects.toThrow("/dev/forebay-none");
  });
});
