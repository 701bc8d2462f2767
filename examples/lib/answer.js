/**
 * Answers requests for a page's files. It puts paths in the place of packages' names, which otherwise a bundler does; in
 * workers there are no import maps.
 */
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
/** What gives a page shared memory. */
const isolation = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
/** The page asks nobody else for anything. Worklets' processors come as blobs, and uPlot places its boxes by styles. */
const policy = [
  "default-src 'self'",
  "script-src 'self' blob: 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
].join("; ");
/** What lies elsewhere than in the page's folder. */
const folders = { build: "build", loader: "node_modules/@assemblyscript/loader", uplot: "node_modules/uplot/dist" };

/** Packages' names in a module's imports, as paths. */
const paths = {
  "@assemblyscript/loader": "/loader/index.js",
  uplot: "/uplot/uPlot.esm.js",
  forebay: "/build/index.js",
};
const withPaths = (text) =>
  text
    .replace(
      /\b(from|import) "(@assemblyscript\/loader|uplot|forebay)"/g,
      (_, word, name) => `${word} "${paths[name]}"`,
    )
    .replace(/"forebay\/([a-z-]+)"/g, '"/build/$1.js"');

/** What answers with the files of a page in `folder`, a path from the project's root. */
export function answersFrom(folder) {
  const placeOf = (pathname) => {
    const [, first, ...rest] = normalize(decodeURIComponent(pathname)).split("/");
    if (folders[first]) return join(root, folders[first], ...rest);
    return join(root, folder, first || "index.html", ...rest);
  };
  return async function answer(pathname, response, isolated = true) {
    try {
      const place = placeOf(pathname);
      let content = await readFile(place);
      if (place.endsWith(".js")) content = withPaths(content.toString());
      response.writeHead(200, {
        "content-type": types[extname(place)] ?? "application/octet-stream",
        "content-security-policy": policy,
        ...(isolated ? isolation : {}),
      });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  };
}
