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

const rows = () => page.locator(".plan-stop");
const numbers = () => rows().evaluateAll(all => all.map(r => r.getAttribute("data-key")));
const planned = () => s.fixture!.world.openPlans()[0]!;
// free is the place of the first stop that isn't begun.
const free = () => planned().stops.filter(stop => stop.started).length;

// moved is an order with one of its stops elsewhere.
function moved<T>(order: readonly T[], from: number, to: number): T[] {
  const all = order.slice();
  all.splice(to, 0, ...all.splice(from, 1));
  return all;
}

async function open(look: Parameters<Stage["page"]>[0] = {}): Promise<void> {
  page = await s.page(look);
  await page.locator(".connection.live").waitFor();
  const code = s.fixture!.world.crews.get(planned().crew)!.code;
  const search = page.locator(".crew-search input");
  if (!(await search.isVisible())) await page.locator(".counter.free").click();
  await search.fill(code);
  await page.locator(".crew-row .plan-show").first().click();
  await rows().first().waitFor();
}

describe("a crew's day", () => {
  it.each([
    ["dark", "he", 1440],
    ["light", "en", 1440],
    ["light", "he", 1024],
  ] as const)("axe finds nothing, %s, %s, %d wide", async (theme, lang, width) => {
    await open({ theme, lang, width });
    expect(await faults(page, ".plan-panel")).toEqual([]);
    expect(s.errors.splice(0)).toEqual([]);
  });

  it("says what is begun, what will be missed, and why", async () => {
    await open();
    const { stops } = planned();
    expect(await numbers()).toEqual(stops.map(stop => stop.job));
    expect(await page.locator(".plan-stop.late").count()).toBe(
      stops.filter(stop => stop.late_seconds).length,
    );
    expect(await page.locator(".plan-missed").count()).toBe(1);
    expect(await page.locator(".plan-why").textContent()).toContain("התווספה משימה");
    expect(await rows().first().locator(".plan-because").textContent()).toContain("נסיעה");
    // What is begun stays first, and has no grip.
    expect(await rows().first().locator("button.plan-grip").count()).toBe(0);
  });

  it("is arranged with Alt and the arrows, and put back", async () => {
    await open();
    const before = await numbers();
    const n = free();
    await rows()
      .nth(n + 1)
      .focus();
    await page.keyboard.press("Alt+ArrowUp");
    await expect.poll(numbers).toEqual(moved(before, n + 1, n));
    expect(await page.locator(".plan-panel [role=status]").textContent()).toContain(`מקום ${n + 1} מתוך`);
    await page.getByRole("button", { name: "ביטול השינוי" }).click();
    await expect.poll(numbers).toEqual(before);
    // Before what is begun there is no place.
    await rows().nth(n).focus();
    await page.keyboard.press("Alt+ArrowUp");
    await expect
      .poll(() => page.locator(".plan-panel [role=status]").textContent())
      .toBe("אי אפשר להזיז לשם");
    expect(await numbers()).toEqual(before);
  });

  it("is dragged with the mouse", async () => {
    await open();
    const before = await numbers();
    const last = before.length - 1;
    await rows().nth(last).scrollIntoViewIfNeeded();
    const grip = (await rows().nth(last).locator("button.plan-grip").boundingBox())!;
    const to = (await rows()
      .nth(last - 1)
      .boundingBox())!;
    await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width / 2, to.y + 30, { steps: 8 });
    await page.mouse.move(to.x + to.width / 2, to.y + 3, { steps: 4 });
    await page.mouse.up();
    await expect.poll(numbers).toEqual(moved(before, last, last - 1));
    await page.getByRole("button", { name: "ביטול השינוי" }).click();
    await expect.poll(numbers).toEqual(before);
  });

  it("is pinned to a time, and let go", async () => {
    await open();
    const row = rows().nth(free());
    await row.getByRole("button", { name: /נעיצת משימה/ }).click();
    await page.locator(".plan-pin input").fill("23:10");
    await page.getByRole("button", { name: "נעיצה לשעה" }).click();
    await row.locator(".plan-clock.pinned").waitFor();
    expect(await row.locator(".plan-clock.pinned").textContent()).toContain("23:10");
    await row.getByRole("button", { name: /שינוי הנעיצה/ }).click();
    await page.getByRole("button", { name: "שחרור הנעיצה" }).click();
    await expect.poll(() => row.locator(".plan-clock.pinned").count()).toBe(0);
  });

  it("shows what a colleague changed, and doesn't do anything on the old order", async () => {
    await open();
    const before = await numbers();
    await page.route("**/plan/move", async route => {
      const stale = { code: "stale", status: 409, detail: "הסידור השתנה בינתיים" };
      await route.fulfill({
        status: 409,
        contentType: "application/problem+json",
        body: JSON.stringify(stale),
      });
    });
    await rows()
      .nth(free() + 1)
      .focus();
    await page.keyboard.press("Alt+ArrowUp");
    await page.locator(".toast.wrong").waitFor();
    expect(await numbers()).toEqual(before);
  });

  it("is read by an operator, and arranged by none", async () => {
    const other = await stage({ role: "operator" });
    page = await other.page();
    await page.locator(".connection.live").waitFor();
    await page.locator(".crew-row .plan-show").first().click();
    await rows().first().waitFor();
    expect(await page.locator("button.plan-grip, .plan-tools").count()).toBe(0);
    await other.close();
  });
});
