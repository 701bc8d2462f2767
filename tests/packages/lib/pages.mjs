// The pages of the apps: each loads one program.
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a page for each program beside it. */
export function writePages(app, programs) {
  for (const program of programs) {
    writeFileSync(
      join(app, `${program}.html`),
      `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>${program}</title><script type="module" src="./${program}.js"></script>\n`,
    );
  }
}

/** For bundlers that start from scripts: the pages go beside what they made. */
export function copyPages(app, out, programs) {
  for (const program of programs) copyFileSync(join(app, `${program}.html`), join(out, `${program}.html`));
}
