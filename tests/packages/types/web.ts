// The same for the web's entry.
import { Arena } from "forebay";
import { blobSource, readableStreamSource, urlSource, webSocketSource, writableStreamSink } from "forebay/web";
import { openSink } from "forebay/outflow";

export async function program(): Promise<void> {
  const arena = await Arena.create({ module: await fetch("core.wasm") });
  arena.open(blobSource(new Blob([])), { element: "f32" });
  arena.open(readableStreamSource(new Blob([]).stream()), { element: "f32" });
  arena.open(await urlSource("https://example.org/recording.f32"), { element: "f32" });
  arena.open(webSocketSource(new WebSocket("wss://example.org")), { element: "f32" });
  openSink(arena, writableStreamSink(new WritableStream()), { element: "f32" });
}
