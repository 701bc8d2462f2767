/** The page `examples/scope` in a real browser: driven, and measured while its built-in signal of 2 MS/s runs. */
import { seconds } from "forebay-suites";
import { afterEach, describe, expect, it } from "vitest";
import { note } from "../hosts/inside/notes.js";
import { heapBytes, mebibytes, privateBytes } from "./memory.js";
import { ScopePage, sleep } from "./page.js";
import { wavFile } from "./wav.js";

let page: ScopePage | undefined;
afterEach(() => {
  const opened = page;
  page = undefined;
  opened?.close();
});

const tone = (rate: number, hertz: number) => (frame: number) => 0.5 * Math.sin((2 * Math.PI * hertz * frame) / rate);

describe("the scope page", () => {
  it(`takes 2 MS/s and draws for ${seconds} s: no frame is lost, and no heap grows`, {
    timeout: (2 * seconds + 90) * 1000,
  }, async () => {
    page = await ScopePage.open(1280, 900);
    // What is compiled and set up in the first seconds is no growth.
    await sleep(Math.min(10_000, 2000 + seconds * 500));
    const before = await heapBytes();
    const privateBefore = await privateBytes();
    const { scope } = page;
    scope.restartMeter();
    const began = performance.now();
    const from = page.number("delivered");
    await sleep(seconds * 1000);
    const took = (performance.now() - began) / 1000;
    const { frames, long, worst, rows } = scope.measured;
    const delivered = page.number("delivered") - from;
    const lost = page.number("lost");
    const privateAfter = await privateBytes();
    const after = await heapBytes();
    const measured = {
      seconds: Math.round(took),
      framesASecond: Number((frames / took).toFixed(2)),
      longFrames: long,
      worstFrameMs: Math.round(worst),
      rowsASecond: Number((rows / took).toFixed(2)),
      megasamplesASecond: Number((delivered / took / 1e6).toFixed(3)),
      lost,
      arena: page.text("arena"),
      heapGrew: before === undefined || after === undefined ? "the host does not say" : mebibytes(after - before),
      processesGrew: mebibytes(privateAfter - privateBefore),
    };
    note(JSON.stringify(measured));
    expect(lost).toBe(0);
    // The device holds a second of what a busy machine has not read yet.
    expect(delivered).toBeGreaterThan(1.8e6 * (took - 1));
    expect(rows / took).toBeGreaterThan(20);
    expect(page.text("balance")).toBe("balances");
    for (const selector of ["#wave canvas", "#spectrum canvas", "#waterfall", "#overview"]) {
      expect(page.drawn(page.canvas(selector)), selector).toBeGreaterThan(500);
    }
    // An object of 100 bytes for each row and picture were more than this within a minute.
    if (before !== undefined && after !== undefined) expect(after - before).toBeLessThan(3_000_000);
  });

  it("shows gaps as gaps, and its ledger balances", async () => {
    page = await ScopePage.open();
    page.find("wave").focus();
    page.key("g");
    await page.until(() => page?.number("lost") === 20_000);
    await page.until(() => page?.find("gaps").children.length === 1);
    page.click("burst");
    await page.until(() => page?.number("lost") === 2_020_000);
    await page.until(() => page?.find("gaps").children.length === 2);
    expect(page.text("gaps")).toContain("2,000,000 lost");
    expect(page.text("balance")).toBe("balances");
    expect(page.number("delivered") + page.number("lost-too")).toBe(page.number("sent"));
    const [first, second] = page.scope.gaps;
    expect([first?.lost, second?.lost]).toEqual([20_000, 2_000_000]);
    // Its line leads to it.
    page.find("gaps").querySelector("button")?.click();
    const { view } = page.scope;
    expect(view.from).toBeLessThan(second?.begin ?? 0);
    expect(view.from + view.span).toBeGreaterThan((second?.begin ?? 0) + 2_000_000);
  });

  it("triggers", async () => {
    page = await ScopePage.open();
    page.choose("mode", "auto");
    await page.until(() => page?.text("trigger-state") === "triggered");
    page.choose("mode", "single");
    await page.until(() => page?.text("trigger-state") === "stopped");
    page.choose("mode", "off");
    await page.until(() => page?.text("trigger-state") === "off");
  });

  it("pauses and goes on by the keyboard, and loses nothing by it", async () => {
    page = await ScopePage.open();
    page.key(" ");
    await sleep(500);
    const sent = page.number("sent");
    await sleep(1000);
    expect(page.number("sent")).toBe(sent);
    page.key(" ");
    await page.until(() => (page?.number("sent") ?? 0) > sent + 100_000);
    expect(page.number("lost")).toBe(0);
  });

  it("reads a file that is dropped, and zooms by the keyboard from all of it to samples", async () => {
    page = await ScopePage.open();
    const rate = 48_000;
    const frames = 30 * rate;
    page.drop(wavFile("tone.wav", { rate, frames, sample: tone(rate, 6000) }));
    await page.until(() => page?.number("sent") === frames && page.text("kind") !== "live");
    await page.until(() => page?.find("progress").getAttribute("aria-valuenow") === "100");
    expect(page.text("lost")).toBe("0");
    expect(page.text("describes")).toContain("tone.wav");
    const { view } = page.scope;
    expect(view.span).toBe(frames);
    page.find("wave").focus();
    for (let i = 0; i < 30; i++) page.key("+");
    expect(view.span).toBe(16);
    await sleep(500);
    expect(page.drawn(page.canvas("#wave canvas"))).toBeGreaterThan(300);
    const from = view.from;
    page.key("ArrowRight");
    expect(view.from).toBeGreaterThan(from);
    page.key("0");
    expect(view.span).toBe(frames);
    page.wheel("wave", -300);
    expect(view.span).toBeLessThan(frames / 2);
    page.wheel("wave", 900);
    expect(view.span).toBe(frames);
    expect(page.text("problem")).toBe("");
  });

  it("reads what there is of a file whose header says more, and says so", async () => {
    page = await ScopePage.open();
    const rate = 8000;
    const frames = 4 * rate;
    page.drop(wavFile("cut.wav", { rate, frames, declared: 0x7fffffff, sample: tone(rate, 440) }));
    await page.until(() => page?.number("sent") === frames && page.text("kind") !== "live");
    expect(page.find("problem").hidden).toBe(false);
    expect(page.text("problem")).toMatch(/\d/);
  });

  it("shows the gaps that a file tells of, and what lies behind them", async () => {
    page = await ScopePage.open();
    const rate = 8000;
    const samples = Int16Array.from({ length: 2 * rate }, (_, frame) => 16_000 * tone(rate, 440)(frame));
    const captures = [
      { "core:sample_start": 0, "core:global_index": 0 },
      { "core:sample_start": rate, "core:global_index": rate + 4000 },
    ];
    const global = { "core:datatype": "ri16_le", "core:sample_rate": rate, "core:version": "1.2.0" };
    page.drop(
      new File([JSON.stringify({ global, captures, annotations: [] })], "gap.sigmf-meta"),
      new File([samples], "gap.sigmf-data"),
    );
    await page.until(() => page?.text("kind") === "sigmf" && page.number("sent") === 2 * rate + 4000);
    await page.until(() => page?.scope.gaps.length === 1);
    expect(page.scope.gaps[0]).toMatchObject({ begin: rate, lost: 4000 });
    expect(page.number("delivered")).toBe(2 * rate);
    expect(page.text("balance")).toBe("balances");
    // A look at the place, which reads on both sides of it once more.
    page.find("gaps").querySelector("button")?.click();
    await sleep(500);
    expect(page.drawn(page.canvas("#wave canvas"))).toBeGreaterThan(300);
    expect(page.text("problem")).toBe("");
  });

  it("asks what the samples of a file are that does not say so itself", async () => {
    page = await ScopePage.open();
    page.drop(new File([new Uint8Array(100_000)], "capture.dat"));
    await page.until(() => page?.find("raw-tools").hidden === false);
    page.choose("raw-element", "cu8");
    page.find<HTMLFormElement>("raw-tools").requestSubmit();
    await page.until(() => page?.number("sent") === 50_000 && page.text("kind") === "raw");
    expect(page.text("problem")).toBe("");
  });

  it("refuses what is no recording with a reason, and goes on with another source", async () => {
    page = await ScopePage.open();
    page.drop(new File(["RIFF....WAVEfmt "], "broken.wav"));
    await page.until(() => page?.find("problem").hidden === false);
    expect(page.text("problem").length).toBeGreaterThan(10);
    page.find("wave").focus();
    page.key("b");
    await page.until(() => page?.text("kind") === "live" && (page.number("delivered") ?? 0) > 100_000);
    expect(page.find("problem").hidden).toBe(true);
  });

  it("hears a microphone", async () => {
    page = await ScopePage.open();
    page.click("microphone");
    await page.until(() => page?.find("microphone").getAttribute("aria-pressed") === "true");
    await page.until(() => (page?.number("delivered") ?? 0) > 24_000 || page?.find("problem").hidden === false);
    expect(page.text("problem")).toBe("");
    page.click("builtin");
    await page.until(() => page?.find("builtin").getAttribute("aria-pressed") === "true");
  });

  it("changes between dark and light, and lists its keys", async () => {
    page = await ScopePage.open();
    const ground = () => page?.window.getComputedStyle(page.document.body).backgroundColor;
    const before = ground();
    page.key("d");
    expect(ground()).not.toBe(before);
    page.key("d");
    expect(ground()).toBe(before);
    page.key("?");
    expect(page.find<HTMLDialogElement>("keys").open).toBe(true);
    expect(page.text("key-list")).toContain("Zoom in");
    page.find<HTMLDialogElement>("keys").close();
  });

  it("is as wide as a phone", async () => {
    page = await ScopePage.open(360, 740);
    const { scrollWidth } = page.document.documentElement;
    expect(scrollWidth).toBeLessThanOrEqual(360);
    for (const id of ["wave", "spectrum", "trigger", "ledger-title"]) {
      const { left, right } = page.find(id).getBoundingClientRect();
      expect(left, id).toBeGreaterThanOrEqual(0);
      expect(right, id).toBeLessThanOrEqual(360);
    }
  });
});
