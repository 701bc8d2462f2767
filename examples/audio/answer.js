/**
 * Answers requests for the page's files. It puts paths in the place of packages' names, which otherwise a bundler does; in
 * workers there are no import maps.
 */
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
/** What gives a page shared memory. */
const isolation = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
/** What lies elsewhere than beside this file. */
const folders = { build: "build", loader: "node_modules/@assemblyscript/loader" };

function placeOf(pathname) {
  const [, first, ...rest] = normalize(pathname).split("/");
  if (folders[first]) return join(root, folders[first], ...rest);
  return join(root, "examples/audio", first || "index.html", ...rest);
}

/** Answers with the file at a path. */
export async function answer(pathname, response, isolated = true) {
  const place = placeOf(pathname);
  try {
    let content = await readFile(place);
    if (place.endsWith(".js")) {
      content = content
        .toString()
        .replaceAll('"@assemblyscript/loader"', '"/loader/index.js"')
        .replace(/"forebay\/([a-z]+)"/g, '"/build/$1.js"');
    }
    const type = types[extname(place)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, ...(isolated ? isolation : {}) });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
}
