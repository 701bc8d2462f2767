/**
 * The data records of EDF and BDF files as frames.
 *
 * A record has its signals one after the other; frames have them side by side. Copies: 1, of each number to its frame, beside
 * those of the file's source; one record is held.
 */
import type { Source, SourceEvent, SourceEvents } from "../source/source.js";
import type { EdfHeader, EdfSignal } from "./edf-header.js";
import { readTimedTexts, type TimedText } from "./edf-tal.js";
import { bytesAt, type Head, type Parse } from "./head.js";
import { type Annotation, type Draft, warn } from "./recording.js";

/** Annotations that wait for their time at most. */
const mostWaiting = 65_536;

/** What tells a part of a frame from nothing, of times that are written in decimals. */
const epsilon = 1e-6;

/** Frames of those signals of a file that have one rate. */
export class EdfSource implements Source {
  readonly name: string;
  readonly seekable: boolean;
  readonly immediate: boolean;
  readonly copies: number;
  readonly events?: SourceEvents;
  readonly readSync?: (into: Uint8Array, position: number) => number;
  readonly #base: Source;
  readonly #head: Head;
  readonly #header: EdfHeader;
  readonly #draft: Draft;
  readonly #signals: readonly EdfSignal[];
  readonly #texts: readonly EdfSignal[];
  readonly #sampleBytes: number;
  /** Frames of a record. */
  readonly #perRecord: number;
  /** Records that there are, so far as is known. */
  #records: number | undefined;
  /** The record that is held, and which one it is. */
  #record: Uint8Array = new Uint8Array(0);
  #index = -1;
  #farthest = -1;
  /** A frame of which a part is given. */
  readonly #frame: Uint8Array;
  readonly #reached: SourceEvent[] = [];
  #waiting: TimedText[] = [];
  /** Seconds between the recording's begin and the first record's. */
  #first = 0;
  /** The last record whose texts and gaps were told, and the frames that were lost up to it. */
  #told = -1;
  #lost = 0;

  constructor(base: Source, head: Head, header: EdfHeader, signals: readonly EdfSignal[], draft: Draft) {
    this.#base = base;
    this.#head = head;
    this.#header = header;
    this.#draft = draft;
    this.#signals = signals;
    this.#texts = header.signals.filter(({ annotations }) => annotations);
    this.#sampleBytes = header.wide ? 3 : 2;
    this.#perRecord = signals[0]!.samples;
    this.#records = header.records;
    this.#frame = new Uint8Array(draft.frameBytes);
    this.name = head.name;
    this.seekable = base.seekable ?? false;
    this.immediate = base.immediate ?? false;
    this.copies = (base.copies ?? 0) + 1;
    const size = base.seekable ? base.size : undefined;
    if (size !== undefined && size > header.bytes) this.#measure(size - header.bytes);
    if (this.#texts.length > 0) this.events = { take: () => this.#reached.shift() };
    if (base.readSync) this.readSync = this.#readSync;
    this.#tell();
  }

  /** So many bytes of records are there. */
  #measure(bytes: number): void {
    const { recordBytes, records } = this.#header;
    const there = Math.floor(bytes / recordBytes);
    const { warnings } = this.#draft;
    if (records === undefined)
      warnings.push(`The header does not tell how many data records there are: ${there} were found.`);
    else if (records > there)
      warnings.push(`The header tells of ${records} data records; the file has ${there} of them.`);
    else if (records < there)
      warnings.push(`The header tells of ${records} data records; ${there - records} more are left out.`);
    if ((records ?? there + 1) > there && bytes % recordBytes > 0) {
      warnings.push(`The file ends within a data record: its last ${bytes % recordBytes} bytes are left out.`);
    }
    this.#records = Math.min(records ?? there, there);
  }

  #tell(): void {
    this.#draft.frames = this.#records === undefined ? undefined : this.#records * this.#perRecord;
  }

  get size(): number | undefined {
    return this.#draft.frames === undefined ? undefined : this.#draft.frames * this.#draft.frameBytes;
  }

  /** The parser that brings the first record, and tells when the recording began. */
  *start(): Parse<void> {
    if (this.#texts.length === 0) return;
    yield* this.#load(0);
    const { startTime } = this.#draft;
    if (startTime !== undefined) this.#draft.startTime = startTime + this.#first * 1000;
  }

  /** Brings record `index`; fewer bytes than a record's at the end. */
  *#load(index: number): Parse<void> {
    const { bytes, recordBytes } = this.#header;
    const record = yield* bytesAt(bytes + index * recordBytes, recordBytes);
    if (record.length < recordBytes) {
      this.#index = -1;
      // A seek behind the end tells nothing of where it is.
      if (index <= this.#farthest + 1) this.#ended(index, record.length);
      return;
    }
    this.#farthest = Math.max(this.#farthest, index);
    this.#record = record;
    this.#index = index;
    if (this.#texts.length === 0 || index <= this.#told) return;
    this.#readTexts();
    this.#told = index;
  }

  /** The file turned out to have `records` records and `rest` bytes of one. */
  #ended(records: number, rest: number): void {
    if (this.#records !== undefined && records >= this.#records) return;
    this.#measure(records * this.#header.recordBytes + rest);
    this.#tell();
  }

  /** What the annotations of the record that is held say: its time, and texts of it and of other times. */
  #readTexts(): void {
    const { rate } = this.#draft;
    const index = this.#index;
    const seconds = this.#header.seconds;
    const lists = this.#texts.map(({ offset, samples }) =>
      readTimedTexts(this.#record.subarray(offset, offset + samples * this.#sampleBytes)),
    );
    const clock = lists[0]?.[0];
    const expected = this.#first + index * seconds + (rate ? this.#lost / rate : 0);
    const begins = clock?.text === "" ? clock.onset : expected;
    if (index === 0) this.#first = begins;
    if (rate) this.#heedTime(begins);
    for (const text of lists.flat()) {
      if (text.text !== "" && this.#waiting.length < mostWaiting) this.#waiting.push(text);
    }
    this.#giveTexts(begins, seconds);
  }

  /** The record begins at `begins` seconds: frames may have been lost in front of it, or of those that were passed over. */
  #heedTime(begins: number): void {
    const { rate, frameBytes, startTime, warnings } = this.#draft;
    const index = this.#index;
    const lost = Math.round((begins - this.#first) * rate!) - index * this.#perRecord;
    if (!Number.isSafeInteger(lost * frameBytes)) {
      warn(warnings, `Data record ${index} has a time beyond all.`);
      return;
    }
    if (index > 0 && lost > this.#lost) {
      const gap = {
        kind: "gap",
        position: index * this.#perRecord * frameBytes,
        lost: (lost - this.#lost) * frameBytes,
        cause: "record time",
      } as const;
      this.#reached.push(startTime === undefined ? gap : { ...gap, time: startTime + (begins - this.#first) * 1000 });
    } else if (index > 0 && lost < this.#lost) {
      // What was told stays told: frames lost from here on are counted against it.
      warn(warnings, `Data record ${index} begins ${this.#lost - lost} samples before the one in front of it ends.`);
      return;
    }
    this.#lost = lost;
  }

  /** Gives the annotations whose time has come, at their frames; those whose time has passed at the record's first one. */
  #giveTexts(begins: number, seconds: number): void {
    const { rate = 0, frameBytes } = this.#draft;
    const due = this.#waiting.filter(({ onset }) => onset < begins + seconds);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter(({ onset }) => !(onset < begins + seconds));
    for (const { onset, duration, text } of due.sort((a, b) => a.onset - b.onset)) {
      const within = Math.min(this.#perRecord - 1, Math.max(0, Math.floor((onset - begins) * rate + epsilon)));
      const value: Annotation = {
        kind: "annotation",
        text,
        ...(duration !== undefined && { frames: Math.round(duration * rate) }),
        details: { onset, ...(duration !== undefined && { duration }) },
      };
      this.#reached.push({ kind: "mark", position: (this.#index * this.#perRecord + within) * frameBytes, value });
    }
  }

  readonly #readSync = (into: Uint8Array, position: number): number => {
    const index = this.#wanted(position);
    if (index !== this.#index) this.#head.runSync(this.#load(index));
    return this.#give(into, position);
  };

  read(into: Uint8Array, position: number, signal: AbortSignal): number | Promise<number> {
    const index = this.#wanted(position);
    if (index === this.#index) return this.#give(into, position);
    return this.#head.run(this.#load(index), signal).then(() => this.#give(into, position));
  }

  /** The record that a position lies in; the one that is held behind the end, so that nothing is read there. */
  #wanted(position: number): number {
    const index = Math.floor(position / (this.#perRecord * this.#draft.frameBytes));
    return this.#records !== undefined && index >= this.#records ? this.#index : index;
  }

  /** Puts frames of the record that is held into `into`; 0 where it is not that of the position. */
  #give(into: Uint8Array, position: number): number {
    const { frameBytes } = this.#draft;
    const frame = Math.floor(position / frameBytes) - this.#index * this.#perRecord;
    const part = position % frameBytes;
    if (this.#index < 0 || frame < 0 || frame >= this.#perRecord) return 0;
    if (part > 0 || into.length < frameBytes) {
      this.#interleave(this.#frame, frame, 1);
      const some = this.#frame.subarray(part, part + into.length);
      into.set(some);
      return some.length;
    }
    const frames = Math.min(this.#perRecord - frame, Math.floor(into.length / frameBytes));
    this.#interleave(into, frame, frames);
    return frames * frameBytes;
  }

  #interleave(into: Uint8Array, from: number, frames: number): void {
    const { frameBytes } = this.#draft;
    const bytes = this.#sampleBytes;
    const record = this.#record;
    for (const [channel, { offset }] of this.#signals.entries()) {
      let at = offset + from * bytes;
      let to = channel * bytes;
      for (let frame = 0; frame < frames; frame++, at += bytes, to += frameBytes) {
        into[to] = record[at]!;
        into[to + 1] = record[at + 1]!;
        if (bytes === 3) into[to + 2] = record[at + 2]!;
      }
    }
  }

  close(): void | Promise<void> {
    return this.#base.close?.();
  }
}
