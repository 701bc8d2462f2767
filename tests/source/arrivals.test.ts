/** What arrives whether it is read or not: serial ports and topics, over doubles of the packages that bring them. */
import { describe, expect, it } from "vitest";
import { Arrivals } from "../../src/arrivals.js";
import { type MqttSourceOptions, mqttSource } from "../../src/mqtt.js";
import type { PacketFormat } from "../../src/sensors.js";
import { serialPortSource } from "../../src/serialport.js";
import type { Source, SourceEvent } from "../../src/source/source.js";
import { type Made, sourceConformance } from "../conformance/source.js";
import { turns } from "../flow/support.js";
import { Emitter } from "../support/emitter.js";

class Port extends Emitter {
  readonly path = "/dev/double";
  isOpen = true;

  close(done: (error: Error | null) => void): void {
    this.isOpen = false;
    this.emit("close", null);
    done(null);
  }
}

/** Content that comes in some chunks, in turns of their own, and then `then`. */
async function bring(content: Uint8Array, each: (chunk: Uint8Array) => void, then: () => void): Promise<void> {
  for (let at = 0, length = 1; at < content.length; at += length, length = (length * 7) % 4099) {
    if (length % 3 === 0) await turns();
    each(content.slice(at, at + length));
  }
  then();
}

function port(content: Uint8Array, then: (port: Port) => void): Promise<Made> {
  const double = new Port();
  const source = serialPortSource(double);
  void bring(
    content,
    (chunk) => double.emit("data", chunk),
    () => then(double),
  );
  return Promise.resolve({
    source,
    cleanup: () => expect([double.isOpen, double.listeners]).toEqual([false, 0]),
  });
}

sourceConformance("a serial port", (content) => port(content, (double) => double.close(() => undefined)), {
  seekable: false,
  sync: false,
  waits: (content) => port(content, () => undefined),
  breaks: (content) =>
    port(content, (double) => {
      double.isOpen = false;
      double.emit("close", new Error("the device was pulled out"));
    }),
});

/** A client of a broker, of which the test says what it does. */
class Client extends Emitter {
  connected = true;
  reconnecting = false;
  refused: Error | undefined;
  readonly asked: string[] = [];

  async subscribeAsync(topic: string, { qos }: { qos: number }): Promise<void> {
    this.asked.push(`subscribe ${topic} ${qos}`);
    if (this.refused) throw this.refused;
  }

  async unsubscribeAsync(topic: string): Promise<void> {
    this.asked.push(`unsubscribe ${topic}`);
  }

  async endAsync(force?: boolean): Promise<void> {
    this.asked.push(`end ${force}`);
    this.connected = false;
  }

  say(topic: string, bytes: ArrayLike<number>, packet = {}): void {
    this.emit("message", topic, Uint8Array.from(bytes), packet);
  }
}

function topic(content: Uint8Array, then: (client: Client) => void): Promise<Made> {
  const client = new Client();
  const source = mqttSource(client, "a/b");
  void bring(
    content,
    (chunk) => client.say("a/b", chunk),
    () => then(client),
  );
  return Promise.resolve({ source, cleanup: () => expect(client.asked.at(-1)).toMatch(/^end/) });
}

sourceConformance("a topic", (content) => topic(content, (client) => client.emit("end")), {
  seekable: false,
  sync: false,
  waits: (content) => topic(content, () => undefined),
  breaks: (content) =>
    topic(content, (client) => {
      client.connected = false;
      client.emit("error", new Error("gone"));
      client.emit("close");
    }),
});

const { signal } = new AbortController();
const take = (events: { take(): SourceEvent | undefined } | undefined) => {
  const all: SourceEvent[] = [];
  for (let event = events?.take(); event; event = events?.take()) all.push(event);
  return all;
};
async function some(source: Source, most = 1000): Promise<number[]> {
  const into = new Uint8Array(most);
  return [...into.subarray(0, await source.read(into, 0, signal))];
}

describe("arrivals above the limit", () => {
  it("are dropped by whole frames and counted to the byte, at any cut", async () => {
    for (let length = 1; length < 40; length++) {
      const arrivals = new Arrivals(100, 6);
      const got: number[] = [];
      const gaps: { position: number; lost: number }[] = [];
      const read = async (most: number) => {
        const into = new Uint8Array(most);
        const bytes = arrivals.queued > 0 ? await arrivals.read(into, signal) : 0;
        got.push(...into.subarray(0, bytes));
      };
      const total = 1200;
      for (let at = 0; at < total; at += length) {
        arrivals.arrive(Uint8Array.from({ length: Math.min(length, total - at) }, (_, i) => (at + i) % 251));
        if (at % 5 === 0) await read(40);
        for (let event = arrivals.events.take(); event; event = arrivals.events.take()) gaps.push(event);
      }
      arrivals.end();
      for (let event = arrivals.events.take(); event; event = arrivals.events.take()) gaps.push(event);
      while (arrivals.queued > 0) await read(1000);
      const lost = gaps.reduce((sum, gap) => sum + gap.lost, 0);
      expect([got.length + lost, lost]).toEqual([total, arrivals.dropped]);
      // Each byte stands where the gaps before it put it, and gaps stand between frames.
      let place = 0;
      for (const [at, byte] of got.entries()) {
        while (gaps[0]?.position === at) {
          expect([at % 6, gaps[0].lost % 6]).toEqual([0, 0]);
          place += gaps.shift()!.lost;
        }
        expect(byte).toBe(place++ % 251);
      }
    }
  });

  it("of a port that nobody reads are a gap where it goes on", async () => {
    const double = new Port();
    const source = serialPortSource(double, { most: 10 });
    for (let i = 0; i < 4; i++) double.emit("data", Uint8Array.of(i, i, i, i));
    expect([source.queued, source.dropped]).toEqual([8, 8]);
    expect(await some(source)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    double.emit("data", Uint8Array.of(9));
    expect(take(source.events)).toMatchObject([{ kind: "gap", position: 8, lost: 8, cause: "overrun" }]);
    expect(await some(source)).toEqual([9]);
  });
});

/** Messages of packets: a number, two samples. */
const packets: PacketFormat = { bytes: 3, sequence: { offset: 0, bits: 8, late: 4 }, payload: { offset: 1 } };
const open = (options: MqttSourceOptions, name = "a/+/c/#") => {
  const client = new Client();
  return { client, source: mqttSource(client, name, options) };
};

describe("a topic", () => {
  it("is subscribed to with its quality, and only its messages count", async () => {
    const { client, source } = open({ qos: 2 });
    await source.subscribed;
    client.say("a/b/d", [1]);
    client.say("a/b", [2]);
    client.say("a/x/c/d/e", [3, 4]);
    client.say("a/x/c", [5]);
    client.say("a/x/c", [6], { retain: true });
    expect([client.asked, await some(source)]).toEqual([["subscribe a/+/c/# 2"], [3, 4, 5]]);
  });

  it("takes what the broker kept where it is told to, and leaves the client open", async () => {
    const { client, source } = open({ retained: true, keepOpen: true }, "a");
    client.say("a", [6], { retain: true });
    expect(await some(source)).toEqual([6]);
    await source.close?.();
    expect([client.asked, client.listeners]).toEqual([["subscribe a 1", "unsubscribe a"], 0]);
  });

  it("that is refused is a failure", async () => {
    const client = new Client();
    client.refused = new Error("not authorized");
    const source = mqttSource(client, "a");
    await expect(source.subscribed).rejects.toThrow("not authorized");
    await expect(some(source)).rejects.toThrow("not authorized");
  });

  it("counts packets across messages, leaves out what comes twice, and cuts at each message's end", async () => {
    const { client, source } = open({ packets }, "a");
    client.say("a", [0, 1, 2, 1, 3, 4, 2]);
    client.say("a", [1, 3, 4]);
    client.say("a", [3, 7, 8]);
    expect(await some(source)).toEqual([1, 2, 3, 4, 7, 8]);
    expect(take(source.events)).toMatchObject([{ kind: "gap", position: 4, lost: 2 }]);
    expect(source.counts).toMatchObject({ packets: 3, late: 1, lostBytes: 2, skippedBytes: 1 });
  });

  it("after a reconnection has a gap of what the numbers tell, or of 0 bytes", async () => {
    for (const options of [{ packets }, {}]) {
      const { client, source } = open(options, "a");
      client.say("a", [0, 1, 2]);
      const away = () => {
        client.connected = false;
        client.reconnecting = true;
        client.emit("close");
        client.connected = true;
        client.emit("connect");
      };
      away();
      client.say("a", [1, 3, 4]);
      away();
      client.say("a", [4, 5, 6]);
      await turns(2);
      expect((await some(source)).length).toBe(options.packets ? 6 : 9);
      expect(take(source.events)).toMatchObject(
        options.packets
          ? [{ position: 4, lost: 4, cause: "reconnected" }]
          : [
              { position: 3, lost: 0, cause: "reconnected" },
              { position: 6, lost: 0, cause: "reconnected" },
            ],
      );
      await source.close?.();
    }
  });

  it("that nobody reads drops messages, and the numbers tell which", async () => {
    const { client, source } = open({ packets, most: 7 }, "a");
    for (let number = 0; number < 6; number++) client.say("a", [number, 1, 1]);
    expect([source.queued, source.dropped]).toEqual([6, 9]);
    await some(source);
    client.say("a", [6, 2, 2]);
    expect(await some(source)).toEqual([2, 2]);
    expect(take(source.events)).toMatchObject([{ position: 6, lost: 6, cause: "overrun" }]);
  });
});
