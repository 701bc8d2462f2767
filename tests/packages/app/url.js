// In front of this, each bundler's way of getting an asset's address is put: `address`.
import { Arena, bytesSource } from "forebay";
import { tell } from "./tell.js";
import { samples, work } from "./work.js";

tell(async () => work(await Arena.create({ module: await fetch(address) }), () => bytesSource(samples)));
