import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseContentRange } from "../../src/source/web-content-range.js";

describe("Content-Range", () => {
  it.each([
    ["bytes 0-9/100", { part: { first: 0, last: 9 }, size: 100 }],
    ["bytes 0-0/1", { part: { first: 0, last: 0 }, size: 1 }],
    ["bytes 5-9/*", { part: { first: 5, last: 9 } }],
    ["bytes */100", { size: 100 }],
    ["bytes */0", { size: 0 }],
    ["bytes */*", {}],
    ["BYTES  7-7/8 ", { part: { first: 7, last: 7 }, size: 8 }],
    ["bytes 0-9007199254740989/9007199254740991", { part: { first: 0, last: 2 ** 53 - 3 }, size: 2 ** 53 - 1 }],
  ])("%s", (text, is) => {
    expect(parseContentRange(text)).toEqual(is);
  });

  it.each([
    "",
    "bytes",
    "bytes 0-9",
    "bytes 9-0/100",
    "bytes 0-100/100",
    "bytes -9/100",
    "bytes 0-/100",
    "bytes 0-9/",
    "bytes 0-9/-1",
    "bytes 0-9/1e3",
    "bytes 0x0-9/100",
    "bytes 0-9/100, 20-29/100",
    "items 0-9/100",
    "bytes=0-9/100",
    "bytes 0-9/9007199254740993",
    "bytes 0-9007199254740992/*",
    "bytes 0-9/99999999999999999999",
  ])("“%s” is none", (text) => {
    expect(parseContentRange(text)).toBeUndefined();
  });

  it("is read as it is written", () => {
    const place = fc.nat(2 ** 31 - 1);
    fc.assert(
      fc.property(place, place, fc.option(place), (first, length, behind) => {
        const last = first + length;
        const size = behind === null ? undefined : last + 1 + behind;
        const is = parseContentRange(`bytes ${first}-${last}/${size ?? "*"}`);
        expect(is).toEqual({ part: { first, last }, ...(size === undefined ? {} : { size }) });
      }),
    );
  });
});
