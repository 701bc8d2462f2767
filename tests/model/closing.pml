/*
 * The end of a stream: its writer ends it, or is killed anywhere, also in the middle of a frame, and is declared dead by who
 * waits for it. A frame has two halves. A second writer comes at any time, and takes the side only if it is free.
 * assembly/buf/span.ts (publish, stop), window.ts (lookAtRest), exports/shared.ts (writerTake).
 */
#ifndef TOTAL
#define TOTAL 3
#endif
#define OPEN 0
#define ENDED 1
#define FAILED 2

bool all_committed_arrives = false, no_partial_frame = false, one_writer = false, first_word_counts = false;
bool a_living_end_is_no_failure = false;

byte low[TOTAL], high[TOTAL];
byte READY = 0, STATE = OPEN, SIDE = 0;
/* For the properties only. */
byte writers = 0, told = OPEN;
bool dead = false, done = false;

inline stop(word) {
#ifdef FAULT_LAST_WORD_COUNTS
  STATE = word;
  atomic { if :: told == OPEN -> told = word :: else fi }
#else
  atomic { if :: STATE == OPEN -> STATE = word; told = word :: else fi }
#endif
}

proctype writer() {
  byte ready, side;
#ifdef FAULT_SIDE_NOT_COMPARED
  side = SIDE;
  if :: side != 0 -> goto refused :: else fi;
  SIDE = 1;
#else
  atomic { side = SIDE; SIDE = 1 };
  if :: side != 0 -> goto refused :: else fi;
#endif
  writers++;
  assert(writers == 1 || one_writer);
  ready = READY;
  do
  :: ready == TOTAL -> break
  :: ready < TOTAL ->
     if
     :: true -> dead = true; goto gone
     :: true
     fi;
     low[ready] = ready + 1;
#ifdef FAULT_HALF_A_FRAME
     READY = ready + 1;
#endif
     if
     :: true -> dead = true; goto gone
     :: true
     fi;
     high[ready] = ready + 1;
     atomic { ready++; READY = ready }
  od;
#ifdef FAULT_END_BEFORE_COMMIT
  if :: READY == TOTAL -> READY = TOTAL - 1 :: else fi;
  stop(ENDED);
  READY = TOTAL;
#else
  stop(ENDED);
#endif
  done = true;
refused:
gone:
  skip
}

proctype reader() {
  byte read = 0, ready, state;
  do
  :: true ->
     ready = READY;
     if
     :: ready > read -> goto deliver
     :: else
     fi;
     state = STATE;
     if
     :: state == OPEN ->
        /* Sleeps, until there is something, or the lease of one that is dead is over. */
        READY > read || STATE != OPEN || dead;
        if
        :: dead && STATE == OPEN && READY == read -> stop(FAILED)
        :: else
        fi;
        goto again
     :: else
     fi;
#ifndef FAULT_STATE_BEHIND_READY
     /* The last commit may have come between the two loads. */
     ready = READY;
#endif
     if
     :: ready > read
     :: else -> break
     fi;
deliver:
     assert((low[read] == read + 1 && high[read] == read + 1) || no_partial_frame);
     read++;
again:
     ready = 0; state = 0
  od;
  assert(read == READY || all_committed_arrives);
  assert(STATE == told || first_word_counts);
  assert(STATE == FAILED || done || STATE == ENDED || a_living_end_is_no_failure)
}

/* Another thread that believes the writer dead: its program has told it so, rightly or not. */
proctype watcher() {
  if
  :: dead -> stop(FAILED)
  :: done -> stop(FAILED); assert(STATE == ENDED || first_word_counts)
  fi
}

init { atomic { run writer(); run writer(); run reader(); run watcher() } }
