// Sends the pattern, so many bytes of it, from a process of its own: to standard output ("pipe"), or to whoever connects to
// the servers that it starts ("serve": TCP, unix, HTTP with ranges), whose addresses it prints as one line of JSON.
import { writeSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { block, blockBytes } from "./pattern.mjs";

const [what, amount, path] = process.argv.slice(2);
const bytes = Number(amount);

/** A piece of the pattern, at most up to the end of its block. */
const piece = (at, end) => block.subarray(at % blockBytes, Math.min(blockBytes, (at % blockBytes) + end - at));

function send(stream, begin = 0, end = bytes) {
  let at = begin;
  const go = () => {
    while (at < end) {
      const part = piece(at, end);
      at += part.length;
      if (!stream.write(part)) return stream.once("drain", go);
    }
    stream.end();
  };
  stream.on("error", () => {});
  go();
}

/** Takes what comes, and answers with how many bytes it was. */
function count(socket) {
  let got = 0;
  socket.on("data", (part) => (got += part.length));
  socket.on("end", () => socket.end(String(got)));
  socket.on("error", () => {});
}

const listening = (server, where) => new Promise((resolve) => server.listen(where, () => resolve(server.address())));

if (what === "pipe") {
  for (let at = 0; at < bytes; ) {
    const part = piece(at, bytes);
    for (let done = 0; done < part.length; ) done += writeSync(1, part, done);
    at += part.length;
  }
} else {
  const local = { port: 0, host: "127.0.0.1" };
  const http = createHttpServer((request, response) => {
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const begin = range ? Number(range[1]) : 0;
    const end = range?.[2] ? Math.min(Number(range[2]) + 1, bytes) : bytes;
    response.writeHead(range ? 206 : 200, {
      "content-length": end - begin,
      "accept-ranges": "bytes",
      etag: '"pattern"',
      ...(range ? { "content-range": `bytes ${begin}-${end - 1}/${bytes}` } : {}),
    });
    send(response, begin, end);
  });
  const both = { allowHalfOpen: true };
  const tcp = await listening(
    createServer(both, (socket) => send(socket)),
    local,
  );
  await listening(
    createServer(both, (socket) => send(socket)),
    { path },
  );
  const sink = await listening(createServer(both, count), local);
  const web = await listening(http, local);
  console.log(JSON.stringify({ tcp: tcp.port, sink: sink.port, http: web.port, unix: path }));
  process.stdin.resume().on("end", () => process.exit());
}
