/**
 * The arena: one fixed linear memory, laid out as
 *
 *     0        64             192                       table + 16·slots
 *     ┌────────┬──────────────┬─────────────────────────┬───────────────────────────────────────────┐
 *     │ unused │ arena header │ handle table            │ heap: blocks side by side (block.ts)       │
 *     └────────┴──────────────┴─────────────────────────┴───────────────────────────────────────────┘
 *
 * Every bit of state lies in the memory itself: the module has no data section and no globals that change, so two
 * instances (or two modules compiled from these files) over one memory see the same arena. Only what a refused call asked for
 * lies in the instance where the memory is shared: it is of one thread's call.
 */
import { Fault } from "../fault";

/**
 * The header's address. The first bytes of memory stay unused, so that no valid pointer is small; a module with static data of
 * its own, which lies there, moves the arena behind it by `--use FOREBAY_ARENA=…`.
 */
// @ts-ignore: a constant that only such a module has
export const ARENA: usize = isDefined(FOREBAY_ARENA) ? FOREBAY_ARENA : 64;

// The header's fields, as offsets from ARENA.
const MAGIC: usize = 0; // u32: says that an arena has been laid out here
const BYTES: usize = MAGIC + 4; // u32: where the arena ends
const SLOTS: usize = BYTES + 4; // u32: slots in the handle table
const HEAP: usize = SLOTS + 4; // u32: address of the first block
const FREE_SLOT: usize = HEAP + 4; // u32: oldest free slot, 0 for none
const LAST_FREE_SLOT: usize = FREE_SLOT + 4; // u32: newest free slot
const FREE_BLOCK: usize = LAST_FREE_SLOT + 4; // u32: first free block, 0 for none
const USED: usize = FREE_BLOCK + 4; // u32: bytes in used blocks, their headers included
const ASKED: usize = USED + 4; // f64: what the last refused call asked for
const LEFT: usize = ASKED + 8; // f64: what there was instead
const BROKEN: usize = LEFT + 8; // u32: the invariant that a debug build found broken
const REFUSAL: usize = BROKEN + 4; // i32: code of the last refused call

/** Where the handle table begins. */
export const TABLE: usize = ARENA + 128;

/** Blocks and their payloads are aligned to two cache lines: neighbours are prefetched in pairs on common machines. */
export const ALIGN: u32 = 128;

const MAGIC_VALUE: u32 = 0x79626f66; // "foby"

/** True in the debug build, which checks every invariant on every call and poisons released room. */
// @ts-ignore: a compile-time constant of the AssemblyScript compiler
export const DEBUG: bool = !ASC_NO_ASSERT;

// The header is inside every memory of one page or more, so these loads and stores are in bounds.

@inline
export function arenaIsLaidOut(): bool {
  return load<u32>(ARENA, MAGIC) == MAGIC_VALUE;
}


@inline
export function arenaEnd(): usize {
  return load<u32>(ARENA, BYTES);
}


@inline
export function heapStart(): usize {
  return load<u32>(ARENA, HEAP);
}


@inline
export function slotCount(): u32 {
  return load<u32>(ARENA, SLOTS);
}


@inline
export function firstFreeSlot(): u32 {
  return load<u32>(ARENA, FREE_SLOT);
}


@inline
export function setFirstFreeSlot(slot: u32): void {
  store<u32>(ARENA, slot, FREE_SLOT);
}


@inline
export function lastFreeSlot(): u32 {
  return load<u32>(ARENA, LAST_FREE_SLOT);
}


@inline
export function setLastFreeSlot(slot: u32): void {
  store<u32>(ARENA, slot, LAST_FREE_SLOT);
}


@inline
export function firstFreeBlock(): usize {
  return load<u32>(ARENA, FREE_BLOCK);
}


@inline
export function setFirstFreeBlock(block: usize): void {
  store<u32>(ARENA, u32(block), FREE_BLOCK);
}


@inline
export function usedBytes(): u32 {
  return load<u32>(ARENA, USED);
}


@inline
export function setUsedBytes(bytes: u32): void {
  store<u32>(ARENA, bytes, USED);
}

// In shared memory each thread has an instance of its own, and its refusals are its own: they lie in the instance.
let askedHere: f64 = 0;
let leftHere: f64 = 0;
let refusalHere: i32 = 0;

/** Notes the numbers of a refused call where JavaScript finds them, and passes the code on. */
export function refuse(code: i32, asked: f64, left: f64): i32 {
  if (ASC_FEATURE_THREADS) {
    askedHere = asked;
    leftHere = left;
    refusalHere = code;
    return code;
  }
  store<f64>(ARENA, asked, ASKED);
  store<f64>(ARENA, left, LEFT);
  store<i32>(ARENA, code, REFUSAL);
  return code;
}

/** Code of the last refused call, for calls that answer with a handle. */
@inline
export function lastRefusal(): i32 {
  return ASC_FEATURE_THREADS ? refusalHere : load<i32>(ARENA, REFUSAL);
}

/** What the last refused call asked for. */
@inline
export function lastAsked(): f64 {
  return ASC_FEATURE_THREADS ? askedHere : load<f64>(ARENA, ASKED);
}

/** What there was instead. */
@inline
export function lastLeft(): f64 {
  return ASC_FEATURE_THREADS ? leftHere : load<f64>(ARENA, LEFT);
}

/** Stops the debug build where an invariant does not hold; the release build drops the call. */
@inline
export function check(holds: bool, invariant: u32): void {
  if (DEBUG) {
    if (!holds) {
      store<u32>(ARENA, invariant, BROKEN);
      unreachable();
    }
  }
}

/** Writes the header. `bytes` is the whole memory's length, `slots` how many handles there may be at once. */
export function layOutHeader(bytes: u32, slots: u32): i32 {
  const heap = (u64(TABLE) + 16 * u64(slots) + ALIGN - 1) & ~(u64(ALIGN) - 1);
  const memoryBytes = u64(memory.size()) << 16;
  if (arenaIsLaidOut() || slots < 2 || slots > 0xffff || u64(bytes) > memoryBytes || heap + 2 * ALIGN > u64(bytes)) {
    return refuse(Fault.NO_ARENA, f64(bytes), f64(memoryBytes));
  }
  memory.fill(ARENA, 0, 128);
  store<u32>(ARENA, bytes & ~(ALIGN - 1), BYTES);
  store<u32>(ARENA, slots, SLOTS);
  store<u32>(ARENA, u32(heap), HEAP);
  store<u32>(ARENA, MAGIC_VALUE, MAGIC);
  return 0;
}

/** Takes the arena's mark away; nothing in it can be used afterwards. */
export function forgetArena(): void {
  store<u32>(ARENA, 0, MAGIC);
}
