/** Why a shared Buf's stream failed, as text in its control block: code, facts and message, so that every thread throws the same. */
import { Fault, type FaultCode, type FaultFacts, Unsupported } from "../fault.js";
import type { SharedCore } from "../wasm/shared.js";

/** `TAKING` of layout.ts: somebody writes the text. */
const writing = -1;

/** Writes it, unless there is one: the first word counts. A message that is too long is cut. UTF-16, because an AudioWorklet has neither TextEncoder nor TextDecoder. */
export function writeReason(core: SharedCore, control: number, fault: Fault): void {
  const at = (control >>> 0) + Number(core.exports.REASON_OFFSET.value);
  const room = Number(core.exports.REASON_BYTES.value) >>> 1;
  if (Atomics.compareExchange(core.ints, at >>> 2, 0, writing) !== 0) return;
  const text = `${fault.code}\n${JSON.stringify(fault.facts)}\n${fault.message}`.slice(0, room);
  const units = new Uint16Array(core.memory.memory.buffer, at + 4, text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  Atomics.store(core.ints, at >>> 2, text.length);
}

/** The fault that was written, or one that says that none was. */
export function readReason(core: SharedCore, control: number): Fault {
  const at = (control >>> 0) + Number(core.exports.REASON_OFFSET.value);
  const written = Math.max(0, Atomics.load(core.ints, at >>> 2));
  const length = Math.min(written, Number(core.exports.REASON_BYTES.value) >>> 1);
  const units = new Uint16Array(core.memory.memory.buffer, at + 4, length);
  const text = String.fromCharCode(...units);
  const [code, facts, message] = partsOf(text);
  if (message === undefined)
    return new Fault("peer-gone", "The stream failed on another thread, which did not say why.");
  const known = JSON.parse(facts as string) as FaultFacts;
  // What the other thread's host cannot do is of its own class, there as here.
  return code === "unsupported" ? new Unsupported(message, known) : new Fault(code as FaultCode, message, known);
}

/** Code and facts have no line's end in them; the message may. */
function partsOf(text: string): (string | undefined)[] {
  const first = text.indexOf("\n");
  const second = text.indexOf("\n", first + 1);
  return first < 0 || second < 0 ? [] : [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}
