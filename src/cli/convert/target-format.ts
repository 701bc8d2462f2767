/** Which format and which samples the output has. */
import { extname } from "node:path";
import { Fault } from "../../fault.js";
import type { Recording } from "../../format/recording.js";
import { littleOf, type LittleStored, type NamedSample, sampleNamed } from "../../format/sample.js";
import type { ConvertOptions } from "./options.js";

/** The formats that are written. */
export type WrittenFormat = "wav" | "raw" | "sigmf" | "edf" | "bdf";

/** By the names and endings that they are known by. */
const formats: Readonly<Record<string, WrittenFormat>> = {
  wav: "wav",
  wave: "wav",
  rf64: "wav",
  raw: "raw",
  bin: "raw",
  sigmf: "sigmf",
  "sigmf-meta": "sigmf",
  "sigmf-data": "sigmf",
  edf: "edf",
  bdf: "bdf",
};

/** What each can have. */
const samplesOf: Readonly<Record<WrittenFormat, readonly LittleStored[]>> = {
  wav: ["u8", "s16", "s24", "s32", "f32", "f64"],
  raw: ["u8", "s8", "s16", "s24", "s32", "f32", "f64"],
  sigmf: ["u8", "s8", "s16", "s32", "f32", "f64"],
  edf: ["s16"],
  bdf: ["s24"],
};

/** The least that holds what another cannot have, where nobody says anything else. */
const larger: Readonly<Partial<Record<LittleStored, LittleStored>>> = { s8: "s16", s24: "s32", u16: "s32", u32: "f64" };

/** What is written. */
export interface TargetFormat {
  readonly format: WrittenFormat;
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
  const sample = asked === undefined ? undefined : askedSample(asked);
  const complex = (sample ?? recording).complex || recording.complex;
  if (complex && recording.channels % 2 !== 0) {
    throw new Fault("bad-argument", `complex samples are made of two channels, and there are ${recording.channels}`);
  }
  return { format, sampleFormat: sampleOf(format, sample, recording), complex };
}

function askedSample(name: string): NamedSample {
  const sample = sampleNamed(name);
  if (!sample) {
    throw new Fault("bad-argument", `there are no samples of type ${name}: use u8, s8, s16, s24, s32, f32 or f64`);
  }
  if (!name.toLowerCase().endsWith("be")) return sample;
  throw new Fault("bad-argument", `samples are written little-endian, not as ${name}`);
}

function sampleOf(format: WrittenFormat, asked: NamedSample | undefined, recording: Recording): LittleStored {
  const can = samplesOf[format];
  const little = littleOf((asked ?? recording).sampleFormat);
  if (can.includes(little)) return little;
  const next = larger[little];
  if (!asked && can.length === 1) return can[0] as LittleStored;
  if (!asked && next && can.includes(next)) return next;
  throw new Fault("bad-argument", `${format} has samples of ${can.join(", ")}, not ${little}: use --element`);
}

function unknownFormat(path: string, ending: string, to: string | undefined): Fault {
  const hint = "wav, sigmf, edf, bdf or raw; or an ending that names samples, as .s16 or .cf32 do";
  if (to !== undefined) return new Fault("bad-argument", `there is no format "${to}" to write: --to takes ${hint}`);
  if (path === "-")
    return new Fault("bad-argument", `standard output has no name that says a format: --to takes ${hint}`);
  const what = ending === "" ? `${path} has no ending` : `".${ending}" is no format that is written`;
  return new Fault("bad-argument", `${what}: use --to with ${hint}`);
}
