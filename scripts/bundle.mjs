// Bundles the command: forty modules loaded one by one cost every start some 30 ms more than a few files do, and CommonJS is
// loaded faster than ECMAScript modules. The library itself is never bundled. What other packages are in the bundle is
// licensed as build/bin/LICENSES.txt says.
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";

const bundle = await rolldown({
  input: {
    forebay: "build/cli/main.js",
    "scan-worker": "build/cli/scan/worker.js",
    "machine-worker": "build/cli/scope/machine-worker.js",
  },
  // Peers that people have who need them.
  external: ["serialport", "mqtt"],
  platform: "node",
  logLevel: "warn",
});
const { output } = await bundle.write({
  dir: "build/bin",
  format: "cjs",
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name].cjs",
});
await bundle.close();
chmodSync("build/bin/forebay.cjs", 0o755);

// The page that `forebay scope --html` fills in: its style and its script stand in it, since it is to open from a file.
const page = await rolldown({ input: "build/cli/page/main.js", platform: "browser", logLevel: "warn" });
const { output: script } = await page.generate({ format: "iife", minify: true });
await page.close();
const style = ["node_modules/uplot/dist/uPlot.min.css", "src/cli/page/page.css"].map((path) =>
  readFileSync(path, "utf8"),
);
const parts = { "/*style*/": style.join("\n"), "/*script*/": script[0].code.replaceAll("</script", "<\\/script") };
writeFileSync(
  "build/bin/scope.html",
  readFileSync("src/cli/page/page.html", "utf8").replace(/\/\*(style|script)\*\//g, (part) => parts[part]),
);

/** The folder of the package that a bundled module is from, or undefined for one of ours. */
function packageFolder(module) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module)?.[1];
}

const modules = [...output, ...script].flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
const folders = [...new Set(modules.map(packageFolder).filter((folder) => folder !== undefined))].sort();
const licences = folders.map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  const text =
    file !== undefined && existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8").trim() : "";
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync("build/bin/LICENSES.txt", licences.join(`\n${"-".repeat(80)}\n\n`));
