import { Arena } from "forebay";
import { blobSource } from "forebay/web";
import { tell } from "./tell.js";
import { samples, work } from "./work.js";

tell(async () => work(await Arena.create(), () => blobSource(new Blob([samples]))));
