/** The example page, used as a person would: in a frame of the test's page. */
import { expect, it } from "vitest";
import { sleep } from "./support.js";

/** Opens it in a frame. */
async function page(): Promise<{ readonly at: Document; end(): void }> {
  const frame = document.createElement("iframe");
  frame.width = "900";
  frame.height = "900";
  frame.allow = "microphone; autoplay";
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  frame.src = "/example/";
  document.body.append(frame);
  await loaded;
  return { at: frame.contentDocument as Document, end: () => frame.remove() };
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !holds(); i++) await sleep(50);
  expect(holds()).toBe(true);
}

/** How many of a canvas's dots are not empty. */
function dots(canvas: HTMLCanvasElement): number {
  const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
    0,
    0,
    canvas.width,
    canvas.height,
  );
  let drawn = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) drawn++;
  return drawn;
}

/** The tests, for a page that has shared memory or not. */
export function usesExample(shared: boolean): void {
  it.each(["oscillator", "microphone"])("the example page starts, draws and stops: %s", async (source) => {
    const { at, end } = await page();
    const find = <E extends HTMLElement>(id: string) => at.getElementById(id) as E;
    const numberIn = (id: string) => Number((find(id).textContent ?? "").replace(/\D/g, ""));
    const start = find<HTMLButtonElement>("start");
    expect(find("path").textContent).toContain(shared ? "in shared memory" : "by messages");
    find<HTMLSelectElement>("source").value = source;
    if (shared) find<HTMLInputElement>("listen").checked = true;
    start.click();
    await until(() => numberIn("frames") > 48_000 || !find("problem").hidden);
    expect(find("problem").textContent).toBe("");
    expect(start.textContent).toBe("Stop");
    for (const id of ["wave", "bands"]) expect(dots(find<HTMLCanvasElement>(id))).toBeGreaterThan(100);
    start.click();
    await until(() => start.textContent === "Start" && !start.disabled);
    expect(find("problem").textContent).toBe("");
    expect(numberIn("lost")).toBe(0);
    const frames = numberIn("frames");
    expect(numberIn("windows")).toBe(Math.floor((frames - 2048) / 128) + 1);
    end();
  });
}
