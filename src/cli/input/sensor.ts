/** What brings samples as time goes by: serial devices and topics of MQTT. Their packages are loaded only for them. */
import { realpathSync, statSync } from "node:fs";
import { Fault } from "../../fault.js";
import { sampleNamed, storedBytes } from "../../format/sample.js";
import type { PacketCounts } from "../../source/packet-count.js";
import type { Source } from "../../source/source.js";
import type { InputOptions } from "./options.js";
import { packetFormatOf } from "./packet.js";

/** Bits a second of a serial port, unless told. */
const usualBaud = 115_200;
/** Steps back that a message of MQTT may come again or too late: QoS 1 sends what was not heard once more. */
const lateMessages = 16;

/** Whether it is a topic. */
export const isMqtt = (input: string): boolean => /^(mqtts?|wss?):\/\//i.test(input);

/** Whether it is a port, by the names that systems have for them, or a link to one. */
export function isSerial(input: string): boolean {
  if (/^COM\d+$/i.test(input)) return true;
  const isPort = (path: string) => /^\/dev\/(tty|cu\.|serial\/|rfcomm|pts\/)/.test(path);
  // The process's own descriptors are no devices to open, whatever stands behind them.
  if (isPort(input) || /^\/(dev\/(std|fd\/)|proc\/)/.test(input)) return isPort(input);
  try {
    return statSync(input).isCharacterDevice() && isPort(realpathSync(input));
  } catch {
    return false;
  }
}

/** The bytes of a frame of samples, of input that cannot say by itself what its samples are. */
export function samplesOf({ element, channels = 1, prefix = "" }: InputOptions): { frameBytes: number } {
  if (element === undefined) {
    const how = `--${prefix}element s16 (u8, f32 …), and how many a second with --${prefix}rate`;
    throw new Fault("bad-argument", `tell what it sends, with ${how}`);
  }
  const sample = sampleNamed(element);
  if (!sample) throw new Fault("bad-argument", `there are no samples of type ${element}`);
  return { frameBytes: channels * (sample.complex ? 2 : 1) * storedBytes(sample.sampleFormat) };
}

/** Opens a port. */
export async function serialPort(path: string, options: InputOptions): Promise<Source> {
  const { baud = usualBaud, packet } = options;
  const { frameBytes } = samplesOf(options);
  if (packet) {
    named(() => packetFormatOf(packet, frameBytes));
    checkJoined(packet.sync !== undefined || packet.checksum !== undefined);
  }
  const { openSerialPort } = await import("../../source/node-serialport.js");
  return openSerialPort(path, { baudRate: baud, ...(!packet && { frameBytes }) });
}

function checkJoined(isFound: boolean): void {
  if (isFound) return;
  const why = "whoever opens a serial line hears the middle of a packet first: sync or checksum must tell the next one";
  throw new Fault("bad-argument", `--packet: ${why}`);
}

/** Subscribes to a topic: `mqtt://user:password@host:port/topic`. */
export async function openTopic(
  input: string,
  options: InputOptions,
): Promise<{ source: Source; counts: (() => PacketCounts) | undefined }> {
  const { frameBytes } = samplesOf(options);
  const packets = options.packet && named(() => packetFormatOf(options.packet!, frameBytes, lateMessages));
  // Not the URL's path: the # of all topics below would begin its fragment.
  const [, server = "", path = ""] = /^(\w+:\/\/[^/]*)\/?(.*)$/s.exec(input) ?? [];
  if (path === "") throw new Fault("bad-argument", "it names no topic, as mqtt://host/plant/vibration does");
  const { protocol, host, username, password } = new URL(server);
  const { openMqtt } = await import("../../source/mqtt.js");
  const source = await openMqtt(`${protocol}//${host}`, plain(path), {
    ...(username && { username: plain(username) }),
    ...(password && { password: plain(password) }),
    ...(packets && { packets }),
  });
  return { source, counts: packets && (() => source.counts!) };
}

/** A part of a URL as it was before it was written as one; what is no such writing stands for itself. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Says which option a fault is about. */
export function named<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Fault("bad-argument", `--packet: ${(error as Fault).message}`);
  }
}
