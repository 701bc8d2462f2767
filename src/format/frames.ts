/** From where a file's frames lie to a recording's source. */
import type { Source, SourceEvent } from "../source/source.js";
import { KnownEvents } from "./events.js";
import type { Head, Parse } from "./head.js";
import type { Draft, Recording } from "./recording.js";
import { Stretch } from "./stretch.js";

/** Where frames lie. Positions in bytes of the file. */
export interface FramesAt {
  readonly begin: number;
  /** Position behind the last one, as the file says it; undefined where it does not. */
  readonly end: number | undefined;
  /** What says where they end, as in `the chunk "data"`. */
  readonly says?: string;
  /** What is to be warned of once there turn out to be frames. */
  readonly unsaid?: string;
  readonly events?: readonly SourceEvent[];
  readonly trailer?: (end: number) => Parse<void>;
}

/** Gives a draft its frames, and makes it a recording. */
export function withFrames(base: Source, head: Head, draft: Draft, at: FramesAt): Recording {
  const { frameBytes, warnings } = draft;
  const { begin, says = "the file" } = at;
  /** A size is a hint: one of 0 is none, and a stream that is read in order has the say itself. */
  const size = base.seekable && base.size !== undefined && base.size > begin ? base.size : undefined;
  let end = at.end === undefined ? undefined : begin + wholeBytes(at.end - begin, frameBytes);
  const tell = (bytes: number, rest: number): void => {
    if (end !== undefined && begin + bytes < end) {
      warnings.push(`${capital(says)} tells of ${end - begin} bytes of frames; the file has ${bytes + rest} of them.`);
    }
    if (bytes > 0 && at.unsaid !== undefined) warnings.push(at.unsaid);
    if (rest > 0) warnings.push(`The file ends within a frame: its last ${rest} bytes are left out.`);
    draft.frames = bytes / frameBytes;
  };
  draft.frames = end === undefined ? undefined : (end - begin) / frameBytes;
  if (size !== undefined && (end === undefined || size < end)) {
    const bytes = wholeBytes(size - begin, frameBytes);
    tell(bytes, size - begin - bytes);
    end = begin + bytes;
  }
  const source = new Stretch(base, head, {
    begin,
    end,
    certain: size !== undefined,
    frameBytes,
    events: at.events && at.events.length > 0 ? new KnownEvents(at.events) : undefined,
    trailer: at.trailer,
    onEnd: tell,
  });
  return Object.assign(draft, { source });
}

const wholeBytes = (bytes: number, frameBytes: number) => bytes - (bytes % frameBytes);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
