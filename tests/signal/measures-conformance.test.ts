/** The suite of stages, run over those that convert, shift, follow, measure and trigger. */
import { complexSamples, convert, envelope, levels, removeDc, resync, shift, trigger } from "../../src/signal.js";
import { stageConformance } from "../conformance/stage.js";

stageConformance("convert from s16", () => convert({ from: "s16", profile: "full-scale" }), { element: "i16" });
stageConformance("convert from s24", () => convert({ from: "s24", profile: "power-of-two" }), {
  element: "u8",
  channels: [3, 6],
  independent: false,
});
stageConformance("convert to s24", () => convert({ from: "f32", to: "s24", profile: "none" }), { independent: false });
stageConformance("complexSamples", () => complexSamples("cu8", "full-scale"), {
  element: "u8",
  channels: [2],
  independent: false,
});
stageConformance("shift", () => shift({ hz: 1234.5 }), { channels: [2], independent: false });
stageConformance("removeDc", () => removeDc({ frames: 20 }));
stageConformance("envelope", () => envelope({ attack: 1, release: 30 }));
stageConformance("complex envelope", () => envelope({ complex: true }), { channels: [2], independent: false });
stageConformance("levels", () => levels({ hop: 9 }), { independent: false });
stageConformance("trigger", () => trigger({ level: 0.25, hysteresis: 0.1 }));
stageConformance("resync to more", () => resync({ from: 2, to: 3 }), { settled: 3 });
stageConformance("resync to fewer", () => resync({ from: 7, to: 5 }), { settled: 7 });
