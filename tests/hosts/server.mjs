// The loopback server beside the hosts: pages and bundles for browsers, the project's files that tests read, and peers.
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { root } from "./bundle.mjs";

const TYPES = {
  ".mjs": "text/javascript",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/** What makes a page cross-origin isolated, so that it has shared memory. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
};

/** The files that tests read through tests/support/host.ts, in base64, by their paths. */
function projectFiles() {
  const assembly = readdirSync(join(root, "assembly"), { recursive: true, encoding: "utf8" });
  const paths = [
    ...readdirSync(join(root, "build"))
      .filter((name) => name.endsWith(".wasm"))
      .map((name) => `build/${name}`),
    ...assembly.filter((name) => name.endsWith(".ts")).map((name) => `assembly/${name}`),
    "src/wasm/exports.ts",
    "src/wasm/shared.ts",
    "examples/seek.mjs",
    "examples/windows.mjs",
  ];
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path)).toString("base64")]));
}

/**
 * Starts the server. `routes`: what answers a path of its own, by the path's first part; the folders of bundles lie below
 * `bundles`. Answers with the address and a way to end it.
 */
export async function startServer(bundles, routes = {}) {
  const files = JSON.stringify(projectFiles());
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    const route = routes[pathname.split("/")[1]];
    if (route) return void route(request, response);
    if (pathname === "/files") {
      response.writeHead(200, { "content-type": "application/json", ...ISOLATED });
      return void response.end(files);
    }
    if (pathname.startsWith("/bundle/")) return void serveFile(response, join(bundles, normalize(pathname.slice(7))));
    response.writeHead(404, ISOLATED);
    response.end();
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function serveFile(response, path) {
  if (!existsSync(path) || !statSync(path).isFile()) {
    response.writeHead(404, ISOLATED);
    return void response.end();
  }
  response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", ...ISOLATED });
  createReadStream(path).pipe(response);
}

/** Answers with a page, isolated or not. */
export function sendPage(response, html, isolated = true) {
  const headers = isolated ? ISOLATED : {};
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...headers });
  response.end(html);
}

/** Answers with JSON. */
export function sendJson(response, value) {
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store", ...ISOLATED });
  response.end(JSON.stringify(value));
}

/** The body of a request, as text. */
export async function bodyOf(request) {
  let text = "";
  request.setEncoding("utf8");
  for await (const part of request) text += part;
  return text;
}
