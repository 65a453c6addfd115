import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faults } from "./axe.ts";
import { type Stage, stage } from "./stage.ts";

let s: Stage;
beforeAll(async () => {
  s = await stage();
});
afterAll(() => s.close());

const saved = (more: object = {}) => ({
  name: "moked-avi.json",
  mimeType: "application/json",
  buffer: Buffer.from(
    JSON.stringify({
      ...{ moked: "field-queue", version: 1, device: "d", login: "avi", exported_at: "2026-03-01T10:00:00Z" },
      ...{
        ops: [{ id: "1" }, { id: "2" }, { id: "3" }],
        photos: [{ sha256: "a".repeat(64), base64: "eHg=" }],
      },
      ...more,
    }),
  ),
});

describe("the tablets", () => {
  it.each([
    ["dark", "he"],
    ["light", "en"],
  ] as const)("axe finds nothing, %s, %s", async (theme, lang) => {
    const page = await s.page({ theme, lang });
    await page.getByRole("button", { name: lang === "he" ? "טאבלטים" : "Tablets", exact: true }).click();
    await page.locator(".tracker").first().waitFor();
    expect(await faults(page, ".modal")).toEqual([]);
    await page.context().close();
  });

  it("says whose clock is off, shuts a lost one out, and tells that it isn't wiped yet", async () => {
    const page = await s.page();
    await page.getByRole("button", { name: "טאבלטים", exact: true }).click();
    const rows = page.locator(".tracker");
    await rows.first().waitFor();
    expect(await rows.nth(1).textContent()).toContain("מקדים");
    expect(await rows.nth(2).textContent()).toContain("המידע יימחק כשיתחבר");
    await rows
      .first()
      .getByRole("button", { name: /לחסום את המכשיר/ })
      .click();
    await rows.first().getByText("מה שלא נשלח ממנו יאבד").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".tracker.revoked", { hasText: "אבי" }).waitFor();
    await page.context().close();
  });

  it("takes in a file of last resort, and no other", async () => {
    const page = await s.page();
    await page.getByRole("button", { name: "טאבלטים", exact: true }).click();
    const file = page.locator("input[type=file]");
    await file.setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from("{}") });
    await page.locator(".toast.wrong", { hasText: "זה לא קובץ שנשמר מטאבלט" }).waitFor();
    await file.setInputFiles(saved());
    const said = page.locator(".hand-in-taken");
    await said.waitFor();
    expect(await said.textContent()).toContain("avi: 3 פעולות, תמונה אחת");
    expect(s.errors.splice(0)).toEqual([]);
    await page.context().close();
  });
});
