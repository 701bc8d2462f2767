// A source of your own: a store that answers a query page by page, as databases and web services do, read as one stream of
// samples. The whole source is one method.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { Arena } from "forebay";

/**
 * `query(cursor, signal)` answers with a page: its bytes, and the cursor of the next one, or none after the last. The first
 * cursor is undefined. A byte is copied once, from its page.
 */
export function pagedSource(query) {
  let page = new Uint8Array(0);
  let cursor;
  let ended = false;
  return {
    name: "the paged store", // what messages call it
    copies: 1,
    async read(into, _position, signal) {
      while (page.length === 0) {
        if (ended) return 0; // the end; it may be asked for again
        const answer = await query(cursor, signal); // aborted as soon as nobody wants the answer
        page = answer.bytes;
        cursor = answer.next;
        ended = cursor === undefined;
      }
      const some = page.subarray(0, into.length); // as many as fit: the library asks again for the rest
      into.set(some);
      page = page.subarray(some.length);
      return some.length;
    },
  };
}

/** A store on loopback: 1,000 samples of a slow wave, in pages of up to 77 bytes, so that pages end within samples. */
async function serveSamples() {
  const samples = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i / 300));
  const bytes = new Uint8Array(samples.buffer);
  const server = createServer((request, response) => {
    const from = Number(new URL(request.url, "http://store").searchParams.get("from"));
    const to = Math.min(from + 77, bytes.length);
    response.writeHead(200, to < bytes.length ? { "next-page": to } : {});
    response.end(bytes.subarray(from, to));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${server.address().port}/samples` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { server, url } = await serveSamples();
  const source = pagedSource(async (cursor = "0", signal) => {
    const response = await fetch(`${url}?from=${cursor}`, { signal });
    if (!response.ok) throw new Error(`the store answered ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { bytes, next: response.headers.get("next-page") ?? undefined };
  });

  const arena = await Arena.create();
  const flow = arena.open(source, { element: "f32" });
  for await (const { start, data } of flow.windows({ size: 400, hop: 200 })) {
    console.log(`samples from ${start}: ${Math.min(...data).toFixed(3)} to ${Math.max(...data).toFixed(3)}`);
  }
  await flow.close();
  server.close();
  server.closeAllConnections();
}
// prints: samples from 0: 0.000 to 0.971
// prints: samples from 200: 0.618 to 1.000
// prints: samples from 400: 0.460 to 1.000
// prints: samples from 600: -0.187 to 0.909
