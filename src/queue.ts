/** A queue whose links lie in its members: putting in, taking out and appending allocate nothing and take one step. */

/** A member's links. It is in one queue at most. */
export interface Queued<T extends Queued<T>> {
  /** The queue that it is in. */
  queue: Queue<T> | undefined;
  before: T | undefined;
  behind: T | undefined;
}

/** First in, first out, with removal from anywhere. */
export class Queue<T extends Queued<T>> {
  first: T | undefined;
  #last: T | undefined;

  /** Puts a member, which is in no queue, behind the last. */
  push(member: T): void {
    member.queue = this;
    member.before = this.#last;
    member.behind = undefined;
    if (this.#last === undefined) this.first = member;
    else this.#last.behind = member;
    this.#last = member;
  }

  /** Takes a member of this queue out. */
  remove(member: T): void {
    if (member.before === undefined) this.first = member.behind;
    else member.before.behind = member.behind;
    if (member.behind === undefined) this.#last = member.before;
    else member.behind.before = member.before;
    member.queue = undefined;
    member.before = undefined;
    member.behind = undefined;
  }

  /** Moves all of another queue's members behind the last. */
  append(other: Queue<T>): void {
    for (let member = other.first; member !== undefined; member = other.first) {
      other.remove(member);
      this.push(member);
    }
  }
}
