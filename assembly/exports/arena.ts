/** The arena's exports: lay it out, take and give back blocks. */
import { Fault } from "../fault";
import {
  arenaIsLaidOut,
  forgetArena,
  lastAsked,
  lastLeft,
  lastRefusal,
  layOutHeader,
  refuse,
  usedBytes,
} from "../memory/arena";
import { BLOCK_HEADER, allocate, largestFree, layOutHeap, release, zeroSecureBlocks } from "../memory/block";
import { Kind, beginOf, blockOf, dropHandle, layOutHandles, takeHandle } from "../memory/handle";

/** Lays out an arena in this memory. `bytes`: the memory's length; `slots`: how many blocks and Bufs at once. */
export function arenaCreate(bytes: u32, slots: u32): i32 {
  const refused = layOutHeader(bytes, slots);
  if (refused != 0) return refused;
  layOutHandles(slots);
  layOutHeap();
  return 0;
}

/** Zeroes every secure block and makes the memory no arena any more. */
export function arenaClose(): i32 {
  if (!arenaIsLaidOut()) return refuse(Fault.NO_ARENA, 0, 0);
  zeroSecureBlocks();
  forgetArena();
  return 0;
}

/** What the last refused call asked for. */
export function arenaAsked(): f64 {
  return lastAsked();
}

/** What there was instead. */
export function arenaLimit(): f64 {
  return lastLeft();
}

/** The code of the last refused call, for calls that answer with a handle. */
export function arenaRefusal(): i32 {
  return lastRefusal();
}

/** Bytes in use, block headers included. */
export function arenaUsed(): u32 {
  return arenaIsLaidOut() ? usedBytes() : 0;
}

/** The largest block that could be taken now, in bytes. */
export function arenaLeft(): u32 {
  return arenaIsLaidOut() ? largestFree() : 0;
}

/** A block of `bytes`, zeroed. Its handle, or 0 with the numbers noted. */
export function blockTake(bytes: u32, secure: bool): u32 {
  if (!arenaIsLaidOut()) {
    refuse(Fault.NO_ARENA, bytes, 0);
    return 0;
  }
  const block = allocate(bytes, secure);
  if (block == 0) return 0;
  const begin = block + BLOCK_HEADER;
  const handle = takeHandle(block, Kind.BLOCK, begin, begin + bytes);
  if (handle == 0) {
    release(block);
    refuse(Fault.NO_ROOM, bytes, 0);
    return 0;
  }
  memory.fill(begin, 0, bytes);
  return handle;
}

/** The address of a block's or a Buf's first data byte, or 0 for a stale handle. */
export function blockBegin(handle: u32): u32 {
  return u32(beginOf(handle));
}

/** Gives a block back; a secure one is zeroed. */
export function blockRelease(handle: u32): i32 {
  const block = blockOf(handle, Kind.BLOCK);
  if (block == 0) return refuse(Fault.STALE, handle, 0);
  dropHandle(handle);
  release(block);
  return 0;
}
