/** Converting a stream's samples: what sensors and files have to f32, and back for those who write files. */
import type { Arena } from "../arena.js";
import { type NumberElement, elementFacts } from "../element.js";
import { Fault } from "../fault.js";
import { formatNumber, profileNumber, type SampleFormat, type ScaleProfile, sampleBytes } from "../kernel/convert.js";
import type { Region } from "../wasm/core.js";
import { signalOf } from "../wasm/signal.js";
import type { Stage, StreamFormat } from "./operator.js";
import { operator, type SignalOperator } from "./over.js";

/** What samples are, and what they become. */
export interface ConvertOptions<To extends SampleFormat = SampleFormat> {
  /** What the stream's bytes are: of its element's size, or of any size in a stream of `u8`, as three bytes a sample of s24. */
  readonly from: SampleFormat;
  /** What they become. Default `"f32"`. s24 and what is big-endian, having no element, come out as `u8`: bytes. */
  readonly to?: To;
  /** How integers stand for numbers: see `ScaleProfile`. Makers differ, so there is no default. */
  readonly profile: ScaleProfile;
}

/** The element that samples of a format are shown as. */
export type ElementOf<F extends SampleFormat> = F extends "s8" | "s8be"
  ? "i8"
  : F extends "s16"
    ? "i16"
    : F extends "s32"
      ? "i32"
      : F extends "f32" | "f64"
        ? F
        : "u8";

const elementOf: Readonly<Partial<Record<SampleFormat, NumberElement>>> = {
  s8: "i8",
  s8be: "i8",
  u8be: "u8",
  s16: "i16",
  s32: "i32",
  f32: "f32",
  f64: "f64",
};

/**
 * Converts samples, as `convertSamples` of `forebay/kernels` does: integers are rounded half to even and clipped, NaN becomes 0. A
 * frame of n samples becomes a frame of n samples.
 *
 * ```ts
 * const flow = arena.open(source, { element: "u8", channels: 6 });        // two channels of 24 bits
 * const signal = flow.through(convert({ from: "s24", profile: "power-of-two" })); // f32, two channels
 * ```
 */
export function convert<const To extends SampleFormat = "f32">(
  options: ConvertOptions<To>,
): SignalOperator<ElementOf<To>> {
  const { from, to = "f32", profile } = options;
  const plan = {
    from: formatNumber(from),
    to: formatNumber(to),
    profile: profileNumber(profile),
    fromBytes: sampleBytes(from),
    toBytes: sampleBytes(to),
    element: elementFacts(elementOf[to] ?? "u8").name as ElementOf<To>,
    elementBytes: elementFacts(elementOf[to] ?? "u8").bytes,
  };
  const name = `convert(${from} to ${to})`;
  return operator({
    name,
    open: (arena, input) => new ConvertStage(arena, plan, samplesIn(name, from, input)),
  });
}

/** Complex samples by the names that radios' files have: frames of two, real part first. */
export type ComplexFormat = "cu8" | "cs8" | "cs16" | "cf32";

const partOf = { cu8: "u8", cs8: "s8", cs16: "s16", cf32: "f32" } as const;

/** How a stream of complex samples is opened: `arena.open(source, { ...complexFrames("cu8") })`. */
export function complexFrames(format: ComplexFormat): { element: "u8" | "i8" | "i16" | "f32"; channels: 2 } {
  const part = partOf[known(format)];
  return { element: (elementOf[part] ?? "u8") as "u8" | "i8" | "i16" | "f32", channels: 2 };
}

/**
 * Makes frames of two f32 of complex samples. An RTL-SDR's cu8 is `"full-scale"`, n/127.5 − 1, which puts 0 between 127 and 128;
 * cs16 is `"power-of-two"` at most makers, `"full-scale"` at some. Of cf32 no profile changes anything.
 */
export function complexSamples(format: ComplexFormat, profile: ScaleProfile): SignalOperator<"f32"> {
  const part = partOf[known(format)];
  const inner = convert({ from: part, profile });
  const name = `complexSamples(${format}, ${profile})`;
  return operator({
    name,
    open(arena, input) {
      if (samplesIn(name, part, input) !== 2) {
        const message = `${name} takes frames of two samples, not ${input.element.name} in frames of ${input.channels}.`;
        throw new Fault("bad-argument", message, { channels: input.channels });
      }
      return inner.open(arena, input);
    },
  });
}

function known(format: ComplexFormat): ComplexFormat {
  if (Object.hasOwn(partOf, format)) return format;
  const message = `There is no complex format "${format}": use one of ${Object.keys(partOf).join(", ")}.`;
  throw new Fault("bad-argument", message, { format });
}

/** Samples in a frame. */
function samplesIn(name: string, from: SampleFormat, { element, channels }: StreamFormat): number {
  const bytes = sampleBytes(from);
  const frameBytes = element.bytes * channels;
  if ((element.name === "u8" || element.bytes === bytes) && frameBytes % bytes === 0) return frameBytes / bytes;
  const message = `${name} takes samples of ${bytes} bytes, not ${element.name} in frames of ${channels}.`;
  throw new Fault("bad-argument", message, { bytes, element: element.name, channels });
}

interface Plan<Out extends NumberElement> {
  readonly from: number;
  readonly to: number;
  readonly profile: number;
  readonly fromBytes: number;
  readonly toBytes: number;
  readonly element: Out;
  readonly elementBytes: number;
}

/** Keeps no state: a frame becomes a frame. */
class ConvertStage<Out extends NumberElement> implements Stage<Out> {
  readonly output: Stage<Out>["output"];
  readonly up = 1;
  readonly down = 1;
  readonly delay = 0;
  readonly #arena: Arena;
  readonly #plan: Plan<Out>;
  readonly #samples: number;

  constructor(arena: Arena, plan: Plan<Out>, samples: number) {
    this.#arena = arena;
    this.#plan = plan;
    this.#samples = samples;
    this.output = { element: plan.element, channels: (samples * plan.toBytes) / plan.elementBytes };
  }

  most(frames: number): number {
    return frames;
  }

  run(input: Region, frames: number, output: Region): number {
    const { core } = this.#arena;
    const { from, to, profile } = this.#plan;
    const answer = signalOf(core).convertSamples(
      input.handle,
      input.pointer,
      from,
      output.handle,
      output.pointer,
      to,
      frames * this.#samples,
      profile,
    );
    core.expect(answer, "convert");
    return frames;
  }

  reset(): void {
    // A frame depends on no other.
  }

  close(): void {
    // There is nothing to give back.
  }
}
