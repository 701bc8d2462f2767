// A loopback server over a folder, with the headers that are asked for.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  // Not application/wasm: a server that does not know it must do as well.
  ".wasm": "application/octet-stream",
};

/** Serves `folder`. `headersOf` says what a path is sent with. */
export async function serve(folder, headersOf = () => ({})) {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
    try {
      const body = await readFile(join(folder, normalize(pathname)));
      const type = types[extname(pathname)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, ...headersOf(pathname, searchParams) });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
