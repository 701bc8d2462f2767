// A kernel of your own over a Buf<f32>, in AssemblyScript. Compile it with
//   asc mean.ts --runtime stub --importMemory --use abort= --noAssert -O3 -o mean.wasm
import { Buf } from "forebay/assembly";

/** Mean of the frames that are ready, which it advances over; NaN when there are none. */
export function mean(buf: u32, reader: u32): f64 {
  const source = Buf.attach<f32>(buf);
  if (!source) return NaN;
  const frames = source.reader(reader);
  if (!frames || frames.look(1) < 0) return NaN;
  const length = frames.length;
  let sum: f64 = 0;
  for (let i: u32 = 0; i < length; i++) sum += frames[i];
  frames.advance(length);
  return sum / length;
}
