/** Holds: cursors that do not move. A hold keeps the room of a window while its reader goes on. */
import { Fault } from "../fault";
import { refuse } from "../memory/arena";
import { loadCursor } from "./cursor";
import { settleInvariants } from "./invariant";
import {
  HOLDS,
  HOLD_FRAMES,
  HOLD_GENERATION,
  HOLD_ID,
  HOLD_INDEX,
  HOLD_READER,
  HOLD_START,
  LOSSY_PLACE,
  PADDED,
  READ,
  READER_ID,
  READY,
  READ_INDEX,
  TAKING,
  WINDOW,
  holdPlace,
} from "./layout";
import { wakeWriter } from "./waking";

/** Holds the window that the reader looks at. Answers the hold, or 0 with the numbers noted. */
export function takeHold(control: usize, line: usize): u32 {
  const frames = load<u32>(line, WINDOW);
  const holds = load<u32>(control, HOLDS);
  if (frames == 0) {
    refuse(Fault.PAST_WINDOW, 1, 0);
    return 0;
  }
  // A lossy reader holds nothing back, and so cannot keep anything either.
  if (ASC_FEATURE_THREADS && load<u32>(line, LOSSY_PLACE) != 0) {
    refuse(Fault.BAD_ARGUMENT, 1, 0);
    return 0;
  }
  for (let place: u32 = 0; place < holds; place++) {
    const hold = holdPlace(control, place);
    if (!free(hold)) continue;
    const generation = max(1, (load<u32>(hold, HOLD_GENERATION) + 1) & 0x7ffff);
    const id = (generation << 12) | (place + 1);
    store<u32>(hold, generation, HOLD_GENERATION);
    store<u64>(hold, load<u64>(line, READ), HOLD_START);
    store<u32>(hold, load<u32>(line, READ_INDEX), HOLD_INDEX);
    store<u32>(hold, frames + paddingBehind(control, line, frames), HOLD_FRAMES);
    if (ASC_FEATURE_THREADS) {
      store<u32>(hold, load<u32>(line, READER_ID), HOLD_READER);
      // Before the reader's floor moves on, so that whoever sees that sees the hold.
      atomic.store<u32>(hold + HOLD_ID, id);
    } else store<u32>(hold, id, HOLD_ID);
    return id;
  }
  refuse(Fault.NO_ROOM, holds + 1, holds);
  return 0;
}

/** Whether the place is free; in shared memory it is taken by that, for several readers may take holds at once. */
@inline
function free(hold: usize): bool {
  if (ASC_FEATURE_THREADS) return atomic.cmpxchg<u32>(hold + HOLD_ID, 0, TAKING) == 0;
  return load<u32>(hold, HOLD_ID) == 0;
}

/** Zeros behind the stream's end, which a window that reaches there may show: they are held with it. */
function paddingBehind(control: usize, line: usize, frames: u32): u32 {
  const end = load<u64>(line, READ) + frames;
  return end == loadCursor(control, READY) ? load<u32>(control, PADDED) : 0;
}

/** Releases a hold; a hold that was released before is refused as stale. */
export function releaseHold(control: usize, id: u32): i32 {
  const place = (id & 0xfff) - 1;
  if (place >= load<u32>(control, HOLDS)) return refuse(Fault.STALE, id, 0);
  const hold = holdPlace(control, place);
  if (ASC_FEATURE_THREADS) {
    if (atomic.cmpxchg<u32>(hold + HOLD_ID, id, 0) != id) return refuse(Fault.STALE, id, 0);
    wakeWriter(control);
    return 0;
  }
  if (load<u32>(hold, HOLD_ID) != id) return refuse(Fault.STALE, id, 0);
  store<u32>(hold, 0, HOLD_ID);
  settleInvariants(control);
  return 0;
}
