/** Exit statuses, as grep and ripgrep have them. */
export const status = {
  /** It went well; of a search: something was found. */
  found: 0,
  /** A search found nothing. */
  absent: 1,
  /** Something could not be read or written, or the call was wrong. */
  error: 2,
  /** Ctrl-C: 128 and the number of SIGINT. */
  interrupted: 130,
} as const;
