// A file of any size behind HTTP on loopback, in a process of its own: its 32-bit words count up from 0, so that nothing has
// to be stored and every place can be checked. It counts the requests and the bytes of bodies that the system took from it.
//
// Told `"counts"` by its parent, it answers with what came since the last time.
import { createServer } from "node:http";

const size = Number(process.argv[2]);
const chunkBytes = 65_536;
let requests = 0;
let bytes = 0;

/** Bytes `from` to `to`, at most a chunk of them, of the file. */
function slice(from, to) {
  const first = Math.floor(from / 4);
  const words = new Uint32Array(Math.ceil(to / 4) - first);
  for (let i = 0; i < words.length; i++) words[i] = first + i;
  return new Uint8Array(words.buffer, from - first * 4, to - from);
}

const server = createServer((request, response) => {
  requests++;
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "bytes=0-");
  const from = Number(match[1]);
  const to = Math.min(size, match[2] === "" ? size : Number(match[2]) + 1);
  const headers = { etag: '"words"', "content-type": "application/octet-stream" };
  if (from >= size) {
    response.writeHead(416, { ...headers, "content-range": `bytes */${size}` }).end();
    return;
  }
  response.writeHead(request.headers.range === undefined ? 200 : 206, {
    ...headers,
    "content-length": to - from,
    "content-range": `bytes ${from}-${to - 1}/${size}`,
  });
  let at = from;
  const write = () => {
    while (at < to) {
      const some = slice(at, Math.min(to, at + chunkBytes));
      at += some.length;
      const last = at === to;
      const taken = (error) => {
        if (!error) bytes += some.length;
      };
      if (last) response.end(some, () => taken());
      else if (!response.write(some, taken)) {
        response.once("drain", write);
        return;
      }
    }
  };
  write();
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("message", () => {
  process.send({ requests, bytes });
  requests = bytes = 0;
});
process.on("disconnect", () => process.exit());
