/*
 * Sleeping and waking: who sleeps says what for, looks once more, and sleeps on a word of its own; who makes something there
 * looks afterwards whether somebody sleeps. Frames are counted only. No wait here has an end by time, so that a wake-up that
 * is lost leaves somebody asleep for ever, which the model checker calls an invalid end state. assembly/buf/waking.ts.
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
#define TOTAL 4
#endif
/* Who asks for W frames and who asks for room for W must not wait for each other: 2 W − 1 ≤ CAP. */
#define FIRST CAP
#define END (FIRST + TOTAL)

bool no_early_wake = false, rung_when_met = false, no_frame_lost = false;

byte READY = FIRST, WAITING = 0, ROOM_WANTED = 0;
bool OPEN = true;
byte FLOOR[2], WAKE_AT[2], WORD[3];
bool asleep[3];

#define ALL_FLOORS(to) (FLOOR[0] >= (to) && (READERS == 1 || FLOOR[1] >= (to)))

/*
 * Atomics.wait: looks at the word and falls asleep in one step. A notification for the word as it was before may come late and
 * wake who sleeps on it as it is now; that one sleeps on.
 */
inline sleepOn(who, value) {
  do
  :: WORD[who] != value -> break
  :: atomic { WORD[who] == value -> asleep[who] = true }; !asleep[who]
  od
}

/* The word changes, then all who sleep on it wake. */
inline ring(who) { WORD[who]++; asleep[who] = false }

inline takeAway(r, all) {
#ifdef FAULT_WAITS_BY_BIT
  /* The reader's bit is cleared whatever it waits for by now. */
  atomic { took = (WAITING & (1 << r)) != 0; WAITING = WAITING & ~(1 << r) };
  assert(!took || WAKE_AT[r] <= READY || all || rung_when_met);
#else
  atomic { took = (WAKE_AT[r] == target && target != 0); if :: took -> WAKE_AT[r] = 0 :: else fi };
  assert(!took || target <= READY || all || rung_when_met);
#endif
  if :: took -> ring(r) :: else fi
}

inline wakeReaders(all) {
  if
  :: WAITING != 0 ->
     seen = READY; waiting = WAITING; r = 0;
     do
     :: r < READERS ->
        if
        :: (waiting & (1 << r)) != 0 ->
           target = WAKE_AT[r];
           if
           :: target == 0 || (!all && target > seen)
           :: else -> takeAway(r, all)
           fi
        :: else
        fi;
        r++
     :: else -> break
     od;
     seen = 0; waiting = 0; r = 0; target = 0; took = false
  :: else
  fi
}

proctype writer() {
  byte ready = FIRST, n, value, wanted, seen = 0, waiting = 0, r = 0, target = 0;
  bool took = false, taken;
  do
  :: ready == END -> break
  :: else ->
     select(n : 1 .. W);
     if :: ready + n > END -> n = END - ready :: else fi;
     do
     :: ALL_FLOORS(ready + n - CAP) -> break
     :: else ->
        value = WORD[2];
        wanted = ready + n - CAP;
        ROOM_WANTED = wanted;
#ifndef FAULT_WRITER_LOOKS_ONCE
        if
        :: ALL_FLOORS(wanted) ->
           /* Whoever took it away is about to ring: that is waited for, so that it does not end the next sleep. */
           atomic { taken = (ROOM_WANTED == 0); ROOM_WANTED = 0 };
           if :: taken -> sleepOn(2, value) :: else fi
        :: else ->
#endif
           sleepOn(2, value);
           assert(ALL_FLOORS(wanted) || no_early_wake)
#ifndef FAULT_WRITER_LOOKS_ONCE
        fi
#endif
        value = 0; wanted = 0; taken = false
     od;
#ifdef FAULT_WAKE_BEFORE_READY
     wakeReaders(false);
     READY = ready + n;
#else
     READY = ready + n;
     wakeReaders(false);
#endif
     ready = ready + n; n = 0
  od;
  OPEN = false;
#ifndef FAULT_END_WAKES_NOBODY
  wakeReaders(true)
#endif
}

inline wakeWriter() {
  room = ROOM_WANTED;
  if
  :: room != 0 && ALL_FLOORS(room) ->
     atomic { taken = (ROOM_WANTED == room); if :: taken -> ROOM_WANTED = 0 :: else fi };
     if :: taken -> ring(2) :: else fi
  :: else
  fi;
  room = 0; taken = false
}

proctype reader(byte me) {
  byte read = FIRST, n, value, room = 0;
  bool taken = false;
  do
  :: !OPEN && READY == read -> break
  :: else ->
     /* It may ask for more than will ever come: then the end wakes it. */
     select(n : 1 .. W);
     do
     :: READY >= read + n -> break
     :: !OPEN -> n = READY - read; break
     :: else ->
        value = WORD[me];
        WAKE_AT[me] = read + n;
        WAITING = WAITING | (1 << me);
        if
#ifndef FAULT_READER_LOOKS_ONCE
        :: !(OPEN && READY < read + n)
        :: OPEN && READY < read + n ->
#else
        :: true ->
#endif
           if
           /* A wait that is given up, as by its signal or its time. */
           :: true
           :: true ->
              sleepOn(me, value);
              assert(READY >= read + n || !OPEN || no_early_wake)
           fi
        fi;
#ifdef FAULT_WAITS_BY_BIT
        WAITING = WAITING & ~(1 << me);
#else
        atomic { taken = (WAKE_AT[me] == 0); WAKE_AT[me] = 0 };
        WAITING = WAITING & ~(1 << me);
        if :: taken -> sleepOn(me, value) :: else fi;
#endif
        value = 0; taken = false
     od;
     read = read + n; n = 0;
#ifdef FAULT_WAKE_BEFORE_FLOOR
     wakeWriter(); FLOOR[me] = read
#else
     FLOOR[me] = read; wakeWriter()
#endif
  od;
  assert(read == END || no_frame_lost)
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
