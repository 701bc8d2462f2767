/**
 * A trigger: finds the frames where a channel crosses a level, with hysteresis and hold-off.
 *
 * Two edges are watched, each with a threshold that arms it and one that fires it. A rising one is armed by x ≤ armRising and
 * fires, once, at the first frame then with x ≥ fireRising; a falling one is its mirror image. A threshold that is NaN is never
 * reached: that edge is not watched. While frames of the hold-off are left, an edge that fires is spent and does not count.
 *
 *     state   0          4           8           12           16       20            24
 *             ┌──────────┬───────────┬───────────┬────────────┬────────┬─────────────┬───────────┐
 *             │ arm      │ fire      │ arm       │ fire       │ armed: │ frames of   │ of it are │
 *             │ rising   │ rising    │ falling   │ falling    │ 1, 2   │ hold-off    │ left      │
 *             └──────────┴───────────┴───────────┴────────────┴────────┴─────────────┴───────────┘
 */
import { findBeyond } from "../kernel/crossing";

const ARM_RISING: usize = 0;
const FIRE_RISING: usize = 4;
const ARM_FALLING: usize = 8;
const FIRE_FALLING: usize = 12;
const ARMED: usize = 16;
const HOLD_OFF: usize = 20;
const LEFT: usize = 24;

/** Bytes of the state. */
export const TRIGGER_BYTES: usize = 28;

const RISING: u32 = 1;
const FALLING: u32 = 2;

export function resetTrigger(
  state: usize,
  armRising: f32,
  fireRising: f32,
  armFalling: f32,
  fireFalling: f32,
  holdOff: u32,
): void {
  store<f32>(state, armRising, ARM_RISING);
  store<f32>(state, fireRising, FIRE_RISING);
  store<f32>(state, armFalling, ARM_FALLING);
  store<f32>(state, fireFalling, FIRE_FALLING);
  store<u32>(state, 0, ARMED);
  store<u32>(state, holdOff, HOLD_OFF);
  store<u32>(state, 0, LEFT);
}

/**
 * Goes over frames until an edge counts. Answers its frame's index · 2, plus 1 if it falls; that frame is taken, so that the
 * next call begins behind it. Without one all frames are taken, and the answer is `frames` · 2.
 */
export function nextTrigger(source: usize, frames: usize, stride: usize, state: usize): usize {
  const armRising = load<f32>(state, ARM_RISING);
  const fireRising = load<f32>(state, FIRE_RISING);
  const armFalling = load<f32>(state, ARM_FALLING);
  const fireFalling = load<f32>(state, FIRE_FALLING);
  let armed = load<u32>(state, ARMED);
  let left = usize(load<u32>(state, LEFT));
  let index: usize = 0;
  let answer: usize = 2 * frames;
  while (index < frames) {
    const low = lower((armed & FALLING) != 0 ? fireFalling : f32.NaN, (armed & RISING) != 0 ? f32.NaN : armRising);
    const high = -lower(
      -((armed & RISING) != 0 ? fireRising : f32.NaN),
      -((armed & FALLING) != 0 ? f32.NaN : armFalling),
    );
    index += findBeyond(source + 4 * stride * index, frames - index, stride, low, high);
    if (index == frames) break;
    const x = load<f32>(source + 4 * stride * index);
    const rises = (armed & RISING) != 0 && x >= fireRising;
    const falls = (armed & FALLING) != 0 && x <= fireFalling;
    if (rises) armed &= ~RISING;
    if (falls) armed &= ~FALLING;
    if (x <= armRising) armed |= RISING;
    if (x >= armFalling) armed |= FALLING;
    index++;
    if ((rises || falls) && index > left) {
      answer = 2 * (index - 1);
      if (falls) answer++;
      left = index - 1 + usize(load<u32>(state, HOLD_OFF));
      break;
    }
  }
  store<u32>(state, armed, ARMED);
  store<u32>(state, u32(left > index ? left - index : 0), LEFT);
  return answer;
}

/** The one that x ≤ … reaches first from above: the greater, or the one that is no NaN. */
@inline
function lower(a: f32, b: f32): f32 {
  return b >= a || a != a ? b : a;
}
