/** Entry of core.shared.wasm: what core.wasm has, over shared memory, and what two threads need beside it. */
export * from "./core";
export * from "./exports/shared";
