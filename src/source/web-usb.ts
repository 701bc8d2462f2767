/**
 * A bulk or interrupt endpoint of WebUSB as a source.
 *
 * Copies: 1, from the transfer's buffer into the ring. Most devices throw away what no transfer waits for: several are always
 * under way, from the first read on. What arrives is queued while nobody reads it; what is above `most` is dropped and is a gap
 * of exactly as many bytes. What the device itself threw away it says in its packets, if at all.
 */
import { Arrivals } from "../arrivals.js";
import type { Source, SourceEvents } from "./source.js";

/** What is used of a device: a browser's `USBDevice` has it, and so has that of the package `usb`. */
export interface WebUsbDevice {
  readonly opened: boolean;
  readonly productName?: string | undefined;
  transferIn(endpoint: number, bytes: number): Promise<WebUsbTransfer>;
  clearHalt(direction: "in" | "out", endpoint: number): Promise<void>;
  close(): Promise<void>;
}

/** What a transfer brought. */
export interface WebUsbTransfer {
  readonly data?: DataView | undefined;
  readonly status?: "ok" | "stall" | "babble" | undefined;
}

/** How an endpoint is read. */
export interface WebUsbSourceOptions {
  /** The endpoint's number, without its direction: 1 for what descriptors call 0x81. */
  readonly endpoint: number;
  /** Bytes of a transfer, a multiple of the endpoint's packet (512 with high speed). Default 64 KiB. */
  readonly transferBytes?: number;
  /** Transfers under way at once. Default 8. */
  readonly transfers?: number;
  /** Bytes that may wait unread. Default 16 MiB. */
  readonly most?: number;
  /** Bytes of a frame of samples that come without packets: only whole ones are dropped. Default 1. */
  readonly frameBytes?: number;
  /** What messages call it. Default: the device's name. */
  readonly name?: string;
  /** Whether closing the source leaves the device open. Default false. */
  readonly keepOpen?: boolean;
}

/** An endpoint as a source. */
export interface WebUsbSource extends Source {
  /** Dropped bytes; and gaps of 0 bytes where the endpoint stalled or sent more than was asked for (`"stall"`, `"babble"`). */
  readonly events: SourceEvents;
  /** Bytes that have arrived and were not read yet. */
  readonly queued: number;
  /** Bytes dropped up to now. */
  readonly dropped: number;
}

/**
 * A source over an endpoint of a device that is open, with its configuration selected, its interface claimed, and told to send:
 * how that is done each kind of device has by itself. The stream has no end; a device that is pulled out is a failure behind
 * all that came. Closing the source closes the device.
 *
 * ```ts
 * // An RTL-SDR that was tuned and started: pairs of unsigned bytes, I and Q.
 * const samples = webUsbSource(device, { endpoint: 1, transferBytes: 262_144, frameBytes: 2 });
 * ```
 */
export function webUsbSource(device: WebUsbDevice, options: WebUsbSourceOptions): WebUsbSource {
  return new EndpointSource(device, options);
}

class EndpointSource implements WebUsbSource {
  readonly name: string;
  readonly copies = 1;
  readonly #device: WebUsbDevice;
  readonly #options: WebUsbSourceOptions;
  readonly #arrivals: Arrivals;
  #begun = false;
  #closed = false;
  /** The transfers' results are looked at in the order in which they were asked for. */
  #last: Promise<void> = Promise.resolve();

  constructor(device: WebUsbDevice, options: WebUsbSourceOptions) {
    this.name = options.name ?? device.productName ?? "the USB device";
    this.#device = device;
    this.#options = options;
    this.#arrivals = new Arrivals(options.most ?? 16 * 2 ** 20, options.frameBytes);
  }

  get events(): SourceEvents {
    return this.#arrivals.events;
  }

  get queued(): number {
    return this.#arrivals.queued;
  }

  get dropped(): number {
    return this.#arrivals.dropped;
  }

  read(into: Uint8Array, _position: number, signal: AbortSignal): number | PromiseLike<number> {
    if (!this.#begun) {
      this.#begun = true;
      for (let i = 0; i < (this.#options.transfers ?? 8); i++) this.#ask();
    }
    return this.#arrivals.read(into, signal);
  }

  #ask(): void {
    const { endpoint, transferBytes = 65_536 } = this.#options;
    const transfer = this.#device.transferIn(endpoint, transferBytes);
    // Its failure is heard of in its turn.
    transfer.catch(() => undefined);
    this.#last = this.#last.then(() => this.#settle(transfer));
  }

  async #settle(transfer: Promise<WebUsbTransfer>): Promise<void> {
    try {
      const { data, status } = await transfer;
      if (this.#closed) return;
      if (data) this.#arrivals.arrive(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      if (status === "stall" || status === "babble") {
        this.#arrivals.gap(0, status);
        if (status === "stall") await this.#device.clearHalt("in", this.#options.endpoint);
      }
      if (!this.#closed) this.#ask();
    } catch (error) {
      this.#arrivals.end(error);
      this.#closed = true;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#arrivals.close();
    if (this.#options.keepOpen || !this.#device.opened) return;
    await this.#device.close();
    await this.#last;
  }
}
