/*
 * Readers that come and go while the writer looks at their floors. Two readers read on and close at any point; a third one
 * opens at any point, on a line that is free. assembly/buf/{reader,cursor}.ts: openShared, closeShared, updateReleasedShared.
 */
#ifndef CAP
#define CAP 2
#endif
#ifndef TOTAL
#define TOTAL 4
#endif
#ifndef OPENERS
#define OPENERS 1
#endif
#ifndef LINES
#define LINES 3
#endif
#define FIRST CAP
#define END (FIRST + TOTAL)
#define NONE 255
#define FREE 0
#define TAKING 1
#define USED 2
#define CLOSING 3

bool no_overwritten_frame = false, unread_frames_wait = false, no_reader_too_many = false;

byte mem[CAP];
byte READY = FIRST, RELEASED = FIRST, EPOCH = 0, LEFT_OFF = 0;
byte ID[LINES], FLOOR[LINES];
/* For the properties only: readers open, readers closed, and what the one that was closed last had not done with. */
byte open = 2, closed = 0, lastFloor;
bool scanning = false;

#define OUT(line, to) (ID[line] < USED || FLOOR[line] >= (to))
#if LINES == 3
#define ANY (ID[0] >= USED || ID[1] >= USED || ID[2] >= USED)
#define ROOMY(to) ((ANY && OUT(0, to) && OUT(1, to) && OUT(2, to)) || (!ANY && LEFT_OFF >= (to)))
#else
#define ANY (ID[0] >= USED || ID[1] >= USED)
#define ROOMY(to) ((ANY && OUT(0, to) && OUT(1, to)) || (!ANY && LEFT_OFF >= (to)))
#endif

/* floorShared: line by line, the ID and then the floor. */
inline lookAtFloors() {
  floor = NONE;
  do
  :: atomic { i < LINES && ID[i] < USED -> i++ }
  :: i < LINES && ID[i] >= USED -> atomic { floor = (FLOOR[i] < floor -> FLOOR[i] : floor); i++ }
  :: i == LINES -> break
  od;
  atomic { i = 0; if :: floor == NONE -> floor = LEFT_OFF :: else fi }
}

proctype writer() {
  byte ready = FIRST, before, epoch, floor, i = 0;
end:
  do
  :: ready == END -> break
  :: else ->
     do
     :: ready < RELEASED + CAP -> break
     :: else ->
        /* Without a reader that goes on there may never be room: then waiting here is no fault. */
end2:   ROOMY(ready + 1 - CAP);
        before = RELEASED;
        do
        :: true ->
           atomic { epoch = EPOCH; scanning = true };
           lookAtFloors();
           atomic { RELEASED = (floor > before -> floor : before); scanning = false };
#ifdef FAULT_NO_EPOCH
           break
#else
           if :: EPOCH == epoch -> break :: else fi
#endif
        od;
        atomic { before = 0; epoch = 0; floor = 0 }
     od;
     mem[ready % CAP] = ready;
     atomic { ready++; READY = ready }
  od
}

inline leave(line) {
#ifdef FAULT_FREE_BEFORE_LEFT_OFF
  ID[line] = TAKING;
  LEFT_OFF = read;
#else
  ID[line] = CLOSING;
  lookAtFloors();
  LEFT_OFF = floor;
#endif
  atomic { ID[line] = FREE; open--; closed++; lastFloor = read }
}

proctype reader(byte line) {
  byte read = FIRST, floor, i = 0;
  do
  :: atomic { READY > read -> assert(mem[read % CAP] == read || no_overwritten_frame) };
     atomic { read++; FLOOR[line] = read }
  :: true -> break
  od;
  /*
   * One after the other, and not within one look of the writer's: of two that close within one, either may count as the last,
   * which is of no consequence: what either had done with was read.
   */
  line == 0 || (closed == 1 && !scanning);
  leave(line)
}

proctype opener() {
  byte line = 0, oldest, released, floor, i = 0, read;
  bool alone;
  alone = (closed == 2);
  do
  :: line == LINES -> goto refused
#ifdef FAULT_LINE_NOT_COMPARED
  :: line < LINES && ID[line] == FREE -> ID[line] = TAKING; break
#else
  :: atomic { line < LINES && ID[line] == FREE -> ID[line] = TAKING; break }
#endif
  :: atomic { line < LINES && ID[line] != FREE -> line++ }
  od;
  released = RELEASED;
  lookAtFloors();
  atomic { oldest = (floor > released -> floor : released); FLOOR[line] = oldest };
  atomic { ID[line] = USED; open++ };
  assert(open <= LINES || no_reader_too_many);
  EPOCH++;
#ifndef FAULT_OPENER_LOOKS_ONCE
  do
  :: released = RELEASED;
     if
     :: released > oldest -> oldest = released; FLOOR[line] = oldest
     :: else -> break
     fi
  od;
#endif
  assert(!alone || OPENERS > 1 || oldest <= lastFloor || unread_frames_wait);
  atomic { read = oldest; oldest = 0; released = 0; floor = 0 };
  do
  :: read == END -> break
  :: else ->
     atomic { READY > read -> assert(mem[read % CAP] == read || no_overwritten_frame) };
     atomic { read++; FLOOR[line] = read }
  od;
refused:
  skip
}

init {
  atomic {
    ID[0] = USED; ID[1] = USED; FLOOR[0] = FIRST; FLOOR[1] = FIRST;
    run writer(); run reader(0); run reader(1); run opener()
#if OPENERS > 1
    ; run opener()
#endif
  }
}
