/** `forebay scope` and `forebay convert` of serial devices and topics: the built command as a process, as people call it. */
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type SyntheticAdc, syntheticAdc } from "../../src/sensors.js";
import { folder, type Outcome, start } from "../cli/run.js";
import { type Broker, startMosquitto } from "./mosquitto.js";
import { type Line, openLine } from "./socat.js";

const rate = 1000;
const packetFrames = 64;
const packet = "sync=AA55,header=8,sequence=u16@4,first=0,samples=64,checksum=crc32";
const faults = { loss: 0.05, burst: 3, corrupt: 0.02, garbage: 0.1 };

const at = folder(() => undefined);
const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** All that a converter sends, which knows afterwards what of it is missing. */
function sentBy(frames: number, options: object): { adc: SyntheticAdc; bytes: Uint8Array } {
  const adc = syntheticAdc({ rate, frames, ...options });
  const room = new Uint8Array(frames * 8);
  return { adc, bytes: room.slice(0, adc.readSync!(room, 0)) };
}

/** What of the first frames is missing, the last of which came: what comes behind them changes nothing about it. */
function missingOf(frames: number, options: object): number {
  const whole = Math.ceil(frames / packetFrames) * packetFrames;
  return sentBy(whole, options).adc.dropped;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A command that listens: what is sent from now on is heard, and Ctrl-C is, too. */
async function listening(...args: string[]): Promise<{ child: ChildProcess; ended: Promise<Outcome> }> {
  const { child, ended } = start(at(), args);
  open.push(() => child.kill("SIGKILL"));
  let said = "";
  let over = false;
  child.stderr!.on("data", (text) => {
    said += text;
  });
  ended.then(() => {
    over = true;
  });
  await until(() => over || said.includes("listening to"));
  if (over) throw new Error(`It ended before it listened: ${said}`);
  return { child, ended };
}

async function line(): Promise<Line> {
  const line = await openLine();
  open.push(() => line.cut());
  return line;
}

/** Resolves when the line has taken all of it, which it does not where nobody reads on: it holds some tens of KiB. */
const send = (line: Line, bytes: Uint8Array) =>
  new Promise<void>((resolve) => line.device.write(bytes, () => resolve()));

/** Resolves when the file that is being written has so many bytes, under whatever name. */
function written(name: string, bytes: number): Promise<void> {
  return until(() =>
    readdirSync(at()).some((file) => file.startsWith(`.${name}.`) && statSync(join(at(), file)).size >= bytes),
  );
}

/** Whether a file has the converter's samples at their places, and zeros at those of missing packets. */
function expectSamples(name: string, adc: SyntheticAdc): void {
  const bytes = Uint8Array.from(readFileSync(join(at(), name)));
  const samples = new Int16Array(bytes.buffer);
  expect(samples).toHaveLength(adc.sent);
  let missing = 0;
  for (let frame = 0; frame < adc.sent; frame += packetFrames) {
    const got = samples.subarray(frame, frame + packetFrames);
    if (got.every((sample) => sample === 0)) missing += packetFrames;
    else expect([...got]).toEqual(Array.from(got, (_, i) => adc.sample(frame + i)));
  }
  expect(missing).toBe(adc.dropped);
}

/** Call options of so many frames: half a frame less than that is as many. */
const firstFrames = (frames: number) => ["--seconds", String((frames - 0.5) / rate)];
const asked = ["--element", "s16", "--rate", String(rate)];
const askedFrom = ["--from-element", "s16", "--from-rate", String(rate)];

describe("a serial device", () => {
  it("is converted to its last packet, with every loss counted and in its place", async () => {
    const { adc, bytes } = sentBy(packetFrames * 400, faults);
    const delivered = adc.sent - adc.dropped;
    const wire = await line();
    const call = ["--json", ...askedFrom, "--packet", packet, ...firstFrames(delivered), wire.path, "limited.s16"];
    const { ended } = await listening("convert", ...call);
    await send(wire, bytes);
    const { code, out } = await ended;
    expect(JSON.parse(out)).toMatchObject({
      ledger: { delivered, lost: adc.dropped, sent: adc.sent },
      written: adc.sent,
      filled: adc.dropped,
      packets: { packets: delivered / packetFrames, lostBytes: adc.dropped * 2 },
      warnings: [],
    });
    expect(code).toBe(0);
    expectSamples("limited.s16", adc);
  });

  it("is converted until Ctrl-C", async () => {
    const { adc, bytes } = sentBy(packetFrames * 300, { ...faults, seed: 2 });
    const wire = await line();
    const { child, ended } = await listening(
      "convert",
      "--json",
      ...askedFrom,
      "--packet",
      packet,
      wire.path,
      "stopped.s16",
    );
    await send(wire, bytes);
    await written("stopped.s16", adc.sent * 2);
    child.kill("SIGINT");
    const { code, out } = await ended;
    const delivered = adc.sent - adc.dropped;
    expect(JSON.parse(out)).toMatchObject({ ledger: { delivered, lost: adc.dropped, sent: adc.sent } });
    expect(code).toBe(130);
    expectSamples("stopped.s16", adc);
    expect(readdirSync(at()).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("is shown up to a limit, by its own name as well as by a link's", async () => {
    const { adc, bytes } = sentBy(packetFrames * 200, faults);
    for (const path of [(link: string) => link, realpathSync]) {
      const wire = await line();
      const frames = 5000;
      const call = ["--json", ...asked, "--packet", packet, ...firstFrames(frames)];
      const { ended } = await listening("scope", ...call, path(wire.path));
      void send(wire, bytes);
      const { code, out } = await ended;
      const { ledger, gaps } = JSON.parse(out);
      expect(ledger.delivered).toBe(frames);
      expect(ledger.lost).toBe(missingOf(ledger.sent, faults));
      expect(ledger.lost).toBeGreaterThan(0);
      expect(ledger.sent).toBeLessThan(adc.sent);
      expect(gaps.reduce((sum: number, { lost }: { lost: number }) => sum + lost, 0)).toBe(ledger.lost);
      expect(code).toBe(0);
    }
  });

  it("is shown until Ctrl-C, with what came up to then", async () => {
    const { adc, bytes } = sentBy(packetFrames * 4000, faults);
    const wire = await line();
    const { child, ended } = await listening(
      "scope",
      "--json",
      "--seconds",
      "3600",
      ...asked,
      "--packet",
      packet,
      wire.path,
    );
    // Of these 500 KiB most were read when the line has taken all of them.
    await send(wire, bytes);
    child.kill("SIGINT");
    const { code, out } = await ended;
    const { ledger, cut } = JSON.parse(out);
    expect(ledger.delivered).toBeGreaterThan(0);
    expect(ledger.sent).toBeLessThanOrEqual(adc.sent);
    expect(ledger.lost).toBe(missingOf(ledger.sent, faults));
    expect(cut).toBe(true);
    expect(code).toBe(130);
  });

  it("that is pulled out is an end with what came up to then, and says so", async () => {
    const { adc, bytes } = sentBy(packetFrames * 4000, faults);
    const wire = await line();
    const { ended } = await listening("scope", "--json", "--seconds", "3600", ...asked, "--packet", packet, wire.path);
    await send(wire, bytes);
    await wire.cut();
    const { code, out, err } = await ended;
    const { ledger } = JSON.parse(out);
    expect(ledger.delivered).toBeGreaterThan(0);
    expect(ledger.sent).toBeLessThanOrEqual(adc.sent);
    expect(ledger.lost).toBe(missingOf(ledger.sent, faults));
    expect(err).toMatch(/^forebay: /m);
    expect(code).toBe(2);
  });

  it("that sends nothing is shown until Ctrl-C, too", async () => {
    const wire = await line();
    const { child, ended } = await listening("scope", "--json", ...asked, wire.path);
    child.kill("SIGINT");
    const { code, out } = await ended;
    expect(JSON.parse(out)).toMatchObject({ frames: 0, cut: true, ledger: { delivered: 0, lost: 0 } });
    expect(code).toBe(130);
  });

  it("gives plain samples, too", async () => {
    const wire = await line();
    const { ended } = await listening("scope", "--json", "--channels", "2", ...asked, ...firstFrames(1000), wire.path);
    await send(wire, new Uint8Array(Int16Array.from({ length: 2000 }, (_, i) => (i % 2 ? -8192 : 16_384)).buffer));
    const { code, out } = await ended;
    const { stats, ledger } = JSON.parse(out);
    expect(ledger).toEqual({ delivered: 1000, lost: 0, sent: 1000 });
    expect(stats.map(({ dc }: { dc: number }) => dc)).toEqual([0.5, -0.25]);
    expect(code).toBe(0);
  });

  it("that sends other packets than was said, or at another speed, is not listened to for ever", async () => {
    for (const command of ["scope", "convert"]) {
      const wire = await line();
      const call = command === "scope" ? [...asked, wire.path] : [...askedFrom, wire.path, "nothing.s16"];
      const { ended } = await listening(command, "--json", "--packet", packet, ...call);
      // As of a line that is read at half its speed: there is nothing in it but 0xe6, 0x80 and 0x98.
      void send(
        wire,
        Uint8Array.from({ length: 20_000 }, (_, i) => [0xe6, 0x80, 0x98][i % 3]!),
      );
      const { code, err } = await ended;
      expect(err).toMatch(
        /^forebay: .*: there is no packet in the [\d,]+ bytes that came: is --packet right, and the --baud/m,
      );
      expect(code).toBe(2);
    }
  });

  it.each([
    [["--element", "s16", "--rate", "1k", "/dev/ttyFOREBAY9"], /ttyFOREBAY9: no such file or directory$/m],
    [["/dev/ttyFOREBAY9"], /tell what it sends, with --element s16/],
    [["--element", "s17", "/dev/ttyFOREBAY9"], /no samples of type s17/],
    [["--element", "s16", "--packet", "samples=4", "/dev/ttyFOREBAY9"], /sync or checksum must tell the next one/],
    [["--element", "s16", "--baud", "9601x", "/dev/ttyFOREBAY9"], /--baud <n>' argument '9601x' is invalid/],
  ])("that cannot be had says why: %j", async (args, message) => {
    const { code, err } = await start(at(), ["scope", "--json", ...args]).ended;
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  it("without a rate is no picture of ten seconds", async () => {
    const wire = await line();
    const { code, err } = await start(at(), ["scope", "--element", "s16", wire.path]).ended;
    expect(err).toMatch(/cannot be counted without a --rate/);
    expect(code).toBe(2);
  });
});

describe("a topic", () => {
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

  /** Packets in messages of one or of several, each of which the broker has taken. */
  async function publish(topic: string, bytes: Uint8Array, length: number): Promise<void> {
    for (let from = 0; from < bytes.length; from += length)
      await device.publishAsync(topic, Buffer.from(bytes.subarray(from, from + length)), { qos: 1 });
  }

  // Messages have no garbage between their packets, unless somebody puts it there.
  const quiet = { loss: 0.05, burst: 3, corrupt: 0.02 };
  const packetBytes = 8 + packetFrames * 2 + 4;

  it("is converted to its last packet, with every loss counted and in its place", async () => {
    const { adc, bytes } = sentBy(packetFrames * 300, quiet);
    const delivered = adc.sent - adc.dropped;
    const topic = `${broker.url}/samples/one`;
    const call = ["--json", ...askedFrom, "--packet", packet, ...firstFrames(delivered), topic, "topic.s16"];
    const { ended } = await listening("convert", ...call);
    await publish("samples/one", bytes, packetBytes * 3);
    const { code, out } = await ended;
    expect(JSON.parse(out)).toMatchObject({
      source: topic,
      ledger: { delivered, lost: adc.dropped, sent: adc.sent },
      packets: { packets: delivered / packetFrames },
    });
    expect(code).toBe(0);
    expectSamples("topic.s16", adc);
  });

  it("and all topics below are converted until Ctrl-C", async () => {
    const { adc, bytes } = sentBy(packetFrames * 100, { ...quiet, seed: 3 });
    const call = ["--json", ...askedFrom, "--packet", packet, `${broker.url}/samples/below/#`, "below.s16"];
    const { child, ended } = await listening("convert", ...call);
    await publish("samples/below/it", bytes, packetBytes);
    await written("below.s16", adc.sent * 2);
    child.kill("SIGINT");
    const { code, out } = await ended;
    expect(JSON.parse(out).ledger).toMatchObject({ lost: adc.dropped, sent: adc.sent });
    expect(code).toBe(130);
    expectSamples("below.s16", adc);
  });

  it("of plain samples is shown up to a limit, and until Ctrl-C", async () => {
    const samples = new Uint8Array(new Float32Array(500).fill(0.25).buffer);
    const call = ["scope", "--json", "--element", "f32", "--rate", String(rate), `${broker.url}/samples/plain`];
    const limited = await listening(...call, ...firstFrames(500));
    await publish("samples/plain", samples, 400);
    const { code, out } = await limited.ended;
    expect(JSON.parse(out)).toMatchObject({ frames: 500, stats: [{ dc: 0.25 }], ledger: { delivered: 500, lost: 0 } });
    expect(code).toBe(0);

    const stopped = await listening(...call);
    stopped.child.kill("SIGINT");
    const outcome = await stopped.ended;
    expect(JSON.parse(outcome.out)).toMatchObject({ frames: 0, cut: true });
    expect(outcome.code).toBe(130);
  });

  it("that has no packets in its messages is not listened to for ever", async () => {
    const call = ["--json", "--packet", packet, ...asked, `${broker.url}/samples/never`];
    const { ended } = await listening("scope", ...call);
    await publish("samples/never", new Uint8Array(10_000), 1000);
    const { code, err } = await ended;
    expect(err.match(/there is no packet in the [\d,]+ bytes that came/g)).toHaveLength(1);
    expect(code).toBe(2);
  });

  it("of messages some of which are no packets counts them", async () => {
    const call = ["--json", "--packet", packet, ...askedFrom, `${broker.url}/samples/none`, "none.s16"];
    const { child, ended } = await listening("convert", ...call);
    await publish("samples/none", new Uint8Array(1000), 100);
    // The command's own queue is behind what the broker was asked to bring it first.
    const { bytes } = sentBy(packetFrames, {});
    await publish("samples/none", bytes, packetBytes);
    await written("none.s16", packetFrames * 2);
    child.kill("SIGINT");
    const { code, out } = await ended;
    expect(JSON.parse(out)).toMatchObject({ packets: { packets: 1, skippedBytes: 1000 } });
    expect(code).toBe(130);
  });

  it("is refused where there is no broker, no topic, or no leave", async () => {
    const closed = await startMosquitto({ isOpen: false });
    open.push(() => closed.close());
    const refused = [
      ["mqtt://127.0.0.1:1/samples/x", /mqtt:\/\/127\.0\.0\.1:1\/samples\/x: connect ECONNREFUSED/],
      [broker.url, /it names no topic, as mqtt:\/\/host\/plant\/vibration does/],
      [`${broker.url}/`, /it names no topic/],
      [`${closed.url.replace("//", "//me:secret@")}/x`, /mqtt:\/\/127\.0\.0\.1:\d+\/x: .*[Nn]ot authorized/],
    ] as const;
    for (const [url, message] of refused) {
      const { code, err } = await start(at(), ["scope", "--json", ...asked, url]).ended;
      expect(err).toMatch(message);
      expect(err).not.toContain("secret");
      expect(code).toBe(2);
    }
  });
});
