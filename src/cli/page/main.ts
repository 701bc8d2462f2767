/** The page that `forebay scope --html` writes: everything is in it, and it opens from a file. */
import type { PageData } from "./data.js";
import { Page } from "./page.js";

const text = document.getElementById("data")?.textContent ?? "{}";
void Page.open(JSON.parse(text) as PageData);
