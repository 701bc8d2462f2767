/** Topics over mosquitto. */
import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type MqttSource, mqttSource, openMqtt } from "../../src/mqtt.js";
import { syntheticAdc } from "../../src/sensors.js";
import { debugArena, numbered } from "../flow/support.js";
import { difference } from "../support/bytes.js";
import { type Broker, startMosquitto } from "./mosquitto.js";

const { signal } = new AbortController();
let broker: Broker;
let device: MqttClient;
beforeAll(async () => {
  broker = await startMosquitto();
  device = await connectAsync(broker.url, { reconnectPeriod: 20 });
});
afterAll(async () => {
  await device?.endAsync(true);
  await broker?.close();
});

const sources: MqttSource[] = [];
afterEach(async () => {
  for (const source of sources.splice(0)) await source.close?.();
});
const opened = (source: MqttSource): MqttSource => {
  sources.push(source);
  return source;
};

describe("a topic", () => {
  it.each([0, 1, 2] as const)("brings messages as they were sent, with quality %i", async (qos) => {
    const arena = debugArena();
    const source = opened(await openMqtt(broker.url, `samples/${qos}`, { qos }));
    const flow = arena.open(source, { element: "i16", channels: 2, capacity: 1024, maxWindow: 100 });
    const content = numbered(40_000, qos);
    for (let at = 0; at < content.length; at += 800) {
      const message = Buffer.from(content.subarray(at, at + 800));
      // Of messages that nobody asks back for, some are dropped where too many wait: they are sent one by one.
      await device.publishAsync(`samples/${qos}`, message, { qos });
    }
    let got = 0;
    while (got < 10_000) {
      const answer = await flow.ready(100);
      if (answer.state !== "ready") throw new Error(answer.state);
      const { data, start } = answer.window;
      const bytes = new Uint8Array(data.slice().buffer);
      expect(difference(bytes, content.subarray(start * 4, start * 4 + bytes.length))).toBeUndefined();
      got = start + answer.window.length;
      flow.advance(answer.window);
    }
    await flow.close();
    arena.close();
  });

  it("brings packets, and their loss to the frame", async () => {
    const adc = syntheticAdc({ rate: 1000, frames: 64 * 400, loss: 0.1, burst: 3, corrupt: 0.05 });
    const source = opened(await openMqtt(broker.url, "samples/adc", { packets: adc.format }));
    const packet = new Uint8Array(adc.format.bytes as number);
    for (let at = 0; ; at += packet.length) {
      const got = await adc.read(packet, at, signal);
      if (got === 0) break;
      await device.publishAsync("samples/adc", Buffer.from(packet), { qos: 1 });
    }
    const into = new Uint8Array(64 * 400 * 2);
    let bytes = 0;
    while (bytes + source.counts!.lostBytes < into.length)
      bytes += await source.read(into.subarray(bytes), bytes, signal);
    expect([bytes / 2, source.counts!.lostBytes / 2]).toEqual([adc.sent - adc.dropped, adc.dropped]);
  });

  it("goes on behind a broker that was started again, with a gap there", async () => {
    const client = await connectAsync(broker.url, { reconnectPeriod: 20 });
    const format = { bytes: 5, sequence: { offset: 0, bits: 8 }, payload: { offset: 1 } };
    const source = opened(mqttSource(client, "samples/again", { packets: format, qos: 0 }));
    await source.subscribed;
    await device.publishAsync("samples/again", Buffer.of(7, 1, 2, 3, 4), { qos: 1 });
    const into = new Uint8Array(1000);
    expect(await source.read(into, 0, signal)).toBe(4);
    await broker.restart();
    while (!client.connected || !device.connected) await new Promise((resolve) => setTimeout(resolve, 10));
    // The client asks for the topic again by itself; until the broker has heard that, messages are lost.
    let sent = 0;
    while (source.queued === 0) {
      sent++;
      await device.publishAsync("samples/again", Buffer.of(9 + sent, 5, 6, 7, 8), { qos: 1 });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const got = await source.read(into, 4, signal);
    expect([...into.subarray(0, 4), got % 4]).toEqual([5, 6, 7, 8, 0]);
    const event = source.events.take();
    expect(event).toMatchObject({ kind: "gap", position: 4, cause: "reconnected" });
    expect((event as { lost: number }).lost).toBeGreaterThanOrEqual(8);
  });

  it("of a broker that goes away for good, by a client that does not come back, fails behind what came", async () => {
    const client = await connectAsync(broker.url, { reconnectPeriod: 0 });
    const source = opened(mqttSource(client, "samples/once"));
    await source.subscribed;
    await device.publishAsync("samples/once", Buffer.of(1, 2), { qos: 1 });
    const into = new Uint8Array(10);
    expect(await source.read(into, 0, signal)).toBe(2);
    await broker.restart();
    await expect(Promise.resolve(source.read(into, 2, signal))).rejects.toThrow("connection to the broker was closed");
  });

  it("is refused where there is no broker", async () => {
    await expect(openMqtt("mqtt://127.0.0.1:1", "samples/x")).rejects.toThrow("ECONNREFUSED");
  });

  it("ends when it is closed while it waits", async () => {
    const source = await openMqtt(broker.url, "samples/nothing");
    const waiting = source.read(new Uint8Array(10), 0, signal);
    await source.close?.();
    expect(await waiting).toBe(0);
  });
});
