/** Taking frames apart into one plane a channel, and putting planes together into frames. */
import { checkWhole } from "../check.js";
import type { Region } from "../wasm/core.js";
import { kernelsOf } from "../wasm/kernels.js";

/** How frames and planes lie. */
export interface PlaneShape {
  /** Frames to move. */
  readonly frames: number;
  /** Elements in a frame, and so planes. */
  readonly channels: number;
  /** Bytes of an element: 1, 2, 4 or 8. */
  readonly elementBytes: number;
  /** Bytes from one plane's start to the next one's. Default: the planes lie side by side. */
  readonly plane?: number;
}

/** Takes the frames at `source` apart: channel 0 of all frames to the start of `target`, channel 1 behind it, and so on. */
export function deinterleave(source: Region, target: Region, shape: PlaneShape): void {
  move("deinterleave", source, target, shape);
}

/** Puts the planes at `source` together into frames at `target`. */
export function interleave(source: Region, target: Region, shape: PlaneShape): void {
  move("interleave", source, target, shape);
}

function move(kernel: "deinterleave" | "interleave", source: Region, target: Region, shape: PlaneShape): void {
  const { frames, channels, elementBytes, plane } = checked(shape);
  const { core, handle, pointer } = target;
  const run = kernelsOf(core)[kernel];
  core.expect(
    run(source.handle, source.pointer, handle, pointer, frames, channels, elementBytes, plane),
    `${kernel} frames:`,
  );
}

function checked({ frames, channels, elementBytes, plane }: PlaneShape): Required<PlaneShape> {
  checkWhole("frames", frames, 0, 0x7fffffff);
  checkWhole("channels", channels, 1, 65_535);
  checkWhole("elementBytes", elementBytes, 1, 8);
  return { frames, channels, elementBytes, plane: checkWhole("plane", plane ?? frames * elementBytes, 0, 0xffffffff) };
}
