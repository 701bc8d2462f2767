/**
 * The margin: how a window or a span that crosses the ring's end is contiguous without double mapping.
 *
 *     ring                                  margin
 *     ┌──────────────────────────────────┬───────────┐
 *     │ c d e f                    x a b │ c d       │    a window over a b c d: c d are copied once
 *     └──────────────────────────────────┴───────────┘
 *
 * Only bytes that are not there yet are copied, so a lap copies at most `maxWindow` frames, and nothing at all when no
 * window crosses. Why a copy that stands there may be trusted, and why several readers may copy at once: while any window
 * crosses from one lap into the next, its reader has not released that end of the ring, so the writer cannot have begun
 * the lap after; at any moment the margin serves one lap only, its frames do not change while they are in a window, and
 * two readers that copy the same frames write the same bytes.
 */
import { loadCursor, storeCursor } from "./cursor";
import { CAPACITY, DATA, FRAME_BYTES, MAX_WINDOW, MIRRORED } from "./layout";

/**
 * Makes frames `sequence` up to `sequence + frames` contiguous from `index` on. Requires the frames to be in the ring and
 * to overhang its end, if they do, by at most `maxWindow`.
 */
export function mirror(control: usize, sequence: u64, index: u32, frames: u32): void {
  const capacity = load<u32>(control, CAPACITY);
  const lap = sequence + (capacity - index);
  const from = max(lap, loadCursor(control, MIRRORED));
  const to = sequence + frames;
  if (from >= to) return;
  copyOverhang(control, u32(from - lap), u32(to - from), false);
  storeCursor(control, MIRRORED, to);
}

/**
 * Puts the overhang of a committed span, frames `sequence` up to `sequence + frames` written from `index` on across the
 * ring's end, in its place at the ring's start. What stays in the margin is a copy already.
 */
export function settle(control: usize, sequence: u64, index: u32, frames: u32): void {
  const overhang = frames - (load<u32>(control, CAPACITY) - index);
  copyOverhang(control, 0, overhang, true);
  storeCursor(control, MIRRORED, sequence + frames);
}

/**
 * Copies frames between the ring's start and the margin. In bounds: `first + frames` is at most `maxWindow`, which is at
 * most the capacity.
 */
function copyOverhang(control: usize, first: u32, frames: u32, fromMargin: bool): void {
  const frameBytes: usize = load<u32>(control, FRAME_BYTES);
  const start: usize = usize(load<u32>(control, DATA)) + frameBytes * first;
  const margin: usize = start + frameBytes * load<u32>(control, CAPACITY);
  if (fromMargin) memory.copy(start, margin, frameBytes * frames);
  else memory.copy(margin, start, frameBytes * frames);
}

/** Fills `frames` frames from `index` on with a byte, going round the ring. Requires frames ≤ capacity. */
export function fillFrames(control: usize, index: u32, frames: u32, byte: u8): void {
  const frameBytes: usize = load<u32>(control, FRAME_BYTES);
  const data: usize = load<u32>(control, DATA);
  const toEnd = min(frames, load<u32>(control, CAPACITY) - index);
  memory.fill(data + frameBytes * index, byte, frameBytes * toEnd);
  memory.fill(data, byte, frameBytes * (frames - toEnd));
}

/** Fills the margin's copies of the ring's frames from `index` on, as far as it has any, with a byte. */
export function fillMargin(control: usize, index: u32, frames: u32, byte: u8): void {
  const maxWindow = load<u32>(control, MAX_WINDOW);
  if (index >= maxWindow) return;
  const frameBytes: usize = load<u32>(control, FRAME_BYTES);
  const margin: usize = usize(load<u32>(control, DATA)) + frameBytes * (load<u32>(control, CAPACITY) + index);
  memory.fill(margin, byte, frameBytes * min(frames, maxWindow - index));
}
