/**
 * Entry of signal.wasm: what is done to samples, over an arena's memory. It imports that memory and nothing else, has no static
 * data, and keeps all state in blocks of the arena: two instances over one memory see the same. Tables (twiddles, windows) are
 * computed when an operator is made, with additions, multiplications, divisions and square roots alone, so that they have the
 * same bits on every host.
 */
export * from "./exports/filter";
export * from "./exports/spectra";
export * from "./exports/transform";
export * from "./exports/measure";
export * from "./exports/measure_time";
export * from "./exports/pyramid";
