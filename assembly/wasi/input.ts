/**
 * Reading a descriptor into this memory, and waiting for one that others write into.
 *
 * Where the host can tell (`poll_oneoff`) whether there is anything to read, what was found so far is written only before a
 * wait; where it cannot, before every read, since any of them may wait.
 */
import { Errno } from "./errno";
import { fd_read, poll_oneoff } from "./host";
import { flush } from "./output";

const vector = memory.data(16);
/** Two subscriptions of 48 bytes, two events of 32, a count. */
const polling = memory.data(168, 8);

const EVENTS: usize = 96;
const COUNT: usize = 160;
const SUBSCRIPTION_BYTES: usize = 48;
const EVENT_BYTES: usize = 32;

/** Some hosts refuse to read 2³¹ bytes or more at once. */
const MOST_BYTES: u32 = 0x40000000;

/** A millisecond, in nanoseconds: node:wasi counts no shorter ones, and lets a clock that is due come before a descriptor. */
const MILLISECOND: u64 = 1000000;

const MONOTONIC: u32 = 1;
const CLOCK_EVENT: u8 = 0;
const READ_EVENT: u8 = 1;

namespace Ready {
  export const NO: u32 = 0;
  export const YES: u32 = 1;
  /** The host cannot tell. */
  export const UNKNOWN: u32 = 2;
}

/** Whether the host can tell when there is something to read of the descriptor that is being read. */
let polls: bool = true;

/** The next reads are of another descriptor. */
@inline
export function beginInput(): void {
  polls = true;
}

/**
 * Reads up to `length` bytes to `into`; `waits`: of something that others write into. Answers how many, 0 at the end, or an
 * error number below 0.
 */
export function readInto(descriptor: u32, into: usize, length: u32, waits: bool): i32 {
  if (waits) untilReady(descriptor);
  store<u32>(vector, u32(into));
  store<u32>(vector, min(length, MOST_BYTES), 4);
  while (true) {
    const errno = fd_read(descriptor, vector, 1, vector + 8);
    if (errno == 0) return i32(load<u32>(vector, 8));
    if (errno == Errno.INTR) continue;
    if (errno != Errno.AGAIN) return -errno;
    // A poll leaves node:wasi's pipes non-blocking, and somebody else may have, too.
    flush();
    if (!polls || ask(descriptor, false) == Ready.UNKNOWN) pause();
  }
}

/** Writes what was found before anything is waited for. */
function untilReady(descriptor: u32): void {
  if (polls) {
    const ready = ask(descriptor, true);
    if (ready == Ready.YES) return;
    polls = ready != Ready.UNKNOWN;
  }
  flush();
  if (polls) ask(descriptor, false);
}

/** Whether there is something to read within a millisecond, or, without `soon`, waits until there is. */
function ask(descriptor: u32, soon: bool): u32 {
  memory.fill(polling, 0, COUNT + 4);
  store<u8>(polling, READ_EVENT, 8);
  store<u32>(polling, descriptor, 16);
  sleepAt(polling + SUBSCRIPTION_BYTES);
  const subscriptions: usize = soon ? 2 : 1;
  if (poll_oneoff(polling, polling + EVENTS, subscriptions, polling + COUNT) != 0) return Ready.UNKNOWN;
  const events = load<u32>(polling, COUNT);
  // Bun says of everything that it has happened.
  if (soon && events == 2) return Ready.UNKNOWN;
  for (
    let event = polling + EVENTS;
    event < polling + EVENTS + usize(min(events, 2)) * EVENT_BYTES;
    event += EVENT_BYTES
  ) {
    if (load<u8>(event, 10) == READ_EVENT) return load<u16>(event, 8) == 0 ? Ready.YES : Ready.UNKNOWN;
  }
  return Ready.NO;
}

/** Writes a subscription to the clock, a millisecond from now. */
function sleepAt(subscription: usize): void {
  store<u8>(subscription, CLOCK_EVENT, 8);
  store<u32>(subscription, MONOTONIC, 16);
  store<u64>(subscription, MILLISECOND, 24);
}

/** Sleeps for a millisecond, where the host can. */
export function pause(): void {
  memory.fill(polling, 0, COUNT + 4);
  sleepAt(polling);
  poll_oneoff(polling, polling + EVENTS, 1, polling + COUNT);
}
