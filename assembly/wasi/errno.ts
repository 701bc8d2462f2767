/** Error numbers of WASI preview 1: those that are acted on, and the words for those that a user may meet. */
import { text, whole } from "./output";

/** The numbers that are acted on. */
export namespace Errno {
  export const AGAIN: i32 = 6;
  export const BADF: i32 = 8;
  export const INTR: i32 = 27;
  export const ISDIR: i32 = 31;
  export const NAMETOOLONG: i32 = 37;
  export const NOTDIR: i32 = 54;
  export const PIPE: i32 = 64;
  export const NOTCAPABLE: i32 = 76;
}

/** Prints what an error number means, in the words that the command of Node has for it. */
export function reason(errno: i32): void {
  switch (errno) {
    case 2:
      return text("permission denied");
    case 8:
      return text("bad file descriptor");
    case 28:
      return text("invalid argument");
    case 29:
      return text("i/o error");
    case 31:
      return text("illegal operation on a directory");
    case 32:
      return text("too many symbolic links encountered");
    case 33:
      return text("too many open files");
    case 37:
      return text("name too long");
    case 44:
      return text("no such file or directory");
    case 48:
      return text("not enough memory");
    case 51:
      return text("no space left on device");
    case 52:
      return text("this host cannot do it (errno 52)");
    case 54:
      return text("not a directory");
    case 58:
      return text("operation not supported on this host");
    case 63:
      return text("operation not permitted");
    case 76:
      return text("it lies in no directory that this command may see (see --help)");
    default:
      text("errno ");
      whole(errno);
  }
}
