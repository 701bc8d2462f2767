// Bundles the suites for the hosts: the very files that Vitest runs, with what Vitest and Node do for them put inside.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { filesOf, suites } from "./suites.mjs";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What other modules, of the same name in inside/, stand in for; the server only where a host cannot be one. */
const STOOD_IN = { host: "tests/support/host.ts", http_server: "tests/hostile/http_server.ts" };

/** All test files, by their paths from the project's root. */
export function testFiles() {
  return readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts") && !path.includes("node_modules"))
    .map((path) => `tests/${path}`)
    .sort();
}

/** The module that tells the suites of one kind of host, the share of their runs and how long they last, as source text. */
function table(kind, share, seconds) {
  const all = testFiles();
  const entry = (path) => `${JSON.stringify(path)}: () => import(${JSON.stringify(join(root, path))})`;
  const list = (suite) => `${JSON.stringify(suite.name)}: { ${filesOf(suite, kind, all).map(entry).join(", ")} }`;
  return `const suites = { ${suites.map(list).join(", ")} };
export const files = (suite) => suites[suite];
export const share = ${share};
export const seconds = ${seconds};\n`;
}

/** Writes the bundle for one kind of host below a folder, and answers with the path of its entry. */
export async function bundle(kind, folder, share, seconds) {
  const browser = kind === "page" || kind === "worker";
  const build = await rolldown({
    input: browser
      ? {
          main: here("inside/page.ts"),
          listener: join(root, "tests/audio/listener.ts"),
          pump: join(root, "src/web-worker.ts"),
        }
      : { main: here("inside/program.ts") },
    platform: browser ? "browser" : "node",
    // Packages that are imported when they are first used, which no test on these hosts does.
    external: ["mqtt", "serialport"],
    cwd: root,
    logLevel: "warn",
    // The package says that its modules have no effects of their own, which test files do have.
    treeshake: false,
    transform: { target: "es2022" },
    resolve: { alias: { vitest: here("inside/vitest.ts"), forebay: join(root, "build/index.js") } },
    plugins: [
      {
        name: "forebay-suites",
        resolveId: (id) => (id === "forebay-suites" ? id : undefined),
        load: (id) => (id === "forebay-suites" ? table(kind, share, seconds) : undefined),
      },
      {
        name: "forebay-host",
        async resolveId(id, importer) {
          if (id === "fast-check" && importer !== here("inside/fast-check.ts")) return here("inside/fast-check.ts");
          const name = /\/(host|http_server)\.js$/.exec(id)?.[1];
          if (name === undefined || (name === "http_server" && !browser)) return undefined;
          const resolved = await this.resolve(id, importer, { skipSelf: true });
          return resolved?.id === join(root, STOOD_IN[name]) ? here(`inside/${name}.ts`) : undefined;
        },
      },
    ],
  });
  await build.write({
    dir: join(folder, kind),
    format: "esm",
    sourcemap: false,
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name]-[hash].mjs",
  });
  await build.close();
  // A worker's entry apart from the modules: WebKit runs a module twice that is a worker's entry and imported there too.
  if (browser) writeFileSync(join(folder, kind, "worker.mjs"), 'import "./main.mjs";\n');
  return join(folder, kind, "main.mjs");
}

/** Loads what runs the peers of the tests, which is TypeScript, in this very process. */
export async function loadPeers(folder) {
  const build = await rolldown({
    input: here("inside/peers.ts"),
    platform: "node",
    logLevel: "warn",
    treeshake: false,
  });
  const file = join(folder, "peers.mjs");
  await build.write({ file, format: "esm" });
  await build.close();
  return import(pathToFileURL(file).href);
}
