// Chromium, and what a page in it answers.
import { chromium as driver } from "playwright-core";
import { chromium } from "./install.mjs";

const limit = 30_000;

/** Asks the server again: Chromium does not always keep the text of a script that a worker has loaded as well. */
async function scriptAt(address) {
  const response = await fetch(address);
  if (!response.ok)
    throw new Error(`${address} was loaded by the page; asked again, the server answers ${response.status}.`);
  return { address, text: await response.text() };
}

export async function startChromium() {
  const browser = await driver.launch({
    executablePath: chromium,
    args: ["--no-sandbox", "--disable-background-networking"],
  });
  return {
    version: browser.version(),
    close: () => browser.close(),
    /**
     * Opens a page of its own and waits for its `answer`. `before` runs in the page first. Answers with that, the scripts that
     * the page loaded (address and text), and what it complained of.
     */
    async visit(address, before) {
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        const loaded = new Set();
        const complaints = [];
        page.on("pageerror", (error) => complaints.push(String(error)));
        page.on("console", (message) => {
          if (message.type() === "error") complaints.push(message.text());
        });
        page.on("response", (response) => {
          if (response.request().resourceType() === "script") loaded.add(response.url());
        });
        if (before) await page.addInitScript(before);
        await page.goto(address);
        const handle = await page
          .waitForFunction(() => globalThis.answer, undefined, { timeout: limit })
          .catch((error) => {
            throw new Error(`${address} gave no answer: ${[error.message.split("\n")[0], ...complaints].join("; ")}`);
          });
        const answer = await handle.jsonValue();
        return { answer, scripts: await Promise.all([...loaded].map(scriptAt)), complaints };
      } finally {
        await context.close();
      }
    },
  };
}
