/** A second look at a part of a recording that can be read from anywhere. */
import type { Arena } from "../../arena.js";
import type { Recording } from "../../format/recording.js";
import type { Source } from "../../source/source.js";
import { Samples } from "../input/samples.js";
import { Gatherer, type GatherOptions } from "./gather.js";
import { spectraOf } from "./look.js";
import type { ScopeOptions } from "./options.js";
import type { Survey } from "./survey.js";

/** The survey of the frames from `from` up to `to`, in detail. */
export async function lookAgain(
  arena: Arena,
  look: GatherOptions,
  recording: Recording,
  from: number,
  to: number,
  options: ScopeOptions,
): Promise<Survey> {
  const { source } = recording;
  const samples = new Samples(arena, { ...recording, source: keptOpen(source) }, { start: from });
  const gatherer = new Gatherer(arena, { ...look, ...spectraOf(to - from, options) });
  try {
    await samples.read({ samples: (window) => gatherer.add(window), gap: () => undefined }, to - from);
    return gatherer.survey({ warnings: [] });
  } finally {
    await samples.close();
    gatherer.release();
  }
}

/** The same source, which stays open when its reader closes it. */
function keptOpen(source: Source): Source {
  const { name, size, immediate, granularity } = source;
  return {
    ...(name !== undefined && { name }),
    ...(immediate !== undefined && { immediate }),
    ...(granularity !== undefined && { granularity }),
    size,
    seekable: true,
    read: (into, position, signal) => source.read(into, position, signal),
    ...(source.readSync && { readSync: (into, position) => source.readSync?.(into, position) ?? 0 }),
  };
}
