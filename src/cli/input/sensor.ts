/** What brings samples as time goes by: serial devices and topics of MQTT. Their packages are loaded only for them. */
import { realpathSync, statSync } from "node:fs";
import { Fault } from "../../fault.js";
import type { PacketCounts } from "../../source/packet-count.js";
import type { Source } from "../../source/source.js";
import { type InputOptions, samplesOf } from "./options.js";
import { named, packetFormatOf } from "./packet.js";
import { impatient } from "./packets.js";

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
  if (!packets) return { source, counts: undefined };
  const counts = () => source.counts!;
  return { source: impatient(source, packets, counts), counts };
}

/** A part of a URL as it was before it was written as one; what is no such writing stands for itself. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
