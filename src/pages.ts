/**
 * Pages: windows at any place of a seekable source, over a cache in the arena. They are an entry of their own, so that a
 * program which only reads on does not carry them.
 *
 * ```ts
 * import { Arena } from "forebay";
 * import { fileSource } from "forebay/node";
 * import { openPages } from "forebay/pages";
 *
 * const arena = await Arena.create();
 * await using pages = openPages(arena, fileSource("big.f32"), { element: "f32" });
 * const answer = await pages.ready(250_000_000, 1024);
 * if (answer.state !== "failed") {
 *   using window = answer.window; // kept until it is released, and others beside it
 *   console.log(window.data);
 * }
 * ```
 *
 * @module
 */
export {
  openPages,
  Pages,
  type PagesAnswer,
  type PagesOptions,
  type Place,
  type SettledAnswer,
} from "./pages/pages.js";
export type { PagesPlan, PagesPlanOptions } from "./pages/plan.js";
export type { PagesStats } from "./pages/stats.js";
export type { PageWindow } from "./pages/window.js";
