// Parcel, from pages. It looks at a package's `exports` only where the app's package.json asks it to.
import { createRequire } from "node:module";
import { join } from "node:path";

export const name = "parcel";
export const manifest = { "@parcel/resolver-default": { packageExports: true } };
export const address = `const address = new URL("npm:forebay/core.wasm", import.meta.url);`;

export async function bundle(app, out, programs) {
  const require = createRequire(createRequire(import.meta.url).resolve("parcel/package.json"));
  const { Parcel } = require("@parcel/core");
  const parcel = new Parcel({
    entries: programs.map((program) => join(app, `${program}.html`)),
    defaultConfig: require.resolve("@parcel/config-default"),
    mode: "production",
    cacheDir: join(app, ".parcel-cache"),
    shouldAutoInstall: false,
    defaultTargetOptions: { distDir: out, publicUrl: "./", shouldOptimize: true, sourceMaps: false },
  });
  const { bundleGraph } = await parcel.run();
  const modules = [];
  for (const made of bundleGraph.getBundles()) {
    made.traverseAssets((asset) => {
      modules.push(asset.filePath);
    });
  }
  return modules;
}
