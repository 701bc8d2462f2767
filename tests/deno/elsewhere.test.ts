/** Deno's files, on hosts that are not Deno. */
import { expect, it } from "vitest";
import { denoFileSource } from "../../src/deno.js";
import { whereThereIs } from "../support/lacks.js";

whereThereIs(
  "Deno's files",
  () => denoFileSource("/dev/null"),
  () => it("are opened by their path", () => expect(denoFileSource("/dev/null").name).toContain("/dev/null")),
);
