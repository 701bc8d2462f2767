// A server of one large resource on loopback that answers ranges and counts what it was asked for: requests, and bytes of
// bodies that went out to the client's socket, whether the client looked at them or not.
import { createServer } from "node:http";

const chunkBytes = 65_536;

/**
 * @param {{ size: number, fill: (into: Uint8Array, position: number) => void }} resource
 * @returns {Promise<{ url: string, counts: { requests: number, bytes: number }, close: () => Promise<void> }>}
 */
export async function rangeServer({ size, fill }) {
  const counts = { requests: 0, bytes: 0 };
  const server = createServer((request, response) => {
    counts.requests++;
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const from = range ? Number(range[1]) : 0;
    const to = Math.min(size, range?.[2] ? Number(range[2]) + 1 : size);
    if (from >= size) {
      response.writeHead(416, { "content-range": `bytes */${size}` }).end();
      return;
    }
    response.writeHead(range ? 206 : 200, {
      "accept-ranges": "bytes",
      "content-length": to - from,
      "content-type": "application/octet-stream",
      etag: '"one"',
      ...(range ? { "content-range": `bytes ${from}-${to - 1}/${size}` } : {}),
    });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    let at = from;
    const send = () => {
      while (at < to && !response.destroyed) {
        const chunk = new Uint8Array(Math.min(chunkBytes, to - at));
        fill(chunk, at);
        at += chunk.length;
        counts.bytes += chunk.length;
        if (!response.write(chunk)) {
          response.once("drain", send);
          return;
        }
      }
      response.end();
    };
    send();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/large.bin`,
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
