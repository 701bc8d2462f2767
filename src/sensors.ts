/**
 * Sensors, on every host: devices' packets as samples whose every loss is counted, and a converter that drops on purpose.
 * Sources for real devices are in the entries of their platforms: Web Serial and WebUSB in `forebay/web`, Node's serial ports
 * in `forebay/serialport`, topics of MQTT in `forebay/mqtt`, the microphone in `forebay/audio`.
 *
 * ```ts
 * import { packetSource, syntheticAdc } from "forebay/sensors";
 * import { Arena } from "forebay";
 * import { openSignal } from "forebay/signal";
 *
 * const adc = syntheticAdc({ rate: 48_000, frames: 480_000, loss: 0.01 });
 * const arena = await Arena.create();
 * const signal = openSignal(arena, packetSource(adc, adc.format), { element: "i16", rate: adc.rate });
 * await signal.each({ size: 1024 }, (window) => look(window.data));
 * const { delivered, lost } = signal.ledger; // they add up to adc.sent
 * ```
 *
 * @module
 */
export { type ChecksumName, checksumNames } from "./source/packet-checks.js";
export type { PacketCounts } from "./source/packet-count.js";
export type {
  Endian,
  PacketField,
  PacketFormat,
  PacketLength,
  PacketSequence,
  PacketTimestamp,
} from "./source/packet-format.js";
export { type PacketSource, type PacketSourceOptions, packetSource } from "./source/packets.js";
export { type AdcTone, type SyntheticAdc, type SyntheticAdcOptions, syntheticAdc } from "./source/synthetic-adc.js";
