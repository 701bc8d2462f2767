import { Arena, bytesSource } from "forebay";
import { tell } from "./tell.js";
import { samples, work } from "./work.js";

tell(async () => work(await Arena.create(), () => bytesSource(samples)));
