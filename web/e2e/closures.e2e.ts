import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { faults } from "./axe.ts";
import { type Stage, stage } from "./stage.ts";

let s: Stage;
let page: Page;

beforeAll(async () => {
  s = await stage();
});
afterEach(() => page?.context().close());
afterAll(() => s.close());

const button = (name: string) => page.getByRole("button", { name, exact: true });
const rows = () => page.locator(".closure");
const cursor = () => page.locator(".map canvas").evaluate(c => (c as HTMLElement).style.cursor);
// drawing waits until a click on the map is a point.
const drawing = () => expect.poll(cursor, { timeout: 15_000 }).toBe("crosshair");

async function open(look: Parameters<Stage["page"]>[0] = {}): Promise<void> {
  page = await s.page(look);
  await page.locator(".connection.live").waitFor();
  await page.locator(".map canvas").waitFor();
  await page
    .locator(".map-tools")
    .getByRole("button", { name: /^כבישים סגורים|^Closed roads/ })
    .click();
  await page.locator(".closures").waitFor();
}

describe("closed roads", () => {
  it.each([
    ["dark", "he", 1440],
    ["light", "en", 1024],
  ] as const)("axe finds nothing, %s, %s, %d wide", async (theme, lang, width) => {
    await open({ theme, lang, width });
    await page.locator(".closure-new").click();
    expect(await faults(page, ".closures")).toEqual([]);
    expect(s.errors.splice(0)).toEqual([]);
  });

  it("are closed by clicks on the map, seen before, and opened again", async () => {
    await open();
    await button("סגירת כביש").click();
    await drawing();
    const close = button("סגירת הכביש");
    const box = (await page.locator(".map canvas").boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.getByText("נקודה אחת").waitFor();
    expect(await close.isDisabled()).toBe(true);
    await button("עץ שנפל").click();
    await close.click();
    await rows().getByText("עץ שנפל").waitFor();
    expect(await rows().count()).toBe(1);
    // A click on the map opens what lies there again.
    await expect.poll(cursor).toBe("");
    await button("פתיחת הכביש: עץ שנפל").click();
    await expect.poll(() => rows().count()).toBe(0);
    await page.getByText("כל הכבישים פתוחים").waitFor();
  });

  it("are closed from the keyboard, at the middle of the map, and undone", async () => {
    await open();
    await button("סגירת כביש").press("Enter");
    await drawing();
    await page.keyboard.type("עבודות לילה");
    await button("מרכז המפה").press("Enter");
    await page.getByText("נקודה אחת").waitFor();
    await expect.poll(() => button("סגירת הכביש").isEnabled()).toBe(true);
    await page.getByLabel("הסיבה").press("Enter");
    await rows().getByText("עבודות לילה").waitFor();
    await button("פתיחה מחדש").press("Enter");
    await expect.poll(() => rows().count()).toBe(0);
    expect(s.errors.splice(0)).toEqual([]);
  });

  it("begin where an incident is, for its reason", async () => {
    page = await s.page();
    await page.locator(".connection.live").waitFor();
    await page.locator(".queue-row").first().click();
    const number = await page.locator(".incident-title bdi").first().textContent();
    await button("פעולות נוספות").click();
    await page.getByRole("menuitem", { name: "סגירת הכביש כאן" }).click();
    await page.getByText("נקודה אחת").waitFor();
    expect(await page.getByLabel("הסיבה").inputValue()).toContain(number);
    await page.keyboard.press("Escape");
    await page.locator(".incident-head").waitFor();
  });
});
