/**
 * A serial port of the package `serialport` as a source.
 *
 * Copies: 1, from the port's chunk into the ring. A device does not wait: the port is read all the time, and what nobody has
 * asked for yet is queued. What comes above `most` is dropped and is a gap of exactly as many bytes. What the system itself
 * loses, because nothing read the port in time, it does not tell: only numbers in the device's packets do (`packetSource`).
 */
import { Arrivals } from "../arrivals.js";
import { Unsupported } from "../fault.js";
import { watchDevice } from "./node-device.js";
import type { Source, SourceEvents } from "./source.js";

/** What is used of a port: a `SerialPort` of the package has it. */
export interface SerialPortReads {
  readonly path?: string;
  readonly isOpen: boolean;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "close" | "error", listener: (error?: Error | null) => void): unknown;
  removeListener(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  removeListener(event: "close" | "error", listener: (error?: Error | null) => void): unknown;
  close(done: (error: Error | null) => void): void;
}

/** How a port is read. */
export interface SerialPortSourceOptions {
  /** What messages call it. Default: its path. */
  readonly name?: string;
  /** Bytes that may wait unread. Default 4 MiB. */
  readonly most?: number;
  /** Bytes of a frame of samples that come without packets: only whole ones are dropped. Default 1. */
  readonly frameBytes?: number;
}

/** How a port is opened. The other options are those of the package. */
export interface OpenSerialPortOptions extends SerialPortSourceOptions {
  readonly baudRate: number;
  readonly dataBits?: 5 | 6 | 7 | 8;
  readonly stopBits?: 1 | 1.5 | 2;
  readonly parity?: "none" | "even" | "odd" | "mark" | "space";
  readonly rtscts?: boolean;
}

/** A port as a source. */
export interface SerialPortSource extends Source {
  /** Where bytes were dropped because they were not read in time. */
  readonly events: SourceEvents;
  /** Bytes that have arrived and were not read yet. */
  readonly queued: number;
  /** Bytes dropped up to now. */
  readonly dropped: number;
}

/**
 * Opens a port and reads it. Throws `unsupported` without the package, and the package's error where it does not open. That the
 * device was pulled out is noticed within half a second.
 */
export async function openSerialPort(path: string, options: OpenSerialPortOptions): Promise<SerialPortSource> {
  const { name, most, frameBytes, ...settings } = options;
  let SerialPort: typeof import("serialport").SerialPort;
  try {
    ({ SerialPort } = await import("serialport"));
  } catch (error) {
    throw new Unsupported(`Cannot open ${path}: install the package serialport (npm install serialport).`, {}, error);
  }
  const port = new SerialPort({ ...settings, path, autoOpen: false });
  const source = serialPortSource(port, options);
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  let came = false;
  port.on("data", () => {
    came = true;
  });
  const unwatch = await watchDevice(path, () => {
    // What it sent before is read first: it is let go only when nothing came since the look before.
    if (!came && port.isOpen) port.close(() => undefined, new Error(`${path} is gone: was the device pulled out?`));
    came = false;
  });
  if (port.isOpen) port.once("close", unwatch);
  else unwatch();
  return source;
}

/**
 * A source over a port, open or about to be, which is closed with the source. Make it in the turn that makes the port. The
 * stream ends when the port is closed; a device that is pulled out is a failure behind all that it sent.
 */
export function serialPortSource(port: SerialPortReads, options: SerialPortSourceOptions = {}): SerialPortSource {
  const arrivals = new Arrivals(options.most ?? 4 * 2 ** 20, options.frameBytes);
  const onData = (chunk: Uint8Array) => arrivals.arrive(chunk);
  const onClose = (error?: Error | null) => arrivals.end(error ?? undefined);
  const onError = (error?: Error | null) => arrivals.end(error ?? new Error("the port failed"));
  port.on("data", onData);
  port.on("close", onClose);
  port.on("error", onError);
  return {
    name: options.name ?? port.path ?? "the serial port",
    copies: 1,
    events: arrivals.events,
    get queued() {
      return arrivals.queued;
    },
    get dropped() {
      return arrivals.dropped;
    },
    read: (into, _position, signal) => arrivals.read(into, signal),
    async close() {
      arrivals.close();
      port.removeListener("data", onData);
      port.removeListener("close", onClose);
      if (port.isOpen) {
        await new Promise<void>((resolve, reject) => port.close((error) => (error ? reject(error) : resolve())));
      }
      port.removeListener("error", onError);
    },
  };
}
