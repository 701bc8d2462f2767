/**
 * Handles: how JavaScript names a block without being able to name anything else.
 *
 * A handle is `generation << 16 | slot`. The slot's entry in the handle table says which block it stands for and where the
 * bytes lie that its holder may touch:
 *
 *     0          4          8        12
 *     ┌──────────┬──────────┬────────┬───────────────────┐
 *     │ block    │ begin    │ end    │ generation · kind │      a used slot
 *     │ 0        │ next free│ 0      │ generation · 0    │      a free slot
 *     └──────────┴──────────┴────────┴───────────────────┘
 *
 * The table lies outside all blocks: bytes that a peer sent can never look like an entry of it. A slot's generation grows
 * with each use and free slots are reused oldest first, so a stale handle is refused until its slot has been used 65,535
 * times more.
 */
import {
  TABLE,
  arenaIsLaidOut,
  firstFreeSlot,
  lastFreeSlot,
  setFirstFreeSlot,
  setLastFreeSlot,
  slotCount,
} from "./arena";

const BLOCK: usize = 0;
const BEGIN: usize = BLOCK + 4;
const END: usize = BEGIN + 4;
const KIND: usize = END + 4; // u16
const GENERATION: usize = KIND + 2; // u16

/** What a handle stands for. */
export namespace Kind {
  export const FREE: u32 = 0;
  export const BLOCK: u32 = 1;
  export const BUF: u32 = 2;
}

/** The entry of a slot. In bounds: callers pass slots below `slotCount()`, for which the header made room. */
@inline
function entryOf(slot: u32): usize {
  return TABLE + (usize(slot) << 4);
}

/** Puts all slots on the free list. Slot 0 is never used, so that 0 is no handle. */
export function layOutHandles(slots: u32): void {
  memory.fill(TABLE, 0, usize(slots) << 4);
  for (let slot: u32 = 1; slot + 1 < slots; slot++) store<u32>(entryOf(slot), slot + 1, BEGIN);
  setFirstFreeSlot(1);
  setLastFreeSlot(slots - 1);
}

/** A handle for bytes `begin` to `end` of `block`, or 0 when every slot is in use. */
export function takeHandle(block: usize, kind: u32, begin: usize, end: usize): u32 {
  const slot = firstFreeSlot();
  if (slot == 0) return 0;
  const entry = entryOf(slot);
  const next = load<u32>(entry, BEGIN);
  setFirstFreeSlot(next);
  if (next == 0) setLastFreeSlot(0);
  const generation = max(1, (u32(load<u16>(entry, GENERATION)) + 1) & 0xffff);
  store<u32>(entry, u32(block), BLOCK);
  store<u32>(entry, u32(begin), BEGIN);
  store<u32>(entry, u32(end), END);
  store<u16>(entry, u16(kind), KIND);
  store<u16>(entry, u16(generation), GENERATION);
  return (generation << 16) | slot;
}

/** The entry of a handle that stands for something, or 0. */
function liveEntry(handle: u32): usize {
  const slot = handle & 0xffff;
  if (slot >= slotCount() || !arenaIsLaidOut()) return 0;
  const entry = entryOf(slot);
  if (u32(load<u16>(entry, GENERATION)) != handle >>> 16 || load<u16>(entry, KIND) == Kind.FREE) return 0;
  return entry;
}

/** Makes the handle stale and its slot free. */
export function dropHandle(handle: u32): void {
  const entry = liveEntry(handle);
  if (entry == 0) return;
  const slot = handle & 0xffff;
  store<u32>(entry, 0, BLOCK);
  store<u32>(entry, 0, BEGIN);
  store<u32>(entry, 0, END);
  store<u16>(entry, 0, KIND);
  const last = lastFreeSlot();
  if (last == 0) setFirstFreeSlot(slot);
  else store<u32>(entryOf(last), slot, BEGIN);
  setLastFreeSlot(slot);
}

/** The block that a live handle of this kind stands for, or 0. */
export function blockOf(handle: u32, kind: u32): usize {
  const entry = liveEntry(handle);
  if (entry == 0 || u32(load<u16>(entry, KIND)) != kind) return 0;
  return load<u32>(entry, BLOCK);
}

/** The block that a live handle of any kind stands for, or 0. */
@inline
export function anyBlockOf(handle: u32): usize {
  const entry = liveEntry(handle);
  return entry == 0 ? 0 : load<u32>(entry, BLOCK);
}

/** The address of the first byte that the handle's holder may touch, or 0. */
@inline
export function beginOf(handle: u32): usize {
  const entry = liveEntry(handle);
  return entry == 0 ? 0 : load<u32>(entry, BEGIN);
}

/** Whether `pointer` and the `bytes` behind it lie within what the handle's holder may touch. */
@inline
export function within(handle: u32, pointer: u32, bytes: u64): bool {
  const entry = liveEntry(handle);
  if (entry == 0) return false;
  return pointer >= load<u32>(entry, BEGIN) && u64(pointer) + bytes <= u64(load<u32>(entry, END));
}
