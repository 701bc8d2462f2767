/** Opens what a call names: a file of any format, standard input, a serial device, or an MQTT topic. */
import { statSync } from "node:fs";
import { basename } from "node:path";
import { Fault } from "../../fault.js";
import { openRecording } from "../../format/open.js";
import type { RawOptions } from "../../format/raw.js";
import type { Recording } from "../../format/recording.js";
import { fileSource } from "../../source/node-file.js";
import type { PacketCounts } from "../../source/packet-count.js";
import type { Source } from "../../source/source.js";
import { type InputOptions, samplesOf } from "./options.js";
import { unpacked } from "./packets.js";
import { isMqtt, isSerial, openTopic, serialPort } from "./sensor.js";

/** An input that is open. */
export interface Input {
  /** What people call it. */
  readonly name: string;
  readonly recording: Recording;
  /** Whether it comes as time goes by, and has no end of its own. */
  readonly live: boolean;
  /** What became of its packets up to now, where it has some. */
  readonly packets?: () => PacketCounts;
}

/** What messages call an input: without the password of a URL. */
export function nameOf(input: string): string {
  return input.replace(/^(\w+:\/\/)[^/]*@/, "$1");
}

/** Opens it, and reads what it says about itself. */
export async function openInput(input: string, options: InputOptions): Promise<Input> {
  const name = nameOf(input);
  if (isMqtt(input)) {
    const { source, counts } = await openTopic(input, options);
    return { name, recording: await openRaw(source, options), live: true, ...(counts && { packets: counts }) };
  }
  if (isSerial(input)) return openPacked(name, await serialPort(input, options), options, true);
  if (input !== "-" && statSync(input).isDirectory())
    throw new Fault("bad-argument", "it is a folder; name a file of samples");
  const source = () => fileSource(input === "-" ? 0 : input);
  const called = input === "-" ? "standard input" : basename(input);
  if (options.packet) {
    samplesOf(options);
    return openPacked(called, source(), options, false);
  }
  return { name: called, recording: await openFile(source(), input, options), live: false };
}

/** Bytes of samples, in packets or as they are. */
async function openPacked(name: string, source: Source, options: InputOptions, live: boolean): Promise<Input> {
  if (!options.packet) return { name, recording: await openRaw(source, options), live };
  const { source: samples, counts } = unpacked(source, options, live);
  return { name, recording: await openRaw(samples, options), live, packets: counts };
}

function rawOf({ element, rate, channels }: InputOptions): RawOptions {
  return { ...(element !== undefined && { element }), ...(rate && { rate }), ...(channels && { channels }) };
}

async function openRaw(source: Source, options: InputOptions): Promise<Recording> {
  try {
    return await openRecording(source, { format: "raw", raw: rawOf(options) });
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
    const { prefix = "" } = options;
    const how = `tell with --${prefix}element f32 (s16, u8, cs16 …), --${prefix}rate and --${prefix}channels`;
    throw new Fault("bad-argument", `nothing in it says what its samples are: ${how}`);
  }
}
