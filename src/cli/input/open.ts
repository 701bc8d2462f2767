/** Opens what a call names: a file of any format, standard input, a serial device, or an MQTT topic. */
import { statSync } from "node:fs";
import { basename } from "node:path";
import { Fault } from "../../fault.js";
import { openRecording } from "../../format/open.js";
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

/** Opens it, and reads what it says about itself. */
export async function openInput(input: string, options: InputOptions): Promise<Input> {
  if (/^mqtts?:\/\//.test(input)) return openTopic(input, options);
  if (isSerial(input)) return openSerial(input, options);
  const name = input === "-" ? "standard input" : basename(input);
  if (input !== "-" && statSync(input).isDirectory()) {
    throw new Fault("bad-argument", "it is a folder; name a file of samples");
  }
  const source = fileSource(input === "-" ? 0 : input);
  return { name, recording: await recordingOf(source, input, options), live: false };
}

/** Ports by the names that systems have for them. */
function isSerial(input: string): boolean {
  return /^\/dev\/(tty|cu\.|serial\/|rfcomm)/.test(input) || /^COM\d+$/i.test(input);
}

async function recordingOf(source: Source, input: string, options: InputOptions): Promise<Recording> {
  const { element, rate, channels } = options;
  const given = { ...(element !== undefined && { element }), ...(rate && { rate }), ...(channels && { channels }) };
  try {
    return await openRecording(source, { name: input, raw: given });
  } catch (error) {
    await source.close?.();
    if (error instanceof Fault && error.code === "bad-argument" && element === undefined) {
      const message = `nothing in it says what its samples are: tell with --element f32 (s16, u8, cs16 …), --rate and --channels`;
      throw new Fault("bad-argument", message);
    }
    throw error;
  }
}

async function openTopic(_input: string, _options: InputOptions): Promise<Input> {
  throw new Fault("unsupported", "MQTT");
}

async function openSerial(_input: string, _options: InputOptions): Promise<Input> {
  throw new Fault("unsupported", "serial");
}
