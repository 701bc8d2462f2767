/** Deno's files, on all hosts: those that are not Deno refuse them. */
import { expect, it } from "vitest";
import { denoFileSource } from "../../src/deno.js";
import { projectPath } from "../support/host.js";
import { whereThereIs } from "../support/lacks.js";

whereThereIs(
  "Deno's files",
  () => denoFileSource("/dev/null"),
  () =>
    it("are opened by their path", () => {
      const path = projectPath("package.json");
      expect(denoFileSource(path).name).toContain(path);
    }),
);
