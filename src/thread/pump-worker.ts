/** The worker that reads sources for an arena: one serves all flows that are opened with it. */
import { Fault, Unsupported } from "../fault.js";
import type { SourceRecipe } from "../source/source.js";
import type { FlowRequest, Report, Request } from "./messages.js";
import { startWebWorker } from "./start-worker.js";
import { hear, type WorkerLike } from "./worker-like.js";

/** Who is told of what the worker says about one flow. */
export interface Listener {
  report(report: Report): void;
  /** The worker is gone, and why. */
  gone(why: string): void;
}

/** A worker and the flows that it reads. It keeps the program alive while there are any. */
export class PumpWorker {
  readonly #worker: WorkerLike;
  readonly #flows = new Map<number, Listener>();
  #next = 1;
  #gone: string | undefined;

  /** `start`: how to start it; without it, as the recipe's platform does. */
  constructor(recipe: SourceRecipe, start?: () => WorkerLike) {
    this.#worker = (start ?? (recipe.start as (() => WorkerLike) | undefined) ?? startWebWorker)();
    hear(
      this.#worker,
      (data) => {
        const report = data as Report;
        const listener = this.#flows.get(report.flow);
        if (report.kind === "closed") this.#forget(report.flow);
        listener?.report(report);
      },
      (why) => this.#end(why),
    );
    this.#worker.unref?.();
  }

  /** Whether it can take flows. */
  get alive(): boolean {
    return this.#gone === undefined;
  }

  /** Takes a flow on; returns its number. Throws `peer-gone`. */
  add(listener: Listener): number {
    if (this.#gone !== undefined) throw new Fault("peer-gone", `The worker that reads has ended: ${this.#gone}.`);
    const flow = this.#next++;
    this.#flows.set(flow, listener);
    this.#worker.ref?.();
    return flow;
  }

  tell(flow: number, request: FlowRequest): void {
    if (this.#gone !== undefined) return;
    try {
      this.#worker.postMessage({ ...request, flow } as Request);
    } catch (error) {
      this.#forget(flow);
      const reason = error instanceof Error ? error.message : String(error);
      throw new Unsupported(`This source cannot be sent to another thread: ${reason}`, {}, error);
    }
  }

  #forget(flow: number): void {
    this.#flows.delete(flow);
    if (this.#flows.size === 0) this.#worker.unref?.();
  }

  #end(why: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = why;
    for (const listener of this.#flows.values()) listener.gone(why);
    this.#flows.clear();
  }

  /** Ends the worker at once. */
  stop(): void {
    this.#end("the arena was closed");
    void this.#worker.terminate?.();
  }
}
