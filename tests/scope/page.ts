/** The example page in a frame of the test's page, used as a person would. */
import { expect } from "vitest";

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How smoothly the page draws; see examples/scope/meter.js. */
export interface Measured {
  readonly from: number;
  readonly frames: number;
  readonly long: number;
  readonly worst: number;
  readonly rows: number;
  readonly fps: number;
}

/** What the page has for the console. */
interface Scope {
  readonly measured: Measured;
  readonly view: { readonly begin: number; readonly end: number; readonly from: number; readonly span: number };
  readonly gaps: readonly { readonly begin: number; readonly lost: number; readonly cause: string }[];
  restartMeter(): void;
}

/** The page, opened. */
export class ScopePage {
  readonly errors: string[] = [];
  readonly #frame: HTMLIFrameElement;

  private constructor(frame: HTMLIFrameElement) {
    this.#frame = frame;
  }

  /** Opens it in a frame as wide as told, and waits until its built-in signal is drawn. */
  static async open(width = 1000, height = 800): Promise<ScopePage> {
    const frame = document.createElement("iframe");
    frame.width = String(width);
    frame.height = String(height);
    frame.style.border = "0";
    frame.allow = "microphone; autoplay";
    const page = new ScopePage(frame);
    const loaded = new Promise((resolve) => {
      frame.onload = resolve;
    });
    frame.src = "/scope/";
    document.body.append(frame);
    await loaded;
    const inside = page.window as unknown as Window & { console: Console };
    inside.addEventListener("error", (event) => page.errors.push(event.message));
    inside.addEventListener("unhandledrejection", (event) => page.errors.push(String(event.reason)));
    inside.console.error = (...told: unknown[]) => page.errors.push(told.join(" "));
    await page.until(() => page.number("delivered") > 100_000, 30_000);
    return page;
  }

  get window(): Window & { readonly scope: Scope } {
    return this.#frame.contentWindow as Window & { readonly scope: Scope };
  }

  get document(): Document {
    return this.#frame.contentDocument as Document;
  }

  get scope(): Scope {
    return this.window.scope;
  }

  find<E extends HTMLElement>(id: string): E {
    const found = this.document.getElementById(id);
    if (!found) throw new Error(`The page has no #${id}.`);
    return found as E;
  }

  text(id: string): string {
    return this.find(id).textContent ?? "";
  }

  number(id: string): number {
    return Number(this.text(id).replace(/\D/g, ""));
  }

  click(id: string): void {
    this.find(id).click();
  }

  /** Presses a key where the focus is. */
  key(key: string): void {
    const at = this.document.activeElement ?? this.document.body;
    const { KeyboardEvent } = this.window as unknown as typeof globalThis;
    at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }

  /** Turns the wheel over the middle of an element; up is below 0. */
  wheel(id: string, deltaY: number): void {
    const { left, width, top } = this.find(id).getBoundingClientRect();
    const { WheelEvent } = this.window as unknown as typeof globalThis;
    const at = { clientX: left + width / 2, clientY: top + 10 };
    this.find(id).dispatchEvent(new WheelEvent("wheel", { ...at, deltaY, bubbles: true, cancelable: true }));
  }

  /** Drops files on the page. */
  drop(...files: File[]): void {
    const { DataTransfer, DragEvent, File } = this.window as unknown as typeof globalThis;
    const dataTransfer = new DataTransfer();
    // Files of the page's own, as those that a person drops are.
    for (const file of files) dataTransfer.items.add(new File([file], file.name));
    for (const kind of ["dragenter", "dragover", "drop"]) {
      this.document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
    }
  }

  /** Chooses in a list. */
  choose(id: string, value: string): void {
    const list = this.find<HTMLSelectElement>(id);
    list.value = value;
    list.dispatchEvent(new Event("input", { bubbles: true }));
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async until(holds: () => boolean, ms = 15_000): Promise<void> {
    const end = performance.now() + ms;
    while (!holds() && performance.now() < end) await sleep(50);
    if (!holds())
      throw new Error(`It did not come to this: ${holds}\n${this.text("problem")}\n${this.errors.join("\n")}`);
  }

  /** How many of a canvas's dots are not of its most usual colour. */
  drawn(canvas: HTMLCanvasElement): number {
    const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    const pixels = new Uint32Array(data.buffer);
    const counts = new Map<number, number>();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return pixels.length - Math.max(...counts.values());
  }

  canvas(selector: string): HTMLCanvasElement {
    return this.document.querySelector(selector) as HTMLCanvasElement;
  }

  /** Ends it; nothing went wrong on it. */
  close(): void {
    expect(this.errors).toEqual([]);
    this.#frame.remove();
  }
}
