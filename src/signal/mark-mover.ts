/**
 * Moves marks through an operator. A mark of input frame p of a stretch belongs to output frame floor((p + delay) · up / down)
 * of it. Where the stretch ends before that frame, it belongs to the last one; where not even the frame floor(p · up / down)
 * came, because what was left at the end was too little to make it, to the first frame behind the gap.
 *
 * So that this does not depend on how the input was cut, one output frame may have to wait: the last one made is held back
 * while a mark that is still to come, or one that waits for its frame, could belong to it.
 */
import { type Mark, type Scale, scaled, type Timeline } from "./timeline.js";

/** The marks of one stretch on their way. Positions here count from the stretch's begin. */
export class MarkMover {
  readonly #scale: Scale;
  readonly #output: Timeline;
  readonly #waiting: Mark[] = [];

  constructor(scale: Scale, output: Timeline) {
    this.#scale = scale;
    this.#output = output;
  }

  /** Marks of input frames come; `stretch` is where theirs begins. */
  take(marks: readonly Mark[], stretch: number): void {
    // Nearly always there are none; V8 makes an iterator to find that a frozen array is empty.
    if (marks.length === 0) return;
    for (const { position, value } of marks) this.#waiting.push({ position: position - stretch, value });
  }

  /** Frames up to `made` of the stretch that begins at `start` have been made: their marks are put to them. */
  place(made: number, start: number): void {
    while (this.#waiting.length > 0) {
      const mark = this.#waiting[0] as Mark;
      const at = scaled(mark.position, this.#scale.up, this.#scale.down, this.#scale.delay);
      if (at >= made) return;
      this.#output.addMark({ position: start + at, value: mark.value });
      this.#waiting.shift();
    }
  }

  /** Whether a mark may still come to belong to the last of `made` frames, made of `taken` ones. */
  holdsLast(made: number, taken: number): boolean {
    const { up, down } = this.#scale;
    if (made > scaled(taken, up, down)) return true;
    const mark = this.#waiting[0];
    return mark !== undefined && scaled(mark.position, up, down) < made;
  }

  /** The stretch has ended with `made` frames, whose own marks are placed. */
  end(made: number, start: number): void {
    for (const { position, value } of this.#waiting) {
      const came = scaled(position, this.#scale.up, this.#scale.down) < made;
      this.#output.addMark({ position: start + (came ? made - 1 : made), value });
    }
    this.#waiting.length = 0;
  }
}
