// The same for a runtime with a command line: prints its answer.
import { Arena, bytesSource } from "forebay";
import { blobSource } from "forebay/web";
import { samples, work } from "./work.js";

const portable = await work(await Arena.create(), () => bytesSource(samples));
const web = await work(await Arena.create(), () => blobSource(new Blob([samples])));
console.log(JSON.stringify({ portable, web }));
