/** Entry of core.wasm: concrete exports only (a generic cannot be exported). */
export * from "./exports/arena";
export * from "./exports/buf";
export * from "./exports/kernels";
