/** What the command says on standard error. */
import { Fault } from "../fault.js";

/** The reason in words, without the parts of a system error that repeat what is known: its code, call and path. */
export function reasonOf(error: unknown): string {
  if (error instanceof Fault && error.cause !== undefined) return reasonOf(error.cause);
  const message = error instanceof Error ? error.message : String(error);
  return /^E[A-Z0-9]+: (.+?), \w+(?: '.*')?$/s.exec(message)?.[1] ?? message;
}

/** The system's code of an error or of the error behind it, such as "EPIPE". */
export function systemCode(error: unknown): string | undefined {
  const cause = error instanceof Fault ? error.cause : error;
  return (cause as NodeJS.ErrnoException | undefined)?.code;
}
