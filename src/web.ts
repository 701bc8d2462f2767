/**
 * Sources and sinks of the web platform, which Node, Deno and Bun have as well.
 *
 * ```ts
 * import { Arena } from "forebay";
 * import { urlSource } from "forebay/web";
 *
 * const arena = await Arena.create();
 * const flow = arena.open(await urlSource("https://example.org/bearing-3.f32"), { element: "f32" });
 * ```
 *
 * @module
 */
export { type UrlSource, type UrlSourceOptions, type UrlStats, urlSource } from "./source/web-url.js";
