/** The suite of stages, run over the operators that these tests are made with. */
import { stageConformance } from "../conformance/stage.js";
import { everyNth, finds, later, repeat, same, sums } from "./plain.js";

stageConformance("same", same);
stageConformance("every 5th", () => everyNth(5));
stageConformance("3 times", () => repeat(3), { element: "f64" });
stageConformance("4 later", () => later(4, true), { element: "i16" });
stageConformance("sums of 5 every 3", () => sums(5, 3, true), { settled: 5 });
stageConformance("sums of 2 every 7", () => sums(2, 7), { settled: 7 });
stageConformance("finds", () => finds(3), { element: "u8" });
