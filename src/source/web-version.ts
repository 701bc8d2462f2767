/** Which version of a file an answer is of, so that two versions are never mixed. */
import { Fault } from "../fault.js";

/** What an answer says about the version of the file that it is of. */
export interface Version {
  readonly etag?: string;
  readonly lastModified?: string;
  /** Bytes in all. */
  readonly size?: number;
}

/** The version that an answer's headers tell of. Browsers hide the `ETag` of another origin unless the server exposes it. */
export function versionOf(headers: Headers, size: number | undefined): Version {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  return {
    ...(etag === null ? {} : { etag }),
    ...(lastModified === null ? {} : { lastModified }),
    ...(size === undefined ? {} : { size }),
  };
}

/**
 * What `If-Range` may say after an answer: a strong `ETag`, since a weak one never matches there, or else a date that was
 * old enough at the server's own clock: a file may change twice within the second that it counts (RFC 9110, 8.8.2.2).
 */
export function ifRange(headers: Headers): string | undefined {
  const etag = headers.get("etag");
  if (etag !== null && !etag.startsWith("W/")) return etag;
  const lastModified = headers.get("last-modified");
  if (lastModified === null) return undefined;
  const age = Date.parse(headers.get("date") ?? "") - Date.parse(lastModified);
  return age >= 1000 ? lastModified : undefined;
}

const words = { etag: "ETag", lastModified: "Last-Modified", size: "size in bytes" } as const;

/** The first difference of two versions, of what both tell; undefined where there is none. */
export function difference(was: Version, is: Version): { what: string; was: string; is: string } | undefined {
  for (const part of ["etag", "lastModified", "size"] as const) {
    const [before, now] = [was[part], is[part]];
    if (before === undefined || now === undefined || before === now) continue;
    return { what: words[part], was: String(before), is: String(now) };
  }
  return undefined;
}

/** The fault of a file that is not what it was. */
export function changed(name: string, position: number, is: { what: string; was: string; is: string }): Fault {
  const message = `${name} changed while it was read: at byte ${position} its ${is.what} is ${is.is} and was ${is.was}. What came before is of the old one; open it again.`;
  return new Fault("source-changed", message, { position, ...is });
}
