// In front of this, each bundler's way of starting the worker that reads is put: `thread`.
import { SharedArena } from "forebay/threads";
import { blobSource } from "forebay/web";
import { tell } from "./tell.js";
import { samples, work } from "./work.js";

tell(async () => work(await SharedArena.create(), () => blobSource(new Blob([samples])), { thread }));
