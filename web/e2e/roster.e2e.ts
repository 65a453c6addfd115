import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { faults } from "./axe.ts";
import { type Stage, stage } from "./stage.ts";

let s: Stage;
let page: Page;

beforeAll(async () => {
  s = await stage();
});
afterAll(() => s.close());
afterEach(async () => {
  await page?.context().close();
  expect(s.errors.splice(0)).toEqual([]);
});

const cell = (row: number, day: number) => page.locator(`[data-cell="${row}.${day}"]`);
const turns = (row: number, day: number) => cell(row, day).locator(".turn");

describe("the roster", () => {
  it("is made with the keyboard alone: add, copy, paste, change, remove", async () => {
    page = await s.page({ path: "/console/roster" });
    await turns(0, 0).first().waitFor();
    expect(await page.locator(".week thead th").count()).toBe(8);
    // Sunday stands at the right.
    const [sunday, monday] = [await cell(0, 0).boundingBox(), await cell(0, 1).boundingBox()];
    expect(sunday!.x).toBeGreaterThan(monday!.x);

    await cell(0, 0).focus();
    for (let n = 0; n < 5; n++) await page.keyboard.press("ArrowLeft");
    expect(await cell(0, 5).evaluate(el => el === document.activeElement)).toBe(true);
    expect(await turns(0, 5).count()).toBe(0);
    await page.keyboard.press("Enter");
    await page.locator(".dialog").waitFor();
    await page.locator(".dialog .input.time").nth(1).fill("1130");
    await page.locator(".dialog textarea").fill("אבי\nשירה");
    await page.locator(".dialog button[type=submit]").press("Enter");
    await turns(0, 5).waitFor();
    expect(await turns(0, 5).textContent()).toMatch(/07:00–11:30[\s\S]*אבי, שירה/);

    await cell(0, 5).focus();
    await page.keyboard.press("Control+c");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Control+v");
    await turns(0, 6).waitFor();
    expect(await turns(0, 6).textContent()).toContain("07:00–11:30");

    // Over another: refused in the server's words.
    await page.keyboard.press("Control+v");
    await page.locator(".toast.wrong").waitFor();

    await page.keyboard.press("Delete");
    await expect.poll(() => turns(0, 6).count()).toBe(0);
  });

  it("is dragged, and put back", async () => {
    page = await s.page({ path: "/console/roster" });
    await turns(3, 0).first().waitFor();
    const before = await turns(3, 0).first().textContent();
    await turns(3, 0).first().dragTo(cell(3, 6));
    await turns(3, 6).waitFor();
    expect(await turns(3, 6).textContent()).toBe(before);
    expect(await turns(3, 0).count()).toBe(0);
    await page.locator(".toast-action").last().click();
    await turns(3, 0).waitFor();
  });

  it("repeats a week, once", async () => {
    page = await s.page({ path: "/console/roster" });
    await turns(0, 0).first().waitFor();
    for (const made of [/נוספו \d+ משמרות/, /לא נוספו משמרות/]) {
      await page.getByRole("button", { name: "העתקת השבוע" }).click();
      await page.locator(".dialog button[type=submit]").click();
      await expect.poll(() => page.locator(".copy-result").textContent()).toMatch(made);
      await page.keyboard.press("Escape");
    }
    await page.getByRole("button", { name: "לשבוע הבא" }).click();
    await turns(0, 1).first().waitFor();
    expect(page.url()).toMatch(/week=\d{4}-\d\d-\d\d/);
  });

  it.each([
    ["dark", "he", 1440],
    ["light", "he", 1024],
    ["light", "en", 1440],
  ] as const)("axe finds nothing, %s, %s, %d wide", async (theme, lang, width) => {
    page = await s.page({ path: "/console/roster", theme, lang, width });
    await turns(0, 0).first().waitFor();
    expect(await faults(page)).toEqual([]);
    await turns(0, 0).first().click();
    await page.locator(".dialog").waitFor();
    expect(await faults(page)).toEqual([]);
  });
});

describe("the crews' panel", () => {
  it("groups, finds and changes what crews do", async () => {
    page = await s.page();
    await page.locator(".connection.live").waitFor();
    const section = (name: string) => page.locator(".crew-group", { hasText: name });
    await page.locator(".crew-row").first().waitFor();
    for (const name of ["פנויים", "במשימה", "בהפסקה", "לא במשמרת"])
      expect(await section(name).count()).toBe(1);
    expect(await page.locator(".crew-until").first().textContent()).toMatch(/עד .*\d\d:\d\d/);

    const row = section("פנויים").locator(".crew-row").first();
    const code = (await row.locator(".crew-tag").textContent())!.trim();
    await row.getByRole("button", { name: `פעולות לצוות ${code}` }).click();
    await page.getByRole("menuitem", { name: "הפסקה של חצי שעה" }).click();
    const resting = section("בהפסקה").locator(".crew-row", { hasText: code });
    await expect
      .poll(() => resting.locator(".crew-until").allTextContents())
      .toContainEqual(expect.stringMatching(/חוזר ב-\d\d:\d\d/));

    // With jobs in hand it is asked twice.
    const busy = section("במשימה").locator(".crew-row").first();
    const other = (await busy.locator(".crew-tag").textContent())!.trim();
    await busy.getByRole("button", { name: `פעולות לצוות ${other}` }).click();
    await page.getByRole("menuitem", { name: "סיום משמרת" }).click();
    await page.getByRole("alertdialog").waitFor();
    await page.keyboard.press("Escape");

    await page.getByRole("searchbox", { name: "חיפוש צוות, כישור או רכב" }).fill("קבלן");
    await expect.poll(() => page.locator(".crew-kind.contractor").count()).toBeGreaterThan(0);
    expect(await page.locator(".crew-row").count()).toBe(await page.locator(".crew-kind.contractor").count());
    await page.keyboard.press("ArrowDown");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("crew-main");
  });
});
