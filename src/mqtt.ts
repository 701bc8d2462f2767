/**
 * Topics of MQTT brokers, by the package `mqtt`, which is installed beside this one.
 *
 * ```ts
 * import { openMqtt } from "forebay/mqtt";
 *
 * const samples = await openMqtt("mqtt://broker.local", "hall/3/vibration", {
 *   packets: { bytes: 516, sequence: { offset: 0, bits: 32, late: 16 }, payload: { offset: 4 } },
 * });
 * ```
 *
 * @module
 */
export {
  type MqttListener,
  type MqttReads,
  type MqttSource,
  type MqttSourceOptions,
  mqttSource,
  type OpenMqttOptions,
  openMqtt,
} from "./source/mqtt.js";
