/** The module that `audioWorklet.addModule` loads: it registers both processors. It is bundled into one file. */
import { registerProcessors } from "./processors.js";

registerProcessors();
