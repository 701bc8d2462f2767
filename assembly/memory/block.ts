/**
 * Blocks: the arena's allocator. First fit over a list of free blocks, neighbours joined at once.
 *
 * Blocks lie side by side from the heap's start to the arena's end, each behind a header of one alignment unit:
 *
 *     0       4          8        12           16         20                 128
 *     ┌───────┬──────────┬────────┬────────────┬──────────┬──────────────────┬───────────────────┐
 *     │ bytes │ previous │ state  │ next free  │ previous │ unused           │ payload …         │
 *     │       │ block    │        │            │ free     │                  │ (aligned to 128)  │
 *     └───────┴──────────┴────────┴────────────┴──────────┴──────────────────┴───────────────────┘
 *
 * `bytes` counts the header. A secure block's payload is zeroed before the block becomes free.
 */
import { Fault } from "../fault";
import {
  ALIGN,
  arenaEnd,
  check,
  firstFreeBlock,
  heapStart,
  refuse,
  setFirstFreeBlock,
  setUsedBytes,
  usedBytes,
} from "./arena";

const BYTES: usize = 0;
const PREVIOUS: usize = BYTES + 4;
const STATE: usize = PREVIOUS + 4;
const NEXT_FREE: usize = STATE + 4;
const PREVIOUS_FREE: usize = NEXT_FREE + 4;

/** Bytes from a block's address to its payload. */
export const BLOCK_HEADER: u32 = ALIGN;

namespace State {
  export const FREE: u32 = 0;
  export const PLAIN: u32 = 1;
  export const SECURE: u32 = 2;
}

// Every address below comes from the heap's start or from a header's own links, which only this file writes.

@inline
function bytesOf(block: usize): u32 {
  return load<u32>(block, BYTES);
}

/** The block behind this one, or 0 at the arena's end. */
@inline
function following(block: usize): usize {
  const next = block + bytesOf(block);
  return next < arenaEnd() ? next : 0;
}

function linkFree(block: usize): void {
  const first = firstFreeBlock();
  store<u32>(block, State.FREE, STATE);
  store<u32>(block, u32(first), NEXT_FREE);
  store<u32>(block, 0, PREVIOUS_FREE);
  if (first != 0) store<u32>(first, u32(block), PREVIOUS_FREE);
  setFirstFreeBlock(block);
}

function unlinkFree(block: usize): void {
  const next: usize = load<u32>(block, NEXT_FREE);
  const previous: usize = load<u32>(block, PREVIOUS_FREE);
  if (next != 0) store<u32>(next, u32(previous), PREVIOUS_FREE);
  if (previous != 0) store<u32>(previous, u32(next), NEXT_FREE);
  else setFirstFreeBlock(next);
}

/** Makes the whole heap one free block. */
export function layOutHeap(): void {
  const heap = heapStart();
  store<u32>(heap, u32(arenaEnd() - heap), BYTES);
  store<u32>(heap, 0, PREVIOUS);
  linkFree(heap);
}

/** The largest payload that a block could have now, in bytes. */
export function largestFree(): u32 {
  let largest: u32 = 0;
  for (let block = firstFreeBlock(); block != 0; block = load<u32>(block, NEXT_FREE)) {
    largest = max(largest, bytesOf(block) - BLOCK_HEADER);
  }
  return largest;
}

/** A block with a payload of `bytes` or more, or 0 with the numbers noted. The payload holds whatever it held. */
export function allocate(bytes: u64, secure: bool): usize {
  const wanted = (bytes + BLOCK_HEADER + ALIGN - 1) & ~(u64(ALIGN) - 1);
  for (let block = firstFreeBlock(); block != 0; block = load<u32>(block, NEXT_FREE)) {
    if (u64(bytesOf(block)) < wanted) continue;
    unlinkFree(block);
    split(block, u32(wanted));
    store<u32>(block, secure ? State.SECURE : State.PLAIN, STATE);
    setUsedBytes(usedBytes() + bytesOf(block));
    return block;
  }
  refuse(Fault.NO_ROOM, f64(bytes), f64(largestFree()));
  return 0;
}

/** Cuts a block to `bytes` and makes the rest a free block, where it is large enough to be one. */
function split(block: usize, bytes: u32): void {
  const rest = bytesOf(block) - bytes;
  if (rest < 2 * ALIGN) return;
  const after = following(block);
  const remainder = block + bytes;
  store<u32>(block, bytes, BYTES);
  store<u32>(remainder, rest, BYTES);
  store<u32>(remainder, u32(block), PREVIOUS);
  if (after != 0) store<u32>(after, u32(remainder), PREVIOUS);
  linkFree(remainder);
}

/** Gives a used block back, zeroing it first if it is secure, and joins it with free neighbours. */
export function release(block: usize): void {
  const state = load<u32>(block, STATE);
  check(state != State.FREE, 1);
  if (state == State.SECURE) memory.fill(block + BLOCK_HEADER, 0, bytesOf(block) - BLOCK_HEADER);
  setUsedBytes(usedBytes() - bytesOf(block));
  let start = block;
  const after = following(block);
  if (after != 0 && load<u32>(after, STATE) == State.FREE) {
    unlinkFree(after);
    store<u32>(start, bytesOf(start) + bytesOf(after), BYTES);
  }
  const before: usize = load<u32>(block, PREVIOUS);
  if (before != 0 && load<u32>(before, STATE) == State.FREE) {
    unlinkFree(before);
    store<u32>(before, bytesOf(before) + bytesOf(start), BYTES);
    start = before;
  }
  const next = following(start);
  if (next != 0) store<u32>(next, u32(start), PREVIOUS);
  linkFree(start);
}

/** Zeroes the payload of every secure block that is still in use: what closing an arena does. */
export function zeroSecureBlocks(): void {
  for (let block = heapStart(); block != 0; block = following(block)) {
    if (load<u32>(block, STATE) == State.SECURE) {
      memory.fill(block + BLOCK_HEADER, 0, bytesOf(block) - BLOCK_HEADER);
    }
  }
}
