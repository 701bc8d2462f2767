/** Which format and which samples the output has. */
import { extname } from "node:path";
import { Fault } from "../../fault.js";
import type { Recording } from "../../format/recording.js";
import { littleOf, type LittleStored, sampleNamed } from "../../format/sample.js";
import type { ConvertOptions } from "./options.js";

/** Formats that are written, by the names and endings that they are known by. */
const formats: Readonly<Record<string, "wav" | "raw">> = {
  wav: "wav",
  wave: "wav",
  rf64: "wav",
  raw: "raw",
  bin: "raw",
};

const wavSamples: readonly LittleStored[] = ["u8", "s16", "s24", "s32", "f32", "f64"];

/** What is written. */
export interface TargetFormat {
  readonly format: "wav" | "raw";
  readonly sampleFormat: LittleStored;
  /** Whether each two numbers are one complex sample. */
  readonly complex: boolean;
}

/** What a call asks for, or the input's own samples where it says nothing of them. */
export function targetFormat(path: string, options: ConvertOptions, recording: Recording): TargetFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const named = sampleNamed(ending);
  const format = options.to === undefined ? (formats[ending] ?? (named && "raw")) : formats[options.to.toLowerCase()];
  if (format === undefined) throw unknownFormat(path, ending, options.to);
  const asked = options.element ?? (format === "raw" && named ? ending : undefined);
  const sample = asked === undefined ? recording : sampleNamed(asked);
  if (!sample) {
    throw new Fault("bad-argument", `there are no samples of type ${asked}: use u8, s8, s16, s24, s32, f32 or f64`);
  }
  if (asked?.toLowerCase().endsWith("be")) {
    throw new Fault("bad-argument", `samples are written little-endian, not as ${asked}`);
  }
  const { complex } = sample;
  if (complex && !recording.complex && recording.channels !== 2) {
    throw new Fault("bad-argument", `complex samples are made of two channels, and there are ${recording.channels}`);
  }
  const little = littleOf(sample.sampleFormat);
  if (format === "wav" && !wavSamples.includes(little)) {
    // Nothing is lost in the next larger one.
    if (options.element === undefined && little === "s8") return { format, sampleFormat: "s16", complex };
    throw new Fault("bad-argument", `a WAV file has samples of ${wavSamples.join(", ")}, not ${little}: use --element`);
  }
  return { format, sampleFormat: little, complex: complex || recording.complex };
}

function unknownFormat(path: string, ending: string, to: string | undefined): Fault {
  const hint = "wav or raw; or an ending that names samples, as .s16 or .cf32 do";
  if (to !== undefined) return new Fault("bad-argument", `there is no format "${to}" to write: --to takes ${hint}`);
  if (path === "-")
    return new Fault("bad-argument", `standard output has no name that says a format: --to takes ${hint}`);
  const what = ending === "" ? `${path} has no ending` : `".${ending}" is no format that is written`;
  return new Fault("bad-argument", `${what}: use --to with ${hint}`);
}
