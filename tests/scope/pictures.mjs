/**
 * Pictures of the page, as Chromium draws it: dark, light and as wide as a phone. `node tests/scope/pictures.mjs FOLDER [NAME…]` writes
 * them all, or those whose names follow. docs/scope.png is `dark`, in 40 colours: `ffmpeg -i dark.png -vf
 * "split[a][b];[a]palettegen=max_colors=40[p];[b][p]paletteuse=dither=none" scope.png`.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { answer } from "../../examples/scope/answer.js";

const folder = process.argv[2] ?? join(tmpdir(), "forebay-scope");
mkdirSync(folder, { recursive: true });

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const server = createServer((request, response) => {
  void answer(new URL(request.url, "http://localhost").pathname, response);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${server.address().port}/`;

const profile = mkdtempSync(join(tmpdir(), "forebay-pictures-"));
const chromium = spawn(
  "/usr/bin/chromium",
  [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--remote-debugging-port=0",
    `--user-data-dir=${profile}`,
    "about:blank",
  ],
  { stdio: ["ignore", "ignore", "pipe"] },
);

/** Chromium says where it listens. */
const endpoint = await new Promise((resolve) => {
  let log = "";
  chromium.stderr.setEncoding("utf8").on("data", (text) => {
    log += text;
    const found = /DevTools listening on (\S+)/.exec(log);
    if (found) resolve(found[1]);
  });
});

/** A conversation in Chromium's own protocol. */
async function converse(url) {
  const socket = new WebSocket(url);
  await new Promise((resolve) => socket.once("open", resolve));
  const waiting = new Map();
  let id = 0;
  socket.on("message", (text) => {
    const { id, result, error, method, params } = JSON.parse(text);
    if (method === "Runtime.exceptionThrown") console.error(params.exceptionDetails.exception?.description);
    if (method === "Log.entryAdded") console.error(params.entry.text, params.entry.url ?? "");
    if (method === "Runtime.consoleAPICalled") console.error(...params.args.map(({ value }) => value));
    if (id === undefined) return;
    const [resolve, reject] = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error.message));
    else resolve(result);
  });
  return {
    ask: (method, params = {}, sessionId = undefined) =>
      new Promise((resolve, reject) => {
        waiting.set(++id, [resolve, reject]);
        socket.send(JSON.stringify({ id, method, params, sessionId }));
      }),
    close: () => socket.close(),
  };
}

const { ask, close } = await converse(endpoint);
const { targetId } = await ask("Target.createTarget", { url: "about:blank" });
const { sessionId } = await ask("Target.attachToTarget", { targetId, flatten: true });
const tell = (method, params) => ask(method, params, sessionId);
const run = async (expression) =>
  (await tell("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true })).result.value;
await Promise.all([tell("Page.enable"), tell("Runtime.enable"), tell("Log.enable")]);

async function picture(name, { width, height, scheme = "dark", scale = 1, before, wait = 6000, whole = false }) {
  await tell("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: scale, mobile: width < 600 });
  await tell("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  await tell("Page.navigate", { url: address });
  await sleep(wait);
  if (before) {
    await run(before);
    await sleep(2500);
  }
  const { data } = await tell("Page.captureScreenshot", { format: "png", captureBeyondViewport: whole });
  writeFileSync(join(folder, `${name}.png`), Buffer.from(data, "base64"));
  console.log(
    `${name}: ${JSON.stringify(await run("scope.measured"))} wide ${await run("document.documentElement.scrollWidth")}`,
  );
}

/** Opens a minute of a rising tone, with a click each second, as a WAV file. */
const openFile = `{
  const rate = 48_000;
  const samples = new Int16Array(60 * rate);
  let phase = 0;
  for (let i = 0; i < samples.length; i++) {
    phase += (2 * Math.PI * (200 + (i / samples.length) * 18_000)) / rate;
    samples[i] = 9000 * Math.sin(phase) * (0.6 + 0.4 * Math.sin(i / 90_000)) + (i % rate < 400 ? 15_000 * Math.sin(i / 3) * Math.exp(-(i % rate) / 90) : 0) + 200 * (Math.random() - 0.5);
  }
  const head = new DataView(new ArrayBuffer(44));
  [0x52494646, 0, 0x57415645, 0x666d7420, 0, 0, 0, 0, 0, 0x64617461].forEach((word, i) => head.setUint32(4 * i, word));
  head.setUint32(4, 36 + samples.byteLength, true);
  head.setUint32(16, 16, true);
  head.setUint16(20, 1, true);
  head.setUint16(22, 1, true);
  head.setUint32(24, rate, true);
  head.setUint32(28, 2 * rate, true);
  head.setUint16(32, 2, true);
  head.setUint16(34, 16, true);
  head.setUint32(36, 0x64617461);
  head.setUint32(40, samples.byteLength, true);
  scope.start("file", { files: [new File([head, samples], "rising.wav")] });
}`;

/** Chooses a trigger, and shows 5 ms. */
const trigger = `{
  const mode = document.getElementById("mode");
  mode.value = "auto";
  mode.dispatchEvent(new Event("input", { bubbles: true }));
  for (let i = 0; i < 2; i++) document.getElementById("zoom-in").click();
}`;
const lose = `document.getElementById("drop").click();`;

const pictures = {
  dark: { width: 1360, height: 900, before: `${trigger}; ${lose}` },
  light: { width: 1360, height: 900, scheme: "light", before: `${trigger}; ${lose}` },
  file: { width: 1360, height: 900, wait: 3000, before: openFile },
  zoomed: {
    width: 1360,
    height: 900,
    wait: 3000,
    before: `${openFile}; setTimeout(() => { for (let i = 0; i < 10; i++) document.getElementById("zoom-in").click(); }, 1500)`,
  },
  phone: { width: 360, height: 740, scale: 2, whole: true },
  keys: { width: 1360, height: 900, before: `document.getElementById("help").click()` },
};
try {
  const only = process.argv.slice(3);
  for (const [name, how] of Object.entries(pictures))
    if (only.length === 0 || only.includes(name)) await picture(name, how);
} finally {
  await ask("Browser.close");
  close();
  await new Promise((resolve) => chromium.once("exit", resolve));
  server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
}
