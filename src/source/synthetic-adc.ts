/**
 * A converter that is not there: samples of tones and noise in numbered packets, of which it drops, damages and surrounds with
 * garbage as many as it is told to. It knows the truth, so that whatever reads it can be checked to the frame.
 *
 * Copies: 1. Packets are made in one buffer of its own, since a read may end within one.
 */
import { Fault } from "../fault.js";
import { checkOf } from "./packet-checks.js";
import type { PacketFormat } from "./packet-format.js";
import { chance, sineOfTurns } from "./sine.js";
import type { Source } from "./source.js";

/** A tone of the signal. */
export interface AdcTone {
  /** Hz. */
  readonly frequency: number;
  /** Of full scale. */
  readonly amplitude: number;
  /** Turns at frame 0. Default 0. */
  readonly phase?: number;
}

/** What the converter converts, and how well that arrives. */
export interface SyntheticAdcOptions {
  /** Frames a second. */
  readonly rate: number;
  /** Default 1. Channel c has its tones c/8 turns further on, and noise of its own. */
  readonly channels?: number;
  /** Default one tone at a 64th of the rate, at half of full scale. */
  readonly tones?: readonly AdcTone[];
  /** Amplitude of noise, evenly spread, of full scale. Default 0.01. */
  readonly noise?: number;
  /** `"i16"` (full scale 32767) or `"f32"` (full scale 1). Default `"i16"`. */
  readonly element?: "i16" | "f32";
  /** Frames in all, a multiple of `packetFrames`. Default: no end. */
  readonly frames?: number;
  /** Frames in a packet. Default 64. */
  readonly packetFrames?: number;
  /** Bits of the packets' numbers, 1 to 32. Default 16. */
  readonly sequenceBits?: number;
  /** Every so many packets are dropped, or … */
  readonly dropEvery?: number;
  /** … each with this probability, 0 to 1. Default 0. */
  readonly loss?: number;
  /** The most packets that one loss takes, 1 or more. Default 1. */
  readonly burst?: number;
  /** Probability that a byte of a packet is wrong, so that it is lost. Default 0. */
  readonly corrupt?: number;
  /** Probability that some bytes of garbage stand before a packet. Default 0. */
  readonly garbage?: number;
  /** Whether packets end with a CRC-32. Default true; without it damage is not told from data. */
  readonly checksum?: boolean;
  /** Settles the noise and what is lost. Default 1. */
  readonly seed?: number;
  /** Whether packets come at their time by the clock instead of as fast as they are read. Default false. */
  readonly realtime?: boolean;
  /** In real time: milliseconds by which a packet may come late, at random. Default 0. */
  readonly jitter?: number;
  /** In real time: milliseconds that the device can hold what is not read; what is older is dropped. Default 1000. */
  readonly holds?: number;
}

/** The converter: a source of packets, and the truth about them. */
export interface SyntheticAdc extends Source {
  /** How its packets look, for `packetSource`. */
  readonly format: PacketFormat;
  readonly rate: number;
  readonly channels: number;
  readonly element: "i16" | "f32";
  /** Bytes of a frame. */
  readonly frameBytes: number;
  /** Frames converted up to now, whatever became of them. */
  readonly sent: number;
  /** Of these, the frames in packets that were dropped or damaged. */
  readonly dropped: number;
  /** The sample that was converted, at any frame: what must arrive in its place. */
  sample(frame: number, channel?: number): number;
}

const sync = [0xaa, 0x55];
/** Sync, two bytes of nothing, the number. */
const headBytes = 8;
/** What chances of one packet are drawn for. */
const draw = { drop: 0, burst: 1, corrupt: 2, place: 3, garbage: 4, amount: 5, late: 6, all: 8 } as const;

/**
 * A converter with these options. A finite one never drops its last packet, and no loss is so long that the packets' numbers
 * come round: delivered and lost frames add up to those sent. Throws `bad-argument` for what cannot be.
 */
export function syntheticAdc(options: SyntheticAdcOptions): SyntheticAdc {
  return new Adc(options);
}

class Adc implements SyntheticAdc {
  readonly name = "the synthetic ADC";
  readonly copies = 1;
  readonly immediate: boolean;
  readonly readSync?: (into: Uint8Array) => number;
  readonly format: PacketFormat;
  readonly rate: number;
  readonly channels: number;
  readonly element: "i16" | "f32";
  readonly frameBytes: number;
  sent = 0;
  dropped = 0;
  readonly #options: SyntheticAdcOptions;
  readonly #tones: readonly AdcTone[];
  readonly #noise: number;
  readonly #seed: number;
  readonly #packetFrames: number;
  readonly #packets: number;
  readonly #modulus: number;
  readonly #check = checkOf("crc32");
  /** Garbage and one packet: `#bytes[#at]` to `#bytes[#end - 1]` were not read yet. */
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #samples: Int16Array | Float32Array;
  #at = 0;
  #end = 0;
  /** The next packet, how many of the next ones are dropped, and how many in a row did not arrive. */
  #packet = 0;
  #dropping = 0;
  #missed = 0;
  /** Milliseconds of the clock at frame 0; undefined before the first read. */
  #began: number | undefined;
  #closed = false;

  constructor(options: SyntheticAdcOptions) {
    const { rate, channels = 1, packetFrames = 64, sequenceBits = 16, element = "i16", frames = Infinity } = options;
    check("rate", rate > 0 && Number.isFinite(rate), rate);
    check("channels", Number.isInteger(channels) && channels >= 1 && channels <= 65_535, channels);
    check("packetFrames", Number.isInteger(packetFrames) && packetFrames >= 1 && packetFrames <= 65_536, packetFrames);
    check("sequenceBits", Number.isInteger(sequenceBits) && sequenceBits >= 1 && sequenceBits <= 32, sequenceBits);
    check("element", element === "i16" || element === "f32", element);
    check(
      "frames (a multiple of packetFrames)",
      frames === Infinity || (frames >= 0 && frames % packetFrames === 0),
      frames,
    );
    check("dropEvery", (options.dropEvery ?? 2) >= 2, options.dropEvery);
    check("damage without a checksum: corrupt", options.checksum !== false || !options.corrupt, options.corrupt);
    this.#options = options;
    this.rate = rate;
    this.channels = channels;
    this.element = element;
    this.frameBytes = channels * (element === "i16" ? 2 : 4);
    this.#tones = options.tones ?? [{ frequency: rate / 64, amplitude: 0.5 }];
    this.#noise = options.noise ?? 0.01;
    this.#seed = options.seed ?? 1;
    this.#packetFrames = packetFrames;
    this.#packets = frames / packetFrames;
    this.#modulus = 2 ** sequenceBits;
    const payload = packetFrames * this.frameBytes;
    const checks = options.checksum ?? true;
    this.format = {
      sync,
      bytes: headBytes + payload + (checks ? 4 : 0),
      sequence: { offset: 4, bits: sequenceBits, first: 0 },
      payload: { offset: headBytes, bytes: payload },
      ...(checks ? { checksum: { kind: "crc32" } } : {}),
    };
    this.#bytes = new Uint8Array(mostGarbage + (this.format.bytes as number));
    const View = element === "i16" ? Int16Array : Float32Array;
    this.#samples = new View(this.#bytes.buffer, mostGarbage + headBytes, packetFrames * channels);
    this.immediate = !options.realtime;
    if (this.immediate) this.readSync = (into) => this.#give(into);
  }

  sample(frame: number, channel = 0): number {
    let value = 0;
    for (const { frequency, amplitude, phase = 0 } of this.#tones) {
      value += amplitude * sineOfTurns((frequency / this.rate) * frame + phase + channel / 8);
    }
    value += this.#noise * (2 * chance(this.#seed, frame * this.channels + channel) - 1);
    if (this.element === "f32") return Math.fround(value);
    // Zero has no sign among whole numbers.
    return Math.max(-32_768, Math.min(32_767, Math.round(value * 32_767))) + 0;
  }

  read(into: Uint8Array, _position: number, signal: AbortSignal): number | Promise<number> {
    return this.immediate ? this.#give(into) : this.#later(into, signal);
  }

  /** Gives whole packets while there is room, and the beginning of the one that has no more. */
  #give(into: Uint8Array, dueBefore = Infinity): number {
    let given = 0;
    while (given < into.length) {
      if (this.#at === this.#end && !(this.#packet < dueBefore && this.#make())) break;
      const some = this.#bytes.subarray(this.#at, Math.min(this.#end, this.#at + into.length - given));
      into.set(some, given);
      this.#at += some.length;
      given += some.length;
    }
    return given;
  }

  /** Makes packets up to one that is sent; false at the end. */
  #make(): boolean {
    while (!this.#closed && this.#packet < this.#packets) {
      const packet = this.#packet++;
      this.sent += this.#packetFrames;
      // A number that came round would hide what is lost.
      const must = packet === this.#packets - 1 || this.#missed + 1 === this.#modulus;
      if (!must && this.#drops(packet)) {
        this.#miss();
        continue;
      }
      this.#write(packet, !must && this.#chance(packet, draw.corrupt) < (this.#options.corrupt ?? 0));
      return true;
    }
    return false;
  }

  #chance(packet: number, which: number): number {
    return chance(this.#seed + 0x5bd1, packet * draw.all + which);
  }

  #drops(packet: number): boolean {
    const { dropEvery, loss = 0, burst = 1 } = this.#options;
    if (this.#dropping === 0) {
      if (dropEvery !== undefined ? (packet + 1) % dropEvery !== 0 : this.#chance(packet, draw.drop) >= loss)
        return false;
      this.#dropping = 1 + Math.floor(this.#chance(packet, draw.burst) * burst);
    }
    this.#dropping--;
    return true;
  }

  #miss(): void {
    this.dropped += this.#packetFrames;
    this.#missed++;
  }

  #write(packet: number, corrupt: boolean): void {
    const bytes = this.#bytes;
    const { channels, format } = this;
    const begin = mostGarbage;
    const end = begin + (format.bytes as number);
    let number = packet % this.#modulus;
    bytes.set(sync, begin);
    for (let i = 4; i < headBytes; i++, number = Math.floor(number / 256)) bytes[begin + i] = number;
    const first = packet * this.#packetFrames;
    for (let frame = 0, at = 0; frame < this.#packetFrames; frame++) {
      for (let channel = 0; channel < channels; channel++) this.#samples[at++] = this.sample(first + frame, channel);
    }
    if (format.checksum) {
      let sum = this.#check.of(bytes, begin, end - 4);
      for (let i = end - 4; i < end; i++, sum >>>= 8) bytes[i] = sum;
    }
    if (corrupt) {
      const place = begin + Math.floor(this.#chance(packet, draw.place) * (end - begin));
      bytes[place] = bytes[place]! ^ (1 + (packet % 255));
      this.#miss();
    } else {
      this.#missed = 0;
    }
    this.#at = begin - this.#garbage(packet);
    this.#end = end;
  }

  /** Bytes of garbage before a packet, which may begin as a packet does. */
  #garbage(packet: number): number {
    if (this.#chance(packet, draw.garbage) >= (this.#options.garbage ?? 0)) return 0;
    const count = 1 + Math.floor(this.#chance(packet, draw.amount) * mostGarbage);
    for (let i = 0; i < count; i++) {
      const byte = Math.floor(chance(this.#seed + 77, packet * mostGarbage + i) * 258);
      this.#bytes[mostGarbage - 1 - i] = byte < 256 ? byte : sync[byte - 256]!;
    }
    return count;
  }

  async #later(into: Uint8Array, signal: AbortSignal): Promise<number> {
    this.#began ??= Date.now();
    for (;;) {
      const due = this.#dueBefore();
      this.#overrun(due);
      const given = this.#give(into, due);
      if (given > 0 || this.#closed || this.#packet >= this.#packets) return given;
      await pause(this.#dueAt(this.#packet) - Date.now(), signal);
    }
  }

  /** When a packet comes: with its last frame, and as late as it is. */
  #dueAt(packet: number): number {
    const late = (this.#options.jitter ?? 0) * this.#chance(packet, draw.late);
    return this.#began! + ((packet + 1) * this.#packetFrames * 1000) / this.rate + late;
  }

  /** The first packet that has not come. Each comes behind the one before it, so a late one keeps the next ones back. */
  #dueBefore(): number {
    const now = Date.now();
    let packet = this.#packet;
    const last = Math.min(this.#packets, packet + mostAtOnce);
    while (packet < last && this.#dueAt(packet) <= now) packet++;
    return packet;
  }

  /** Drops what the device cannot hold any more. */
  #overrun(due: number): void {
    const held = Math.max(1, Math.floor(((this.#options.holds ?? 1000) * this.rate) / 1000 / this.#packetFrames));
    while (this.#packet < due - held && this.#missed + 1 < this.#modulus) {
      this.#packet++;
      this.sent += this.#packetFrames;
      this.#miss();
    }
  }

  close(): void {
    this.#closed = true;
    this.#at = this.#end;
  }
}

const mostGarbage = 64;
/** Packets looked at for whether they have come, at one read. */
const mostAtOnce = 65_536;

/** Waits; at least until the next turn, and no longer than the signal lets it. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      },
      Math.max(1, milliseconds),
    );
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

function check(name: string, fine: boolean, value: unknown): void {
  if (!fine) throw new Fault("bad-argument", `A synthetic ADC cannot have ${name} ${String(value)}.`);
}
