/*
 * The ring: cursors, the margin and holds. One writer and READERS readers on threads of their own move TOTAL frames through
 * CAP frames and a margin of W. A frame is its own sequence, so whatever is read out of place shows.
 *
 * Each statement is one step that other threads see: loads and stores of cursors are sequentially consistent atomics, those
 * of frames (mem) are plain, one frame at a time, and keep their side of the atomics around them: what stands before a
 * cursor's store is there for who loads it. assembly/buf/{span,window,margin,hold,cursor}.ts are the code.
 */
#ifndef CAP
#define CAP 3
#endif
#ifndef W
#define W 2
#endif
#ifndef READERS
#define READERS 1
#endif
#ifndef TOTAL
#define TOTAL 7
#endif
#define FIRST CAP
#define END (FIRST + TOTAL)
#define NONE 255
#define FREE 0
#define TAKING 1
#define TAKEN 2

/* Properties: each stands in the assertion that checks it, and is its name. */
bool no_torn_window = false, holds_stay = false, writer_within_capacity = false;

byte mem[CAP + W];
byte READY = FIRST, RELEASED = FIRST, MIRRORED = 0;
byte FLOOR[2];
byte HOLD_ID[2], HOLD_START[2];

#define FREED(reader, to) (FLOOR[reader] >= (to) && (HOLD_ID[reader] != TAKEN || HOLD_START[reader] >= (to)))
#define ALL_FREED(to) (FREED(0, to) && (READERS == 1 || FREED(1, to)))

inline lookAtFloors() {
  i = 0;
  do
  :: atomic { i < READERS -> floor = (FLOOR[i] < floor -> FLOOR[i] : floor); i++ }
  :: else -> break
  od
}

inline lookAtHolds() {
  i = 0;
  do
  :: i < READERS ->
     if
     :: HOLD_ID[i] == TAKEN -> floor = (HOLD_START[i] < floor -> HOLD_START[i] : floor)
     :: else
     fi;
     i++
  :: else -> break
  od;
  i = 0
}

proctype writer() {
  byte ready = FIRST, n, m, i = 0, floor;
  do
  :: ready == END -> break
  :: else ->
     atomic { select(n : 1 .. W); if :: ready + n > END -> n = END - ready :: else fi };
     /* reserve: the cached bound first, then every floor and every hold; as much of n as there is room for */
     do
     :: ready < RELEASED + CAP ->
        if :: ready + n > RELEASED + CAP -> n = RELEASED + CAP - ready :: else fi;
        break
     :: else ->
        ALL_FREED(ready + 1 - CAP);
        floor = NONE;
#ifdef FAULT_HOLDS_BEFORE_FLOORS
        lookAtHolds(); lookAtFloors(); i = 0;
#else
        lookAtFloors(); lookAtHolds();
#endif
#ifdef FAULT_WRITER_PAST_FLOOR
        RELEASED = floor + 1
#else
        RELEASED = (floor > RELEASED -> floor : RELEASED)
#endif
     od;
     assert(ready + n <= FLOOR[0] + CAP || writer_within_capacity);
#ifdef FAULT_READY_BEFORE_FRAMES
     READY = ready + n;
#endif
     do
     :: atomic { i < n -> mem[ready % CAP + i] = ready + i; i++ }
     :: else -> i = 0; break
     od;
     /* commit: all of the span or less of it; what lies in the margin is put in its place before it is seen */
     atomic { select(m : 1 .. n) };
#ifdef FAULT_READY_BEFORE_FRAMES
     m = n;
#endif
#ifdef FAULT_READY_BEFORE_SETTLE
     READY = ready + m;
#endif
     if
     :: ready % CAP + m > CAP ->
        do
        :: atomic { ready % CAP + m > CAP + i -> mem[i] = mem[CAP + i]; i++ }
        :: else -> i = 0; break
        od;
        MIRRORED = ready + m
     :: else
     fi;
     atomic { READY = ready + m; ready = ready + m; n = 0; m = 0; floor = 0 }
  od
}

/* One frame at a time, as whoever looks at the window sees it. */
inline check(from, frames, name) {
  i = 0;
  do
  :: atomic { i < frames -> assert(mem[(from) % CAP + i] == (from) + i || name); i++ }
  :: else -> i = 0; break
  od
}

proctype reader(byte me) {
  byte read = FIRST, n, hop, i = 0, lap, mirrored, frame, held = NONE, heldFrames;
  do
  :: read == END -> break
  :: else ->
     atomic { select(n : 1 .. W); if :: read + n > END -> n = END - read :: else fi };
     /* Who holds a window and waits for more than fits beside it waits for ever: it gives the hold back before it waits. */
     if
     :: READY >= read + n
     :: READY < read + n && held != NONE ->
        check(held, heldFrames, holds_stay);
        HOLD_ID[me] = FREE; held = NONE; heldFrames = 0;
        READY >= read + n
     :: READY < read + n && held == NONE -> READY >= read + n
     fi;
     if
     :: read % CAP + n > CAP ->
        lap = read + CAP - read % CAP;
        atomic { mirrored = MIRRORED; if :: mirrored < lap -> mirrored = lap :: else fi };
#ifdef FAULT_MIRRORED_BEFORE_COPY
        if :: mirrored < read + n -> MIRRORED = read + n :: else fi;
#endif
        i = mirrored - lap;
#ifndef FAULT_NO_COPY
        do
        :: atomic { lap + i < read + n -> frame = mem[i] }; atomic { mem[CAP + i] = frame; i++ }
        :: else -> i = 0; break
        od;
#endif
        if :: mirrored < read + n -> MIRRORED = read + n :: else fi;
        i = 0; lap = 0; mirrored = 0; frame = 0
     :: else
     fi;
     check(read, n, no_torn_window);
     atomic { select(hop : 1 .. n) };
#ifdef FAULT_FLOOR_BEFORE_HOLD
     FLOOR[me] = read + hop;
#endif
     if
     :: held == NONE ->
        HOLD_ID[me] = TAKING; HOLD_START[me] = read; HOLD_ID[me] = TAKEN;
        held = read; heldFrames = n
     :: true
     fi;
     /* Still the same, up to the moment that it is given back. */
     check(read, n, no_torn_window);
     atomic { read = read + hop; FLOOR[me] = read; n = 0; hop = 0 };
     if
     :: held != NONE ->
        check(held, heldFrames, holds_stay);
        HOLD_ID[me] = FREE; held = NONE; heldFrames = 0
     :: held != NONE
     :: held == NONE
     fi
  od;
  if
  :: held != NONE -> check(held, heldFrames, holds_stay); HOLD_ID[me] = FREE
  :: else
  fi
}

init {
  atomic {
    FLOOR[0] = FIRST; FLOOR[1] = FIRST;
    run writer(); run reader(0);
#if READERS > 1
    run reader(1)
#endif
  }
}
