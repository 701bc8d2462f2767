// A file behind HTTP for a bench, and the ways in which others read windows of it: each is opened anew for every round, and
// has the same places asked of it.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { UrlSource } from "mediabunny";
import { makeFetchSource } from "../../node_modules/geotiff/dist-module/source/remote.js";

/** Starts the server over a file of so many bytes, whose 32-bit words count up from 0. */
export async function httpFile(bytes) {
  const child = fork(fileURLToPath(new URL("words_server.mjs", import.meta.url)), [String(bytes)]);
  let ended = () => {};
  child.once("exit", () => ended(new Error("The server of the bench has ended.")));
  const answer = () =>
    new Promise((resolve, reject) => {
      child.once("message", resolve);
      ended = reject;
    });
  const { port } = await answer();
  return {
    url: `http://127.0.0.1:${port}/words`,
    /** Requests and bytes since the last time. Bytes of answers that nobody reads on are on their way for a moment. */
    async counts() {
      await new Promise((resolve) => setTimeout(resolve, 20));
      child.send("counts");
      return answer();
    },
    close: () => child.disconnect(),
  };
}

/** geotiff.js's cache of blocks over fetch, at its defaults: 64 KiB a block, 100 of them. */
export function geotiffFile(url) {
  const source = makeFetchSource(url, { blockSize: 65_536 });
  return {
    async read(position, length) {
      const [bytes] = await source.fetch([{ offset: position, length }]);
      return new Uint32Array(bytes);
    },
    close() {},
  };
}

/** mediabunny's UrlSource: what its readers of formats call. */
export function mediabunnyFile(url) {
  const source = new UrlSource(url);
  return {
    async read(position, length) {
      const { bytes, offset } = await source._read(position, position + length, 0, Number.POSITIVE_INFINITY);
      const from = bytes.byteOffset + position - offset;
      return from % 4 === 0
        ? new Uint32Array(bytes.buffer, from, length / 4)
        : new Uint32Array(bytes.slice(position - offset, position - offset + length).buffer);
    },
    close: () => source._dispose(),
  };
}

/** One request of exactly the window's length each time, and no cache. */
export function bareFile(url) {
  return {
    async read(position, length) {
      const response = await fetch(url, { headers: { range: `bytes=${position}-${position + length - 1}` } });
      return new Uint32Array(await response.arrayBuffer());
    },
    close() {},
  };
}
