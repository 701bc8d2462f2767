/*
 * Lossy readers: the writer never waits for them. It says in HEAD how far it may be writing, then writes; a reader looks at
 * frames, then at HEAD. Frames are plain, HEAD and READY are atomics: what keeps a plain store behind the store of HEAD, and
 * plain loads before the load of HEAD, is a fence. Without it the machine may do them in the other order, and so does the
 * model. assembly/buf/{lossy,span}.ts.
 */
#ifndef CAP
#define CAP 3
#endif
#ifndef W
#define W 2
#endif
#ifndef TOTAL
#define TOTAL 9
#endif
#define FIRST CAP
#define END (FIRST + TOTAL)

bool no_overwritten_frame = false, delivered_and_lost_are_sent = false, position_within_ready = false;

byte mem[CAP];
byte READY = FIRST, HEAD = FIRST;
bool OPEN = true;

proctype writer() {
  byte ready = FIRST, n, m, i = 0;
  do
  :: ready == END -> break
  :: else ->
     select(n : 1 .. W);
     if :: ready + n > END -> n = END - ready :: else fi;
#ifdef FAULT_NO_FENCE_BEHIND_HEAD
     if
     :: true -> mem[ready % CAP] = ready; i = 1
     :: true
     fi;
#endif
#ifndef FAULT_NO_HEAD
     if :: ready + n > HEAD -> HEAD = ready + n :: else fi;
#endif
     do
     :: i < n -> mem[(ready + i) % CAP] = ready + i; i++
     :: else -> i = 0; break
     od;
     select(m : 1 .. n);
     READY = ready + m;
     ready = ready + m; n = 0; m = 0
  od;
  OPEN = false
}

/* The oldest frame that nobody has begun to overwrite. */
inline oldestIntact() { oldest = HEAD - CAP }

inline placeBehindLap() {
  ready = READY;
  to = ready - CAP / 2;
  if :: to < oldest -> to = oldest :: else fi;
  if :: to > ready -> to = ready :: else fi;
  lost = lost + to - read; read = to; to = 0; ready = 0
}

proctype reader() {
  byte read = FIRST, ready, oldest, n, hop, i = 0, to, delivered = 0, lost = 0;
  bool open, intact, copied;
  do
  :: true ->
     select(n : 1 .. W);
     /* look: the state first, then what is ready, then what is intact */
     open = OPEN; ready = READY; oldestIntact();
     if
     :: read < oldest -> placeBehindLap(); goto next
     :: else
     fi;
     assert(read <= ready || position_within_ready);
     if
     :: ready - read >= n
     :: else ->
        if
        :: open -> READY > ready || !OPEN; goto next
        :: else -> n = ready - read
        fi
     fi;
     if :: n == 0 -> break :: else fi;
     /* across the ring's end: a copy that is checked at once; otherwise the frames themselves, checked when they are passed */
     copied = (read % CAP + n > CAP);
#ifdef FAULT_NO_FENCE_BEFORE_HEAD
     oldestIntact();
#endif
     intact = true;
     do
     :: i < n -> if :: mem[(read + i) % CAP] != read + i -> intact = false :: else fi; i++
     :: else -> i = 0; break
     od;
     select(hop : 1 .. n);
#ifdef FAULT_COPY_NOT_CHECKED
     if :: !copied -> oldestIntact() :: else fi;
#endif
#ifndef FAULT_NO_FENCE_BEFORE_HEAD
#ifndef FAULT_COPY_NOT_CHECKED
     oldestIntact();
#endif
#endif
     if
     :: oldest > read && copied -> placeBehindLap()
     :: oldest > read && !copied -> lost = lost + hop; read = read + hop
     :: else ->
        assert(intact || no_overwritten_frame);
        delivered = delivered + hop; read = read + hop
     fi;
next:
     ready = 0; oldest = 0; n = 0; hop = 0; open = false; intact = false; copied = false
  od;
  assert(delivered + lost == TOTAL || delivered_and_lost_are_sent)
}

init { atomic { run writer(); run reader() } }
