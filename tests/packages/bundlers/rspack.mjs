// rspack, as it comes, in production mode.
import { rspack } from "@rspack/core";
import { bundleWith } from "../lib/webpack.mjs";

export const name = "rspack";
export const address = `const address = new URL("forebay/core.wasm", import.meta.url);`;
export const bundle = (...app) => bundleWith(rspack, ...app);
