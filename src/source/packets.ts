/**
 * A device's packets as a source of their samples: finds the packets in a stream of bytes, and finds back after garbage;
 * counts their numbers, and reports what is missing as gaps.
 *
 * Copies: 1 more than the source below has. Its bytes are read into one buffer of this source's own, where the packets are
 * looked for, and their samples are copied from there.
 */
import { Fault } from "../fault.js";
import { Happened } from "../happened.js";
import { PacketCount, type PacketCounts } from "./packet-count.js";
import { type PacketFormat, type PacketLayout, packetLayout } from "./packet-format.js";
import { PacketScan } from "./packet-scan.js";
import type { Source, SourceEvent, SourceEvents } from "./source.js";

/** How packets are read. */
export interface PacketSourceOptions {
  /** What messages call it. Default: the name of the source below. */
  readonly name?: string;
  /** Bytes of the buffer. At least two of the longest packets. Default 64 KiB. */
  readonly bufferBytes?: number;
}

/** A source of samples, and what became of the packets that they came in. */
export interface PacketSource extends Source {
  /** Where samples are missing, and the marks of timestamps and of the source below; positions in bytes of samples. */
  readonly events: SourceEvents;
  /** What was counted up to now. */
  readonly counts: PacketCounts;
}

/**
 * A source over the samples of the packets that `base` brings. It is closed with it.
 *
 * Nothing is lost but what did not arrive whole. A packet whose checksum is wrong counts as missing; what `base` itself
 * reports as a gap ends the packet that it stands in. With sequence numbers a gap has exactly the samples that are missing,
 * if these are fewer than the number's bits can count; what is missing behind the last packet nobody can know. Without
 * them it is counted in packets of their fixed length that would fit into what was passed over, and a gap of 0 bytes is a
 * break of which no more is known.
 *
 * ```ts
 * const samples = packetSource(serialPortSource(port), {
 *   sync: [0xaa, 0x55],
 *   bytes: 134, // sync, u16 number, 64 samples of i16, crc16
 *   sequence: { offset: 2, bits: 16 },
 *   payload: { offset: 4 },
 *   checksum: { kind: "crc16" },
 * });
 * ```
 *
 * Throws `bad-argument` for a format that contradicts itself.
 */
export function packetSource(base: Source, format: PacketFormat, options: PacketSourceOptions = {}): PacketSource {
  return new Packets(base, packetLayout(format), options);
}

class Packets implements PacketSource {
  readonly name: string;
  readonly copies: number;
  readonly immediate: boolean;
  readonly readSync?: (into: Uint8Array) => number;
  readonly #base: Source;
  readonly #scan: PacketScan;
  readonly #count: PacketCount;
  readonly #buffer: Uint8Array;
  /** The source's position of the buffer's first byte. */
  #origin = 0;
  /** Bytes of the buffer that were not looked at yet. */
  #begin = 0;
  #end = 0;
  /** Samples of the packet found last that were not handed out yet. */
  #payload = 0;
  #payloadEnd = 0;
  /** What the source below told, in its own positions. */
  readonly #cuts = new Happened<Extract<SourceEvent, { kind: "gap" }>>();
  readonly #marks = new Happened<Extract<SourceEvent, { kind: "mark" }>>();
  /** Whether the source below has ended. */
  #ended = false;
  #finished = false;

  constructor(base: Source, layout: PacketLayout, options: PacketSourceOptions) {
    const least = layout.most * 2 + layout.sync.length;
    const bytes = options.bufferBytes ?? Math.max(65_536, least);
    if (!(Number.isInteger(bytes) && bytes >= least)) {
      const message = `bufferBytes must be a whole number of at least ${least} (two packets), not ${bytes}.`;
      throw new Fault("bad-argument", message, { bytes, least });
    }
    this.name = options.name ?? base.name ?? "the source";
    this.copies = (base.copies ?? 0) + 1;
    this.immediate = base.immediate ?? false;
    this.#base = base;
    this.#scan = new PacketScan(layout);
    this.#count = new PacketCount(layout);
    this.#buffer = new Uint8Array(bytes);
    if (base.readSync) this.readSync = (into) => this.#readSync(into);
  }

  get events(): SourceEvents {
    return this.#count.events;
  }

  get counts(): PacketCounts {
    const { packets, lostBytes, gaps, late } = this.#count;
    return { packets, lostBytes, gaps, late, corrupt: this.#scan.corrupt, skippedBytes: this.#scan.skipped };
  }

  read(into: Uint8Array, _position: number, signal: AbortSignal): number | Promise<number> {
    const given = this.#give(into);
    return given > 0 || this.#finished ? given : this.#fill(into, signal);
  }

  async #fill(into: Uint8Array, signal: AbortSignal): Promise<number> {
    for (;;) {
      const room = this.#room();
      const answer = this.#base.read(room, this.#origin + this.#end, signal);
      this.#came(typeof answer === "number" ? answer : await answer, room);
      const given = this.#give(into);
      if (given > 0 || this.#finished) return given;
      if (signal.aborted) throw signal.reason;
    }
  }

  #readSync(into: Uint8Array): number {
    for (;;) {
      const given = this.#give(into);
      if (given > 0 || this.#finished) return given;
      const room = this.#room();
      this.#came(this.#base.readSync!(room, this.#origin + this.#end), room);
    }
  }

  /** Room behind what has come; what was looked at makes way for it. */
  #room(): Uint8Array {
    if (this.#begin > 0) {
      this.#buffer.copyWithin(0, this.#begin, this.#end);
      this.#origin += this.#begin;
      this.#end -= this.#begin;
      this.#begin = 0;
    }
    return this.#buffer.subarray(this.#end);
  }

  #came(bytes: number, room: Uint8Array): void {
    if (!(Number.isInteger(bytes) && bytes >= 0 && bytes <= room.length)) {
      throw new TypeError(`it answered ${bytes} to a read of ${room.length} bytes`);
    }
    this.#end += bytes;
    this.#ended = bytes === 0;
    const { events } = this.#base;
    for (let event = events?.take(); event !== undefined; event = events?.take()) {
      if (event.kind === "gap") this.#cuts.add(event);
      else this.#marks.add(event);
    }
  }

  #give(into: Uint8Array): number {
    let given = 0;
    while (given < into.length) {
      if (this.#payload === this.#payloadEnd) {
        if (this.#next()) continue;
        break;
      }
      const end = Math.min(this.#payloadEnd, this.#payload + into.length - given);
      into.set(this.#buffer.subarray(this.#payload, end), given);
      given += end - this.#payload;
      this.#payload = end;
    }
    return given;
  }

  /** Goes on to the next packet; false where it has not come yet, or where there is none. */
  #next(): boolean {
    for (;;) {
      const cut = this.#cutBefore(this.#origin + this.#end);
      const limit = cut === undefined ? this.#end : Math.max(this.#begin, cut.position - this.#origin);
      if (this.#scan.next(this.#buffer, this.#begin, limit, cut !== undefined || this.#ended)) {
        if (this.#take()) return true;
        continue;
      }
      this.#begin = this.#scan.at;
      if (cut !== undefined) {
        this.#cuts.take();
        this.#count.cut(cut);
        continue;
      }
      if (this.#ended && !this.#finished) {
        this.#finished = true;
        this.#count.finish(this.#scan.skipped, this.#scan.corrupt);
      }
      return false;
    }
  }

  /** Takes the packet that was found; false for one that is left out. */
  #take(): boolean {
    const scan = this.#scan;
    const count = this.#count;
    const position = count.position;
    this.#begin = scan.end;
    const bytes = scan.payloadEnd - scan.payload;
    if (!count.take(this.#buffer, scan.at, bytes, scan.skipped, scan.corrupt)) return false;
    this.#payload = scan.payload;
    this.#payloadEnd = scan.payloadEnd;
    // A mark belongs to the frame that it stands in; one outside the samples to the nearest of this packet.
    for (let mark = this.#marks.next; mark !== undefined; mark = this.#marks.next) {
      if (mark.position >= this.#origin + scan.end) break;
      const within = Math.min(mark.position - this.#origin - scan.payload, bytes - 1);
      count.mark(position + Math.max(0, within), mark.value);
      this.#marks.take();
    }
    return true;
  }

  /** The next gap of the source below, where all bytes before it have come. */
  #cutBefore(position: number) {
    const cut = this.#cuts.next;
    return cut !== undefined && cut.position <= position ? cut : undefined;
  }

  close(): void | Promise<void> {
    this.#payload = this.#payloadEnd;
    this.#begin = this.#end;
    this.#finished = true;
    return this.#base.close?.();
  }
}
