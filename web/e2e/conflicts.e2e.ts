import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { faults } from "./axe.ts";
import { type Stage, stage } from "./stage.ts";

let s: Stage;
let page: Page;

beforeAll(async () => {
  s = await stage({ conflicts: true });
});
afterEach(() => page?.context().close());
afterAll(() => s.close());

describe("what the field and the desk disagree about", () => {
  it.each([
    ["dark", "he", 1440],
    ["light", "he", 1024],
    ["light", "en", 1440],
  ] as const)("axe finds nothing, %s, %s, %d wide", async (theme, lang, width) => {
    page = await s.page({ path: "/console/conflicts", theme, lang, width });
    await page.locator(".sides").waitFor();
    await page.locator(".gallery img").first().waitFor();
    expect(await faults(page)).toEqual([]);
    await page.locator(".photo").first().click();
    await page.locator(".photo-large").waitFor();
    expect(await faults(page, ".photo-large")).toEqual([]);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => page.locator(".photo-large footer").textContent()).toMatch(/2/);
    await page.keyboard.press("Escape");
    expect(s.errors.splice(0)).toEqual([]);
  });

  it("are a count above the queue, a mark on the row, and a way from the job", async () => {
    page = await s.page();
    await page.locator(".connection.live").waitFor();
    await page.locator(".counter", { hasText: "סתירות" }).waitFor();
    expect(await page.locator(".counter", { hasText: "סתירות" }).locator("bdi").textContent()).toBe("3");
    const [conflict] = s.fixture!.world.openConflicts();
    await page.goto(`${s.url}/console?incident=${conflict!.incident}`);
    await page.locator(".job .contested").first().click();
    await page.locator(".conflict-head h2").waitFor();
    expect(await page.locator(".conflict-row[aria-current=true]").getAttribute("data-id")).toBe(conflict!.id);
  });

  it("shows both sides, walks with the arrows, and settles with a key", async () => {
    page = await s.page({ path: "/console/conflicts" });
    const rows = page.locator(".conflict-row");
    await rows.first().waitFor();
    expect(await rows.count()).toBe(3);
    await rows.first().focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => rows.nth(1).getAttribute("aria-current")).toBe("true");
    const heading = page.locator(".conflict-head h2");
    expect(await heading.textContent()).toBe("שני צוותים סגרו את אותה משימה");
    // The desk was first here, and the device's clock is seven minutes ahead.
    expect(await page.locator(".sides thead th").nth(1).locator(".first").count()).toBe(1);
    expect(await page.locator(".sides").textContent()).toContain("לפי שעון המכשיר");
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => rows.first().getAttribute("aria-current")).toBe("true");
    await page.locator(".decide-choice").first().waitFor();
    await page.keyboard.press("2");
    await page.locator(".toast.done", { hasText: "לבצע שוב" }).waitFor();
    await page.locator(".conflict-settled").waitFor();
    expect(await page.locator(".conflict-row:not(.settled)").count()).toBe(2);
  });

  it("doesn't settle what somebody else has, nor while one is writing", async () => {
    page = await s.page({ path: "/console/conflicts" });
    const note = page.locator(".decide input");
    await note.waitFor();
    await note.fill("ראו תיעוד ");
    await note.press("1");
    expect(await page.locator(".conflict-settled").count()).toBe(0);
    const shown = await page.locator(".conflict-row[aria-current=true]").getAttribute("data-id");
    // The other desk is faster than the news of it.
    await page.route("**/settle", async route => {
      const settled = { code: "conflict", status: 409, detail: "כבר יושב" };
      await route.fulfill({
        status: 409,
        contentType: "application/problem+json",
        body: JSON.stringify(settled),
      });
    });
    await page.locator(".decide-choice").first().click();
    await page.locator(".toast.wrong", { hasText: "מישהו אחר כבר החליט" }).waitFor();
    expect(shown).toBeTruthy();
  });

  it("says that there are none", async () => {
    const calm = await stage();
    const quiet = await calm.page({ path: "/console/conflicts" });
    await quiet.getByText("אין סתירות").waitFor();
    expect(await faults(quiet)).toEqual([]);
    await calm.close();
  });

  it("lets an operator look and not settle", async () => {
    const other = await stage({ role: "operator", conflicts: true });
    const seen = await other.page({ path: "/console/conflicts" });
    await seen.locator(".sides").waitFor();
    expect(await seen.locator(".decide").count()).toBe(0);
    await other.close();
  });
});
