/** The error numbers of WASI preview 1, by name. */
import { Fault, type FaultCode, Unsupported } from "../fault.js";

/** The names in the order of their numbers, as POSIX has them but for NOTCAPABLE. */
const names = (
  "SUCCESS 2BIG ACCES ADDRINUSE ADDRNOTAVAIL AFNOSUPPORT AGAIN ALREADY BADF BADMSG BUSY CANCELED CHILD CONNABORTED " +
  "CONNREFUSED CONNRESET DEADLK DESTADDRREQ DOM DQUOT EXIST FAULT FBIG HOSTUNREACH IDRM ILSEQ INPROGRESS INTR INVAL " +
  "IO ISCONN ISDIR LOOP MFILE MLINK MSGSIZE MULTIHOP NAMETOOLONG NETDOWN NETRESET NETUNREACH NFILE NOBUFS NODEV NOENT " +
  "NOEXEC NOLCK NOLINK NOMEM NOMSG NOPROTOOPT NOSPC NOSYS NOTCONN NOTDIR NOTEMPTY NOTRECOVERABLE NOTSOCK NOTSUP NOTTY " +
  "NXIO OVERFLOW OWNERDEAD PERM PIPE PROTO PROTONOSUPPORT PROTOTYPE RANGE ROFS SPIPE SRCH STALE TIMEDOUT TXTBSY XDEV " +
  "NOTCAPABLE"
).split(" ");

/** The numbers that are acted on. */
export const errno = { success: 0, again: 6, badf: 8, intr: 27, nosys: 52, notsup: 58 } as const;

/** As in `"EIO"`; a number that has no name as itself. */
export function errnoName(number: number): string {
  const name = names[number];
  return name === undefined ? `errno ${number}` : `E${name}`;
}

/** The fault behind a call that was answered with an error number; `unsupported` where the host just cannot do it. */
export function faultOfErrno(code: FaultCode, call: string, descriptor: number, number: number): Fault {
  const name = errnoName(number);
  const facts = { call, descriptor, errno: number, name };
  if (number === errno.nosys || number === errno.notsup) {
    return new Unsupported(
      `this WASI answers ${call} of descriptor ${descriptor} with ${name}: it cannot do it`,
      facts,
    );
  }
  return new Fault(code, `${call} of descriptor ${descriptor} was answered with ${name} (${number})`, facts);
}
