/** Opens what a call names: a file of any format, standard input, a serial device, or an MQTT topic. */
import { statSync } from "node:fs";
import { basename } from "node:path";
import { Fault } from "../../fault.js";
import { openRecording } from "../../format/open.js";
import type { RawOptions } from "../../format/raw.js";
import type { Recording } from "../../format/recording.js";
import { fileSource } from "../../source/node-file.js";
import type { Source } from "../../source/source.js";
import type { InputOptions } from "./options.js";

/** An input that is open. */
export interface Input {
  /** What people call it. */
  readonly name: string;
  readonly recording: Recording;
  /** Whether it comes as time goes by, and has no end of its own. */
  readonly live: boolean;
}

/** Bits a second of a serial port, unless told. */
const usualBaud = 115_200;

/** Opens it, and reads what it says about itself. */
export async function openInput(input: string, options: InputOptions): Promise<Input> {
  const source = await sensorSource(input, options);
  // What a sensor sends are frames from its first byte on.
  if (source)
    return {
      name: input.replace(/^(\w+:\/\/)[^/]*@/, "$1"),
      recording: await openRaw(source, rawOf(options)),
      live: true,
    };
  if (input === "-")
    return { name: "standard input", recording: await openFile(fileSource(0), input, options), live: false };
  if (statSync(input).isDirectory()) throw new Fault("bad-argument", "it is a folder; name a file of samples");
  return { name: basename(input), recording: await openFile(fileSource(input), input, options), live: false };
}

/** The source of a serial port or of a topic; none of other inputs. Their packages are loaded only for them. */
async function sensorSource(input: string, { baud = usualBaud, element }: InputOptions): Promise<Source | undefined> {
  if (/^(mqtts?|wss?):\/\//.test(input)) {
    const { openMqtt } = await import("../../source/mqtt.js");
    const { protocol, host, pathname, username, password } = new URL(input);
    const topic = decodeURIComponent(pathname.slice(1));
    if (topic === "") throw new Fault("bad-argument", "it names no topic, as mqtt://host/plant/vibration does");
    const user = { ...(username && { username: decodeURIComponent(username) }) };
    return openMqtt(`${protocol}//${host}`, topic, {
      ...user,
      ...(password && { password: decodeURIComponent(password) }),
    });
  }
  if (!isSerial(input)) return undefined;
  if (element === undefined)
    throw new Fault("bad-argument", "tell what it sends, with --element s16 (u8, f32 …) and --rate");
  const { openSerialPort } = await import("../../source/node-serialport.js");
  return openSerialPort(input, { baudRate: baud });
}

/** Ports by the names that systems have for them. */
function isSerial(input: string): boolean {
  return /^\/dev\/(tty|cu\.|serial\/|rfcomm|pts\/)/.test(input) || /^COM\d+$/i.test(input);
}

function rawOf({ element, rate, channels }: InputOptions): RawOptions {
  return { ...(element !== undefined && { element }), ...(rate && { rate }), ...(channels && { channels }) };
}

async function openRaw(source: Source, raw: RawOptions): Promise<Recording> {
  try {
    return await openRecording(source, { format: "raw", raw: { element: "f32", ...raw } });
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

async function openFile(source: Source, input: string, options: InputOptions): Promise<Recording> {
  try {
    return await openRecording(source, { name: input, raw: rawOf(options), beside: (name) => fileSource(name) });
  } catch (error) {
    await source.close?.();
    if (!(error instanceof Fault && error.code === "bad-argument" && options.element === undefined)) throw error;
    const how = "tell with --element f32 (s16, u8, cs16 …), --rate and --channels";
    throw new Fault("bad-argument", `nothing in it says what its samples are: ${how}`);
  }
}
