/**
 * The command's own memory:
 *
 *     0        1 KiB          64 KiB (ARENA)                         arena's end
 *     ┌────────┬──────────────┬──────────────────────────────────────┬──────────────────────────────┐
 *     │ unused │ static data  │ arena: rings, blocks                 │ stack: arguments, folders    │
 *     └────────┴──────────────┴──────────────────────────────────────┴──────────────────────────────┘
 *
 * The arena is laid out once, when the arguments have said how long the windows are. The stack grows with the folders that are
 * open. Nothing is ever allocated elsewhere, and nothing grows with the bytes that are read.
 */
import { ALIGN, ARENA, layOutHeader } from "../memory/arena";
import { BLOCK_HEADER, allocate, layOutHeap } from "../memory/block";
import { layOutHandles } from "../memory/handle";

/** Places for Bufs: one is made. Blocks are taken without handles, since nobody outside holds them. */
const SLOTS: u32 = 8;

const PAGE_SHIFT: u32 = 16;

/** Where the stack begins, and its first free byte. Until there is an arena the stack lies where that will be. */
let bottom: usize = ARENA;
let top: usize = ARENA;

/** Lays out an arena with room for blocks of `bytes` in all. Answers whether there was memory for it. The stack moves. */
export function makeArena(bytes: u64): bool {
  const end = (u64(ARENA) + bytes + 16 * ALIGN + 0xffff) & ~0xffff;
  const used = top - bottom;
  if (end > 0xffff0000 || !growTo(end + used)) return false;
  memory.copy(usize(end), bottom, used);
  // What lay here must not look like an arena.
  memory.fill(ARENA, 0, 128);
  if (layOutHeader(u32(end), SLOTS) != 0) return false;
  layOutHandles(SLOTS);
  layOutHeap();
  bottom = usize(end);
  top = bottom + used;
  return true;
}

/** Where something lies now that was pushed before there was an arena; static data stays where it is. */
@inline
export function moved(address: usize): usize {
  return address < ARENA ? address : address - ARENA + bottom;
}

/** A block of `bytes` bytes; `makeArena` made room for it. */
export function take(bytes: u32): usize {
  const block = allocate(bytes, false);
  // Cannot happen: the sum of the blocks was computed before.
  if (block == 0) unreachable();
  return block + BLOCK_HEADER;
}

/** The stack's top: what is pushed lies from there on; to be handed to `popTo` later. */
@inline
export function stackTop(): usize {
  return top;
}

/** `bytes` more on the stack, contiguous with what was pushed last. Answers their address, or 0 when there is no memory. */
export function push(bytes: u32): usize {
  const at = top;
  if (!growTo(u64(at) + bytes)) return 0;
  top = at + bytes;
  return at;
}

/** Gives back everything that was pushed since the top was there. */
@inline
export function popTo(earlier: usize): void {
  top = earlier;
}

/** Makes addresses below `end` valid. */
function growTo(end: u64): bool {
  const pages = i64((end + 0xffff) >> PAGE_SHIFT);
  const missing = pages - memory.size();
  return missing <= 0 || memory.grow(i32(missing)) >= 0;
}
