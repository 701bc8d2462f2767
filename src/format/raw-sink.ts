/** Frames alone, as a file's bytes. Copies: 0, they are passed on. */
import type { Sink } from "../sink/sink.js";
import { FormatSink, type RecordingSink, type Write } from "./writing.js";

/** A sink that writes frames of `frameBytes` bytes to `sink`, and nothing else. */
export function rawSink(sink: Sink, options: { readonly frameBytes: number }): RecordingSink {
  return new RawSink(sink, options.frameBytes);
}

class RawSink extends FormatSink {
  protected readonly begin = 0;
  protected *head(): Write {}
  protected *settle(): Write {}
  protected *tail(): Write {}
}
