/** Wheel, drag and two fingers on the waveform: zoom and pan. */
import { pan, view, zoom } from "./view.js";

/** `place`: where the plot's area lies in the element, in pixels. */
export function makeGestures(element, place) {
  const fingers = new Map();
  const partOf = (x) => {
    const { left, width } = place();
    return Math.min(1, Math.max(0, (x - element.getBoundingClientRect().left - left) / width));
  };

  element.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        pan(((event.deltaX || event.deltaY) * unit) / place().width);
      } else {
        const part = partOf(event.clientX);
        zoom(Math.exp((event.deltaY * unit) / 300), view.follow && part > 0.5 ? 1 : part);
      }
    },
    { passive: false },
  );

  /** Where two fingers are: their middle and how far they are from each other. */
  const pinch = () => {
    const [a, b] = [...fingers.values()];
    return { middle: (a + b) / 2, wide: Math.max(16, Math.abs(a - b)) };
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    element.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event.clientX);
  });
  element.addEventListener("pointermove", (event) => {
    const was = fingers.get(event.pointerId);
    if (was === undefined) return;
    if (fingers.size === 2) {
      const before = pinch();
      fingers.set(event.pointerId, event.clientX);
      const now = pinch();
      zoom(before.wide / now.wide, partOf(now.middle));
      pan((before.middle - now.middle) / place().width);
      return;
    }
    fingers.set(event.pointerId, event.clientX);
    if (event.clientX !== was) pan((was - event.clientX) / place().width);
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    element.addEventListener(kind, (event) => fingers.delete(event.pointerId));
  }
  element.addEventListener("dblclick", (event) => zoom(event.shiftKey ? 4 : 0.25, partOf(event.clientX)));
}
