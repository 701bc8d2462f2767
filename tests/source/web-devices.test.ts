/**
 * Ports of Web Serial and endpoints of WebUSB, over doubles that do what the specifications say of the real ones: no test here
 * can have a device (Chromium lists what the kernel has in /sys/class/tty, where pseudo-terminals are not). A port's double has
 * real streams, which break and are replaced as the specification has it.
 */
import { describe, expect, it } from "vitest";
import { packetSource, syntheticAdc } from "../../src/sensors.js";
import type { Source, SourceEvent } from "../../src/source/source.js";
import {
  type WebSerialPort,
  type WebSerialSettings,
  type WebUsbDevice,
  type WebUsbTransfer,
  webSerialSource,
  webUsbSource,
} from "../../src/web.js";
import { type Made, sourceConformance } from "../conformance/source.js";
import { faultFrom, numbered, turns } from "../flow/support.js";

/** The errors after which a port has a new stream: https://wicg.github.io/serial/#readable-attribute. */
const errors = {
  overrun: "BufferOverrunError",
  framing: "FramingError",
  parity: "ParityError",
  break: "BreakError",
} as const;

/** Like a port: closed at first, with a stream while it is open, and a new one after each error but the device's loss. */
class Port implements WebSerialPort {
  readable: ReadableStream<Uint8Array> | null = null;
  readonly opened: WebSerialSettings[] = [];
  closed = 0;
  #to: ReadableStreamDefaultController<Uint8Array> | undefined;

  async open(settings: WebSerialSettings): Promise<void> {
    this.opened.push(settings);
    await null;
    this.#renew();
  }

  async close(): Promise<void> {
    if (this.readable?.locked) throw new TypeError("Cannot cancel a locked stream");
    this.closed++;
    this.readable = null;
  }

  send(bytes: ArrayLike<number>): void {
    this.#to?.enqueue(Uint8Array.from(bytes));
  }

  end(): void {
    this.readable = null;
    this.#to?.close();
  }

  break(name: string): void {
    const to = this.#to;
    if (name === "NetworkError") this.readable = null;
    else this.#renew();
    to?.error(new DOMException("the port says so", name));
  }

  #renew(): void {
    this.readable = new ReadableStream({
      start: (to) => {
        this.#to = to;
      },
    });
  }
}

/** Content that the port sends once it is open, and then `then`. */
function serial(content: Uint8Array, then: (port: Port) => void): Promise<Made> {
  const port = new Port();
  const source = webSerialSource(port, { baudRate: 9600 });
  const send = async () => {
    while (port.readable === null) await turns();
    for (let at = 0, length = 1; at < content.length; at += length, length = (length * 5) % 3001) {
      if (length % 2 === 0) await turns();
      if (port.readable === null) return;
      port.send(content.subarray(at, at + length));
    }
    then(port);
  };
  void send();
  return Promise.resolve({ source });
}

sourceConformance("a port of Web Serial", (content) => serial(content, (port) => port.end()), {
  seekable: false,
  sync: false,
  waits: (content) => serial(content, () => undefined),
});

const { signal } = new AbortController();
async function some(source: Source): Promise<number[]> {
  const into = new Uint8Array(100);
  return [...into.subarray(0, await source.read(into, 0, signal))];
}
const take = (source: Source) => {
  const all: SourceEvent[] = [];
  for (let event = source.events?.take(); event; event = source.events?.take()) all.push(event);
  return all;
};

describe("a port of Web Serial", () => {
  const open = async () => {
    const port = new Port();
    const source = webSerialSource(port, { baudRate: 115_200, parity: "even" });
    const first = some(source);
    await turns();
    port.send([1, 2, 3]);
    expect(await first).toEqual([1, 2, 3]);
    return { port, source };
  };

  it("is opened with a buffer that holds a while's bytes, once, and closed with the source", async () => {
    const { port, source } = await open();
    expect(port.opened).toEqual([{ baudRate: 115_200, parity: "even", bufferSize: 2 ** 20 }]);
    await source.close?.();
    expect([port.closed, port.readable]).toEqual([1, null]);
    expect(await some(source)).toEqual([]);
  });

  it("that is open is read as it is, and left open where that is asked for", async () => {
    const port = new Port();
    await port.open({ baudRate: 1 });
    const source = webSerialSource(port, { baudRate: 2, keepOpen: true });
    port.send([7]);
    expect(await some(source)).toEqual([7]);
    await source.close?.();
    expect([port.opened.length, port.closed, port.readable?.locked]).toEqual([1, 0, false]);
  });

  it.each(Object.entries(errors))("goes on behind an error: a gap of unknown size, %s", async (cause, name) => {
    const { port, source } = await open();
    const waiting = some(source);
    await turns();
    port.break(name);
    await turns();
    port.send([9]);
    expect(await waiting).toEqual([9]);
    expect(take(source)).toMatchObject([{ kind: "gap", position: 3, lost: 0, cause }]);
    await source.close?.();
  });

  it("breaks several times before a byte comes", async () => {
    const { port, source } = await open();
    for (const name of ["BreakError", "FramingError", "SomeError"]) {
      port.break(name);
      const waiting = some(source);
      await turns();
      port.send([4]);
      expect(await waiting).toEqual([4]);
    }
    expect(take(source).map((event) => [event.position, (event as { cause: string }).cause])).toEqual([
      [3, "break"],
      [4, "framing"],
      [5, "broken"],
    ]);
  });

  it("that loses its device fails with what the browser says, after what came", async () => {
    const { port, source } = await open();
    port.send([5]);
    expect(await some(source)).toEqual([5]);
    port.break("NetworkError");
    await expect(some(source)).rejects.toThrow("the port says so");
    await source.close?.();
    expect(port.closed).toBe(0);
  });

  it("that cannot be opened, or that somebody else reads, says so", async () => {
    const shut = new Port();
    shut.open = () => Promise.reject(new DOMException("Failed to open serial port.", "NetworkError"));
    await expect(some(webSerialSource(shut, { baudRate: 1 }))).rejects.toThrow("Failed to open serial port.");
    const busy = new Port();
    await busy.open({ baudRate: 1 });
    busy.readable?.getReader();
    await faultFrom(() => some(webSerialSource(busy, { baudRate: 1 })), "bad-argument");
  });

  it("overruns are exact where the packets are numbered", async () => {
    const port = new Port();
    await port.open({ baudRate: 1 });
    const adc = syntheticAdc({ rate: 1000, frames: 64 * 60 });
    const source = packetSource(webSerialSource(port, { baudRate: 1 }), adc.format);
    const bytes = new Uint8Array(adc.format.bytes as number);
    let got = 0;
    const into = new Uint8Array(10_000);
    for (let packet = 0; packet < 60; packet++) {
      await adc.read(bytes, 0, signal);
      // Some bytes before an overrun are lost with it: the end of the packet before, or nothing.
      const breaks = packet % 7 === 3 && packet < 59;
      const lost = breaks ? 11 * (packet % 2) : 0;
      port.send(bytes.subarray(0, bytes.length - lost));
      if (breaks) {
        await turns(3);
        if (lost === 0) got += await source.read(into, got, signal);
        port.break("BufferOverrunError");
      }
    }
    while (got + source.counts.lostBytes < 64 * 60 * 2) got += await source.read(into, got, signal);
    expect(got + source.counts.lostBytes).toBe(adc.sent * 2);
    // Breaks of a stream that nobody reads are not seen, and their loss is told by the numbers alone.
    expect(new Set(take(source).map((event) => event.kind === "gap" && event.cause))).toContain("overrun");
    expect(source.counts.gaps).toBeGreaterThan(0);
    await source.close?.();
  });
});

/** Like a device: transfers are answered in order as bytes are there, and fail once it is closed or gone. */
class Device implements WebUsbDevice {
  opened = true;
  readonly productName = "RTL2838UHIDIR";
  readonly asked: string[] = [];
  most = 0;
  #waiting: { bytes: number; resolve: (transfer: WebUsbTransfer) => void; reject: (error: unknown) => void }[] = [];
  #bytes: number[] = [];

  transferIn(endpoint: number, bytes: number): Promise<WebUsbTransfer> {
    this.asked.push(`${endpoint} ${bytes}`);
    if (!this.opened) return Promise.reject(new DOMException("The device must be opened first.", "InvalidStateError"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, resolve, reject });
      this.most = Math.max(this.most, this.#waiting.length);
      this.#serve();
    });
  }

  async clearHalt(direction: string, endpoint: number): Promise<void> {
    this.asked.push(`clear ${direction} ${endpoint}`);
  }

  async close(): Promise<void> {
    this.opened = false;
    this.lose("The transfer was cancelled.", "AbortError");
  }

  send(bytes: ArrayLike<number>): void {
    this.#bytes.push(...Array.from(bytes));
    this.#serve();
  }

  say(status: "stall" | "babble"): void {
    this.#waiting.shift()?.resolve({ status });
  }

  lose(message: string, name: string): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new DOMException(message, name));
  }

  #serve(): void {
    while (this.#bytes.length > 0 && this.#waiting.length > 0) {
      const { bytes, resolve } = this.#waiting.shift()!;
      // In the middle of a buffer, as a browser may have it.
      const data = Uint8Array.from([0, 0, 0, ...this.#bytes.splice(0, bytes)]);
      resolve({ status: "ok", data: new DataView(data.buffer, 3) });
    }
  }
}

describe("an endpoint of WebUSB", () => {
  it("is asked for several transfers from the first read on, and gives them in order", async () => {
    const device = new Device();
    const source = webUsbSource(device, { endpoint: 1, transferBytes: 8, transfers: 3 });
    expect([source.name, device.asked.length]).toEqual(["RTL2838UHIDIR", 0]);
    const content = numbered(500);
    const got: number[] = [];
    const first = some(source);
    device.send(content);
    got.push(...(await first));
    while (got.length < content.length) got.push(...(await some(source)));
    expect(got).toEqual([...content]);
    expect([device.most, device.asked[0]]).toEqual([3, "1 8"]);
    await source.close?.();
    expect(device.opened).toBe(false);
    expect(await some(source)).toEqual([]);
  });

  it("that stalls is cleared and goes on, with a gap of unknown size", async () => {
    const device = new Device();
    const source = webUsbSource(device, { endpoint: 2, transferBytes: 4, transfers: 2 });
    const first = some(source);
    device.send([1, 2]);
    expect(await first).toEqual([1, 2]);
    await turns();
    device.say("stall");
    await turns();
    device.say("babble");
    await turns();
    device.send([3]);
    expect(await some(source)).toEqual([3]);
    expect(take(source)).toMatchObject([
      { position: 2, lost: 0, cause: "stall" },
      { position: 2, lost: 0, cause: "babble" },
    ]);
    expect(device.asked).toContain("clear in 2");
    await source.close?.();
  });

  it("that nobody reads drops whole frames, counted", async () => {
    const device = new Device();
    const source = webUsbSource(device, { endpoint: 1, transferBytes: 3, transfers: 1, most: 10, frameBytes: 2 });
    const first = some(source);
    device.send([0, 1, 2]);
    expect(await first).toEqual([0, 1, 2]);
    device.send(Array.from({ length: 97 }, (_, i) => i + 3));
    await turns(5);
    expect(source.queued + source.dropped).toBe(97);
    const kept = await some(source);
    expect([(3 + kept.length) % 2, source.dropped % 2]).toEqual([0, 0]);
    device.send([100, 101]);
    expect(await some(source)).toEqual([100, 101]);
    expect(take(source)).toMatchObject([{ position: 3 + kept.length, lost: 97 - kept.length, cause: "overrun" }]);
    await source.close?.();
  });

  it("that is pulled out fails behind all that came", async () => {
    const device = new Device();
    const source = webUsbSource(device, { endpoint: 1, keepOpen: true });
    const first = some(source);
    device.send([1]);
    expect(await first).toEqual([1]);
    await turns();
    device.send([2]);
    device.lose("The device was disconnected.", "NetworkError");
    expect(await some(source)).toEqual([2]);
    await expect(some(source)).rejects.toThrow("disconnected");
    await source.close?.();
  });
});
