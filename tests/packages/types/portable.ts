// A program that takes the portable entries by their types: it compiles exactly when they say what they should.
import { Arena, type Answer, bytesSource, Fault, type Flow, type Source, Unsupported, type Window } from "forebay";
import { arraySink } from "forebay/adapters";
import { findByte, Stats } from "forebay/kernels";
import { openSink } from "forebay/outflow";
import { fir, type Mark, openSignal, operator, type Signal } from "forebay/signal";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <_A, _B>(_: Same<_A, _B>) => {};

const counter: Source = {
  size: 10,
  read(into, position, signal) {
    same<typeof into, Uint8Array>((into instanceof Uint8Array) as Same<typeof into, Uint8Array>);
    signal.throwIfAborted();
    into[0] = position;
    return 1;
  },
};

export async function program(): Promise<number> {
  const arena: Arena = await Arena.create({ bytes: 2 ** 20 });
  const flow: Flow<"f32"> = arena.open(bytesSource(new Float32Array(10)), { element: "f32" });
  const answer: Answer<"f32"> = flow.window(4);
  if (answer.state === "ready") {
    const window: Window<"f32"> = answer.window;
    const data: Float32Array = window.data;
    flow.advance(data.length);
  }
  // @ts-expect-error A window that is not ready has no data.
  answer.window.data;
  for await (const window of flow.windows({ size: 4, hop: 2 })) window.start.toFixed();
  const signal = openSignal(arena, counter, { element: "f32", rate: 1000, gaps: "split" });
  same<typeof signal, Signal<"f32">>(true);
  const filtered = signal.through(fir([1]), { maxWindow: 64 });
  same<typeof filtered, Signal<"f32">>(true);
  await filtered.each({ size: 4, hop: 2 }, ({ data, gap, marks, time }) => {
    same<typeof marks, readonly Mark[]>(true);
    return data.length + (gap?.lost ?? 0) + (time ?? 0) > 0;
  });
  // @ts-expect-error An operator without a stage is none.
  operator({ name: "nothing" });
  const enumerated = arena.open(counter, { element: ["idle", "busy"] });
  await enumerated.each({ size: 2, hop: 2 }, (window) => findByte(window, 1));
  const stats = new Stats(arena, "f32", 2);
  const out = openSink(arena, arraySink(), { element: "i16" });
  const span = out.reserve(2);
  const samples: Int16Array = span.data;
  out.commit(samples.length);
  await out.flush({ signal: new AbortController().signal });
  // @ts-expect-error There is no such element.
  arena.open(counter, { element: "u7" });
  try {
    await flow.close();
  } catch (error) {
    if (error instanceof Unsupported) return error.facts.limit as number;
    if (error instanceof Fault && error.code === "held") return 0;
  }
  return stats.result()[0]?.mean ?? 0;
}
