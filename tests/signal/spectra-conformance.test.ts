/** What every operator's stage promises, held against those that cut rows. */
import { goertzel, stft, welch } from "../../src/signal.js";
import { stageConformance } from "../conformance/stage.js";

const rows = { channels: [1, 2], independent: false, settled: 200 };
stageConformance("stft", () => stft({ size: 64, hop: 20, window: "blackman" }), rows);
stageConformance("stft with gaps between rows", () => stft({ size: 32, hop: 45, output: "complex" }), rows);
stageConformance("stft in bytes", () => stft({ size: 16, hop: 16, element: "u8", range: [-90, 10] }), rows);
stageConformance("stft of one channel", () => stft({ size: 16, channel: 0, detrend: "linear" }), {
  ...rows,
  channels: [1, 3],
});
stageConformance("welch", () => welch({ size: 48, hop: 24, average: 3 }), rows);
stageConformance("goertzel", () => goertzel({ frequencies: [697, -1209, 0], size: 50, hop: 30 }), rows);
