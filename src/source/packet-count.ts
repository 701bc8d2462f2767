/** Counts packets by their numbers: what is missing becomes a gap of so many bytes of samples. */
import { Happened } from "../happened.js";
import { type PacketLayout, readField, readNumber, widthOf } from "./packet-format.js";
import type { SourceEvent } from "./source.js";

/** What became of a device's packets. */
export interface PacketCounts {
  /** Packets whose samples were handed out. */
  readonly packets: number;
  /** Bytes of samples that never came, as far as the packets tell. */
  readonly lostBytes: number;
  /** Places at which something is missing. */
  readonly gaps: number;
  /** Packets with a wrong checksum; a head that stands within samples by chance counts as well. */
  readonly corrupt: number;
  /** Bytes that belonged to no packet. */
  readonly skippedBytes: number;
  /** Packets that came again or too late, and were left out. */
  readonly late: number;
}

/** What broke the stream of bytes below. */
export interface Cut {
  readonly lost: number;
  readonly cause: string;
  readonly time?: number | undefined;
}

/** The numbers of one stream of packets. Positions and losses in bytes of samples. */
export class PacketCount {
  readonly events = new Happened<SourceEvent>();
  /** Bytes of samples handed out. */
  position = 0;
  packets = 0;
  lostBytes = 0;
  gaps = 0;
  late = 0;
  readonly #layout: PacketLayout;
  /** The number that the next packet must have; −1 for any. */
  #expected: number;
  /** What broke the stream since the last packet, and bytes lost of packets thereby. */
  #cut: Cut | undefined;
  #cutBytes = 0;
  /** The scan's counts at the last packet. */
  #skipped = 0;
  #corrupt = 0;

  constructor(layout: PacketLayout) {
    this.#layout = layout;
    this.#expected = layout.sequence?.first ?? -1;
  }

  /** The stream of bytes was broken before the next packet. */
  cut(cut: Cut): void {
    if (this.#cut === undefined || cut.cause !== "") this.#cut = cut;
    this.#cutBytes += cut.lost;
  }

  /** Takes the packet at `at` with `bytes` bytes of samples. False for one that came before and is left out. */
  take(data: Uint8Array, at: number, bytes: number, skipped: number, corrupt: number): boolean {
    const { sequence, overrun } = this.#layout;
    const overran = overrun !== undefined && (data[at + overrun.offset]! & overrun.mask) !== 0;
    if (sequence !== undefined) {
      const number = readField(data, at, sequence);
      const missing = this.#expected < 0 ? 0 : (number - this.#expected + sequence.modulus) % sequence.modulus;
      if (missing > 0 && missing >= sequence.modulus - (sequence.late ?? 0)) {
        this.late++;
        return false;
      }
      this.#expected = (number + Math.ceil(bytes / sequence.step)) % sequence.modulus;
      if (missing > 0) this.#gap(missing * sequence.step, this.#cause(skipped, corrupt, "sequence"), this.#cut?.time);
      else if (overran) this.#gap(0, "overrun", undefined);
    } else {
      this.#uncounted(skipped, corrupt, overran);
    }
    this.#settle(skipped, corrupt);
    this.#stamp(data, at);
    this.position += bytes;
    this.packets++;
    return true;
  }

  /** The stream has ended: what is left over was packets that did not come whole. */
  finish(skipped: number, corrupt: number): void {
    if (this.#layout.sequence === undefined || this.#packetsIn(skipped - this.#skipped) > 0) {
      this.#uncounted(skipped, corrupt, false);
    }
    this.#settle(skipped, corrupt);
  }

  mark(position: number, value: unknown): void {
    this.events.add({ kind: "mark", position, value });
  }

  /** Where nothing is numbered, what was passed over is counted in packets: half of one or more is one. */
  #uncounted(skipped: number, corrupt: number, overran: boolean): void {
    const passed = skipped - this.#skipped;
    const lost = this.#packetsIn(passed + this.#cutBytes) * (this.#layout.payloadBytes ?? 0);
    const broken = passed > 0 || overran || (this.#cut !== undefined && this.#cut.cause !== "");
    // Garbage before the first packet is the middle of one that was under way.
    if (!broken || (this.packets === 0 && this.#cut === undefined && !overran)) return;
    this.#gap(lost, overran ? "overrun" : this.#cause(skipped, corrupt, "garbage"), this.#cut?.time);
  }

  #packetsIn(bytes: number): number {
    const { fixed } = this.#layout;
    return fixed === 0 ? 0 : Math.round(bytes / fixed);
  }

  #cause(skipped: number, corrupt: number, otherwise: string): string {
    if (this.#cut !== undefined && this.#cut.cause !== "") return this.#cut.cause;
    if (corrupt > this.#corrupt) return "checksum";
    return skipped > this.#skipped ? "garbage" : otherwise;
  }

  #gap(lost: number, cause: string, time: number | undefined): void {
    const { position } = this;
    this.events.add({ kind: "gap", position, lost, cause, ...(time === undefined ? {} : { time }) });
    this.lostBytes += lost;
    this.gaps++;
  }

  #settle(skipped: number, corrupt: number): void {
    this.#skipped = skipped;
    this.#corrupt = corrupt;
    this.#cut = undefined;
    this.#cutBytes = 0;
  }

  #stamp(data: Uint8Array, at: number): void {
    const { timestamp } = this.#layout;
    if (timestamp === undefined || this.packets % (timestamp.every ?? 1) !== 0) return;
    const steps = readNumber(data, at + timestamp.offset, widthOf(timestamp), timestamp.endian);
    this.mark(this.position, { deviceTime: steps * (timestamp.unit ?? 1) });
  }
}
