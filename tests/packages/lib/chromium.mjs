// Chromium, and what a page in it answers.
import { chromium as driver } from "playwright-core";
import { chromium } from "./install.mjs";

const limit = 30_000;

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
        const scripts = [];
        const complaints = [];
        const answered = [];
        page.on("pageerror", (error) => complaints.push(String(error)));
        page.on("console", (message) => {
          if (message.type() === "error") complaints.push(message.text());
        });
        page.on("response", (response) => {
          if (response.request().resourceType() !== "script") return;
          answered.push(response.text().then((text) => scripts.push({ address: response.url(), text })));
        });
        if (before) await page.addInitScript(before);
        await page.goto(address);
        const handle = await page
          .waitForFunction(() => globalThis.answer, undefined, { timeout: limit })
          .catch((error) => {
            throw new Error(`${address} gave no answer: ${[error.message.split("\n")[0], ...complaints].join("; ")}`);
          });
        const answer = await handle.jsonValue();
        await Promise.all(answered);
        return { answer, scripts, complaints };
      } finally {
        await context.close();
      }
    },
  };
}
