// A radio's stick on USB: an RTL-SDR sends pairs of unsigned bytes, I and Q, and no numbers. Here a device that is not there
// plays a capture of 0.1 s: a station 60 kHz above the middle; a browser's `USBDevice`, tuned and started, goes the same way.
import { Arena } from "forebay";
import { complexSamples, openSignal, shift } from "forebay/signal";
import { webUsbSource } from "forebay/web";

const rate = 2_048_000;
const station = 60_000;

/** The capture: what `rtl_sdr -s 2048000 -n 204800 capture.cu8` writes. */
const capture = Uint8Array.from({ length: 2 * 204_800 }, (_, at) => {
  const turns = (station / rate) * Math.floor(at / 2) - (at % 2) / 4;
  return Math.round(127.5 + 100 * Math.cos(2 * Math.PI * turns));
});

/** Answers transfers from the capture, then as though it was pulled out. */
let sent = 0;
const device = {
  opened: true,
  productName: "RTL2838UHIDIR",
  async transferIn(_endpoint, bytes) {
    if (sent >= capture.length) throw new Error("the capture is over");
    const data = capture.slice(sent, sent + bytes);
    sent += bytes;
    return { status: "ok", data: new DataView(data.buffer) };
  },
  async clearHalt() {},
  async close() {
    this.opened = false;
  },
};

const arena = await Arena.create();
const source = webUsbSource(device, { endpoint: 1, transferBytes: 16_384, frameBytes: 2 });
const radio = openSignal(arena, source, { element: "u8", channels: 2, rate });
// In the middle the station stands still: what is left of its turning would show as a sum near 0.
const tuned = radio.through(complexSamples("cu8", "full-scale")).through(shift({ hz: -station }));

let [re, im, frames] = [0, 0, 0];
try {
  for await (const { data, length } of tuned.windows({ size: 4096 })) {
    for (let i = 0; i < length; i++) {
      re += data[2 * i];
      im += data[2 * i + 1];
    }
    frames += length;
  }
} catch (fault) {
  console.log(fault.message);
}
console.log(
  `${frames} frames, ${radio.ledger.lost} lost; the station's level is ${Math.hypot(re / frames, im / frames).toFixed(3)}`,
);
await tuned.close();
// prints: RTL2838UHIDIR failed at byte 409600: the capture is over. What came before can still be read.
// prints: 204800 frames, 0 lost; the station's level is 0.784
