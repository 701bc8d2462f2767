/**
 * Serial ports in Node, by the package `serialport`, which is installed beside this one.
 *
 * ```ts
 * import { packetSource } from "forebay/sensors";
 * import { openSerialPort } from "forebay/serialport";
 *
 * const port = await openSerialPort("/dev/ttyUSB0", { baudRate: 921_600 });
 * const samples = packetSource(port, { sync: [0xaa, 0x55], bytes: 134, payload: { offset: 4 }, sequence: { offset: 2, bits: 16 } });
 * ```
 *
 * @module
 */
export {
  type OpenSerialPortOptions,
  openSerialPort,
  type SerialPortReads,
  type SerialPortSource,
  type SerialPortSourceOptions,
  serialPortSource,
} from "./source/node-serialport.js";
