/** The page without shared memory: what it draws comes by messages. */
import { describe, expect, it } from "vitest";
import { ScopePage } from "./page.js";

describe("the scope page without shared memory", () => {
  it("draws what comes by messages, and says that it does", async () => {
    const page = await ScopePage.open();
    expect(page.text("memory")).toContain("messages");
    await page.until(() => page.scope.measured.rows > 30);
    for (const selector of ["#wave canvas", "#spectrum canvas", "#waterfall"]) {
      expect(page.drawn(page.canvas(selector)), selector).toBeGreaterThan(500);
    }
    expect(page.text("balance")).toBe("balances");
    page.close();
  });
});
