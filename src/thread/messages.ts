/** What a thread that opened a source and the worker that reads it tell each other. Positions and counts are in frames. */
import type { Plan, PlanOptions } from "../plan.js";
import type { SourceRecipe } from "../source/source.js";
import type { SharedBufHandle } from "./shared.js";

/** To the worker. `flow` numbers the flows of one worker. */
export type Request =
  | {
      readonly kind: "open";
      readonly flow: number;
      readonly shared: SharedBufHandle;
      /** The reader to read ahead of, as the core knows it. */
      readonly reader: number;
      readonly recipe: Omit<SourceRecipe, "start">;
      readonly options: PlanOptions;
      /** Where the worker counts; see counts.ts. */
      readonly counts: SharedArrayBuffer;
    }
  | { readonly kind: "start"; readonly flow: number }
  | { readonly kind: "need"; readonly flow: number; readonly frames: number }
  | { readonly kind: "waited"; readonly flow: number; readonly ms: number }
  | { readonly kind: "window"; readonly flow: number; readonly frames: number | undefined }
  | { readonly kind: "seek"; readonly flow: number; readonly turn: number; readonly position: number }
  | { readonly kind: "close"; readonly flow: number };

/** From the worker. */
export type Report =
  | {
      readonly kind: "opened";
      readonly flow: number;
      readonly plan: Plan;
      readonly name: string | undefined;
      readonly size: number | undefined;
      readonly seekable: boolean;
    }
  | { readonly kind: "sought"; readonly flow: number; readonly turn: number }
  | { readonly kind: "closed"; readonly flow: number; readonly failure: string | undefined };

/** Leaves out of each kind of request which flow it is of. */
export type FlowRequest = Request extends infer R ? (R extends { flow: number } ? Omit<R, "flow"> : never) : never;
