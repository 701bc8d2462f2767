// webpack, as it comes, in production mode.
import webpack from "webpack";
import { bundleWith } from "../lib/webpack.mjs";

export const name = "webpack";
export const address = `const address = new URL("forebay/core.wasm", import.meta.url);`;
export const bundle = (...app) => bundleWith(webpack, ...app);
