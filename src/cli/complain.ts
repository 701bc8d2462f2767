/** What the command says on standard error. */
import { Fault } from "../fault.js";

/** The reason in words, without the parts of a system error that repeat what is known: its code, call and path. */
export function reasonOf(error: unknown): string {
  // What a host lacks is said by the fault: its cause is a package that was not found, or a name that is not defined.
  const isBehind = error instanceof Fault && error.code !== "unsupported" && error.cause !== undefined;
  if (isBehind) return reasonOf(error.cause);
  const message = error instanceof Error ? error.message : String(error);
  // The package serialport: "Error: Permission denied, cannot open /dev/ttyUSB0".
  const [, ofPort] = /^Error: (.+?), cannot open .*$/s.exec(message) ?? [];
  if (ofPort !== undefined) return ofPort.charAt(0).toLowerCase() + ofPort.slice(1);
  return /^E[A-Z0-9]+: (.+?), \w+(?: '.*')?$/s.exec(message)?.[1] ?? message;
}

/** The system's code of an error or of the error behind it, such as "EPIPE". */
export function systemCode(error: unknown): string | undefined {
  const cause = error instanceof Fault ? error.cause : error;
  return (cause as NodeJS.ErrnoException | undefined)?.code;
}
