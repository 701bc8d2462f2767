/** Polls against their one-line model, over random histories of many rings. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Arena, Reader } from "../../src/index.js";
import { type PollAnswer, PollSet, poll } from "../../src/poll.js";
import { builds } from "../flow/support.js";
import { cut, microtasks, ringOf } from "./support.js";

const rings = 5;

/** What is done to ring `at`. */
interface Step {
  do: "push" | "advance" | "add" | "end" | "fail" | "delete" | "close" | "restart";
  at: number;
  count: number;
}

/** What is asked between the steps. */
interface Ask {
  do: "poll";
  most: number;
  min: number;
}

const at = fc.nat(rings - 1);
const count = fc.integer({ min: 1, max: 9 });
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(
    "push",
    "push",
    "push",
    "advance",
    "advance",
    "add",
    "add",
    "end",
    "fail",
    "delete",
    "close",
    "restart",
  ),
  at,
  count,
});
const ask: fc.Arbitrary<Ask> = fc.record({
  do: fc.constant("poll"),
  most: fc.constantFrom(1, 2, rings, 99),
  min: fc.constantFrom(1, 1, 1, 4),
});

type Ring = Reader<"u8">;
type State = PollAnswer["state"];

/** A ring as the model has it. */
class Modelled {
  available = 0;
  end: State | undefined;
  open = true;
  inSet = false;
  /** Frames asked for; undefined for the common number. */
  min: number | undefined;

  /** The whole specification of an answer; undefined for none. */
  state(common: number): State | undefined {
    return !this.open ? "closed" : this.available >= (this.min ?? common) ? "ready" : this.end;
  }
}

/** A set, its rings, and their model side by side. */
class World {
  readonly set = new PollSet<Ring>();
  readonly rings: Ring[];
  readonly model = new Map<Ring, Modelled>();
  readonly #arena: Arena;

  constructor(arena: Arena) {
    this.#arena = arena;
    this.rings = Array.from({ length: rings }, () => ringOf(arena).reader);
    for (const ring of this.rings) this.model.set(ring, new Modelled());
  }

  /** Does one step to both; one that makes no sense now does nothing. */
  do({ do: what, at, count }: Step): void {
    const ring = this.rings[at]!;
    const { buf } = ring;
    const modelled = this.model.get(ring)!;
    if (what === "delete") {
      expect(this.set.delete(ring)).toBe(modelled.inSet);
      modelled.inSet = false;
    }
    if (!modelled.open) return;
    if (what === "push" && !modelled.end) modelled.available += buf.pushSome(new Uint8Array(count));
    if (what === "advance") modelled.available -= ring.skip(count);
    if (what === "add") {
      modelled.min = count === 9 ? undefined : count;
      modelled.inSet = true;
      this.set.add(ring, count === 9 ? {} : { min: count });
    }
    if (what === "end") {
      modelled.end ??= "ended";
      buf.end();
    }
    if (what === "fail") {
      modelled.end ??= "failed";
      buf.fail(cut());
    }
    if (what === "restart") {
      buf.restart();
      modelled.available = 0;
      modelled.end = undefined;
    }
    if (what === "close") {
      buf.close();
      modelled.open = false;
    }
  }

  /** Who should be answered, and how. */
  expected(common = 1): Map<Ring, State> {
    const wanted = new Map<Ring, State>();
    for (const [ring, modelled] of this.model) {
      const state = modelled.state(common);
      if (modelled.inSet && state) wanted.set(ring, state);
    }
    return wanted;
  }

  /** The same as text, to be compared. */
  told(wanted: Iterable<readonly [Ring, State]>): string[] {
    return [...wanted].map(([ring, state]) => `${this.rings.indexOf(ring)}:${state}`).sort();
  }

  /** Notes what was answered: a closed ring has left the set. */
  note(answers: readonly PollAnswer<Ring>[]): void {
    for (const { flow, state, fault } of answers) {
      expect(fault).toBe(state === "failed" ? flow.buf.fault : undefined);
      if (state === "closed") this.model.get(flow)!.inSet = false;
    }
    const members = this.rings.filter((ring) => this.model.get(ring)!.inSet);
    expect(this.set.size).toBe(members.length);
    expect(members.every((ring) => this.set.has(ring))).toBe(true);
    expect([...this.set].every((ring) => members.includes(ring))).toBe(true);
  }

  close(): void {
    for (const { buf } of this.rings) buf.close();
    expect(this.#arena.used).toBe(0);
    this.#arena.close();
  }
}

it.each(builds)(
  "a poll answers what the model answers, what it did not answer last time first ($build)",
  ({ makeArena }) => {
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 2, arbitrary: step }, ask), { maxLength: 60 }), (steps) => {
        const world = new World(makeArena());
        let last = new Set<Ring>();
        for (const step of steps) {
          if (step.do !== "poll") {
            world.do(step);
            continue;
          }
          const wanted = world.expected(step.min);
          const answers = [...world.set.now(step)];
          for (const { flow, state } of answers) expect(state).toBe(wanted.get(flow));
          const flows = answers.map(({ flow }) => flow);
          expect(new Set(flows).size).toBe(Math.min(step.most, wanted.size));
          expect(flows.length).toBe(Math.min(step.most, wanted.size));
          const again = flows.map((flow) => last.has(flow));
          expect(again).toEqual([...again].sort());
          if (again.includes(true)) {
            for (const ring of wanted.keys()) if (!last.has(ring)) expect(flows).toContain(ring);
          }
          last = new Set(flows);
          world.note(answers);
        }
        world.close();
      }),
      { numRuns: 300 },
    );
  },
);

it("no flow is passed over for longer than it takes to answer all others once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(at, { maxLength: 30 }), (most, refilled) => {
      const world = new World(builds[0]!.makeArena());
      for (let at = 0; at < rings; at++) {
        world.do({ do: "add", at, count: 1 });
        world.do({ do: "push", at, count: 9 });
      }
      const passedOver = new Map(world.rings.map((ring) => [ring, 0]));
      for (const at of refilled) {
        world.do({ do: "push", at, count: 1 });
        for (const ring of world.rings) passedOver.set(ring, passedOver.get(ring)! + 1);
        for (const { flow } of world.set.now({ most })) {
          passedOver.set(flow, 0);
          flow.skip(1);
          flow.buf.pushSome([1]);
        }
        expect(Math.max(...passedOver.values())).toBeLessThan(Math.ceil(rings / most));
      }
      world.close();
    }),
  );
});

it("a waiting poll ends as soon as the model has an answer, and not before", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const world = new World(builds[0]!.makeArena());
      const { signal } = new AbortController();
      let answers: readonly PollAnswer<Ring>[] | undefined;
      const wait = async () => {
        answers = undefined;
        answers = await poll(world.set, { signal });
      };
      let waiting = wait();
      for (const step of steps) {
        world.do(step);
        const wanted = world.expected();
        await microtasks();
        expect(world.told((answers ?? []).map(({ flow, state }) => [flow, state]))).toEqual(world.told(wanted));
        expect(answers === undefined).toBe(wanted.size === 0);
        if (!answers) continue;
        await waiting;
        world.note(answers);
        // What is ready is read and what has ended leaves: then there is no answer, and the next poll waits.
        for (const { flow } of answers) {
          const at = world.rings.indexOf(flow);
          world.do({ do: "advance", at, count: 99 });
          if (world.expected().has(flow)) world.do({ do: "delete", at, count: 1 });
        }
        waiting = wait();
        await microtasks();
        expect(answers).toBe(undefined);
      }
      world.close();
      await microtasks();
    }),
    { numRuns: 150 },
  );
});
