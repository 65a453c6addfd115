import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { knownAddress, real, type Stage, stage } from "./stage.ts";

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

const queue = () => page.getByRole("listbox", { name: "תור האירועים" });
const side = () => page.locator(".side");

async function live(): Promise<void> {
  await page.locator(".connection.live").waitFor();
}

describe("the console", () => {
  it("reads from the right, on the body and not on the document", async () => {
    page = await s.page();
    await live();
    expect(
      await page.evaluate(() => [
        document.documentElement.dir,
        document.body.dir,
        document.documentElement.lang,
      ]),
    ).toEqual(["", "rtl", "he"]);
    const box = (selector: string) => page.locator(selector).boundingBox();
    const [right, middle, left] = await Promise.all([box(".queue"), box(".centre"), box(".side")]);
    expect(right!.x).toBeGreaterThan(middle!.x);
    expect(middle!.x).toBeGreaterThan(left!.x);
  });

  it("draws the map", async () => {
    page = await s.page();
    await live();
    await page.locator(".maplibregl-canvas").waitFor();
    await page.waitForTimeout(2500);
    // A blank map is one colour.
    const shot = await page.locator(".map").screenshot();
    expect(shot.length).toBeGreaterThan(30_000);
  });

  it("takes a call by keyboard alone in under twenty seconds, and everybody sees it", async () => {
    page = await s.page();
    await live();
    const other = await s.page();
    await other.locator(".connection.live").waitFor();
    const address = await knownAddress(page);
    const words = `בדיקה ${Date.now()}`;

    const began = Date.now();
    await page.keyboard.press("n");
    // As fast as a practised person types.
    const type = (text: string) => page.keyboard.type(text, { delay: 60 });
    await type(address);
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      () => document.activeElement === document.querySelectorAll(".finder input")[1],
    );
    await type("פנס");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => !document.activeElement?.closest(".finder"));
    await page.locator(".intake textarea").focus();
    await type(words);
    await page.keyboard.press("Enter");
    await type("0501234567");
    await page.keyboard.press("Control+Enter");
    await page.locator(".toast.done").waitFor();
    expect(Date.now() - began).toBeLessThan(20_000);

    await side().getByText(words).first().waitFor();
    await side().getByText("0501234567").waitFor();
    const number = (await side().locator(".incident-title bdi").first().textContent())!;
    await other.locator(`.queue-scroll`).waitFor();
    await other.keyboard.press("Control+k");
    await other.keyboard.type(number, { delay: 10 });
    await other.locator(".palette-item", { hasText: number }).first().waitFor();
    await other.context().close();
  });

  it("walks the queue with the arrows, opens with Enter and assigns with A", async () => {
    page = await s.page();
    await live();
    await page.locator(".queue-row").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const cursor = page.locator(".queue-row.cursor");
    const title = await cursor.locator(".queue-title").textContent();
    await page.keyboard.press("Enter");
    await side().getByRole("heading", { name: title! }).waitFor();

    const waiting = page.locator(".queue-row", { has: page.locator(".need.unassigned") }).first();
    await waiting.click();
    await page.keyboard.press("a");
    const best = side().locator(".candidate").first();
    await best.waitFor();
    await page.waitForFunction(() => document.activeElement?.classList.contains("candidate"));
    await page.keyboard.press("Enter");
    await page.locator(".toast.done").waitFor();
    await side().locator(".job-state", { hasText: "שובצה" }).waitFor();
  });

  it("closes what is open with Escape, and finds an action by name", async () => {
    page = await s.page();
    await live();
    await page.locator(".queue-row").first().click();
    await side().locator(".incident-head").waitFor();
    await page.keyboard.press("Escape");
    await side().getByRole("heading", { name: "צוותים", exact: true }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("בהירה");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
  });

  it("speaks English when asked, from the left", async () => {
    page = await s.page();
    await live();
    await page.locator(".avatar").click();
    await page.getByRole("menuitem", { name: "English" }).click();
    await page.getByRole("heading", { name: /Incident queue/ }).waitFor();
    expect(await page.evaluate(() => document.body.dir)).toBe("ltr");
    expect(await page.locator(".bar, .filter, .legend").allTextContents()).not.toContainEqual(
      expect.stringMatching(/תור|פנייה|באיחור/),
    );
  });
});

describe.skipIf(real)("the console, when things go otherwise", () => {
  it("shows what somebody else changed meanwhile, field by field", async () => {
    page = await s.page();
    await live();
    await page.locator(".queue-row").first().click();
    const number = (await side().locator(".incident-title bdi").first().textContent())!;
    await side().getByRole("button", { name: "פעולות נוספות" }).click();
    await page.getByRole("menuitem", { name: "תיקון פרטים" }).click();
    await side().locator("textarea").fill("הנוסח שלי");
    const incident = [...s.fixture!.world.incidents.values()].find(i => i.number === number)!;
    s.fixture!.world.change(incident.id, "patch", { base_version: incident.version, text: "הנוסח שלהם" });
    await side().getByText("מישהו שינה את האירוע בזמן שערכתם").waitFor();
    await side().getByText("הנוסח שלהם").waitFor();
    expect(await side().getByRole("button", { name: "שמירה" }).isDisabled()).toBe(true);
    await side().getByRole("button", { name: "להשאיר את שלי" }).click();
    await side().getByRole("button", { name: "שמירה" }).click();
    await page.locator(".toast.done").waitFor();
    expect(incident.text).toBe("הנוסח שלי");
  });

  it("shows two people at one incident to each other, and who is changing it", async () => {
    // One that nobody had open before: a screen that is gone is remembered for
    // some seconds.
    const { incident } = s.fixture!.world.fileReport({
      channel: "web",
      category: "exposed-wire",
      text: "לשני מוקדנים",
      place: { text: "הרצל 90" },
    });
    const path = `/console?incident=${incident.id}`;
    page = await s.page({ path });
    await live();
    await side().locator(".incident-title").waitFor();
    expect(await side().locator(".other").count()).toBe(0);
    const second = await s.page({ path });
    await second.locator(".connection.live").waitFor();
    await second.locator(".side .other.reading").waitFor();
    await side().locator(".other.reading").waitFor();
    await second.locator(".side").getByRole("button", { name: "פעולות נוספות" }).click();
    await second.getByRole("menuitem", { name: "תיקון פרטים" }).click();
    await side().getByText("בעריכה אצל דנה").waitFor();
    await second.locator(".queue-row").nth(1).click();
    await side().locator(".other").waitFor({ state: "detached" });
    await second.context().close();
  });

  it("says that it is resuming, then offline, and catches up when the network is back", async () => {
    page = await s.page();
    await live();
    s.fixture!.cut(true);
    await page.locator(".connection.resuming").waitFor();
    expect(await page.locator(".connection").textContent()).toMatch(/מתחבר מחדש מאז \d\d:\d\d/);
    await page.locator(".offline-note").waitFor({ timeout: 30_000 });
    const { incident } = s.fixture!.world.fileReport({
      channel: "web",
      category: "exposed-wire",
      text: "בזמן הנתק",
      place: { text: "הרצל 80" },
    });
    s.fixture!.cut(false);
    await page.locator(".connection.live").waitFor({ timeout: 20_000 });
    await page.keyboard.press("Control+k");
    await page.keyboard.type(incident.number);
    await page.locator(".palette-item", { hasText: incident.number }).waitFor();
  });

  it("lists incidents that share one spot", async () => {
    page = await s.page();
    await live();
    const spot = [...s.fixture!.world.incidents.values()].find(i => i.place.label === "הרצל 60")!;
    await page.goto(`${s.url}/console?incident=${spot.id}`);
    await side().locator(".incident-head").waitFor();
    await page.waitForTimeout(2500);
    await page.keyboard.press("Escape");
    await page.waitForTimeout(1200);
    const map = (await page.locator(".map").boundingBox())!;
    await page.mouse.click(map.x + map.width / 2, map.y + map.height / 2);
    const list = page.locator(".spot-list");
    await list.waitFor();
    expect(await list.locator(".spot-item").count()).toBeGreaterThanOrEqual(4);
    await page.keyboard.press("Enter");
    await side().locator(".incident-head").waitFor();
  });

  it("walks three thousand incidents without drawing them all", async () => {
    const crowd = await stage({ incidents: 3000, crews: 100 });
    page = await crowd.page();
    await page.locator(".queue-row").first().waitFor();
    expect(await page.locator(".queue-row").count()).toBeLessThan(60);
    expect(Number(await queue().locator(".queue-row").first().getAttribute("aria-setsize"))).toBeGreaterThan(
      2500,
    );
    await crowd.close();
  });

  it("refuses a wrong password, lets in with the right one, and sends away who may not work here", async () => {
    const door = await stage({ signedIn: false });
    page = await door.page();
    await page.getByRole("heading", { name: "כניסה למוקד" }).waitFor();
    await page.getByLabel("שם משתמש").fill("mokdan");
    await page.getByLabel("סיסמה").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("אינם נכונים").waitFor();
    await page.getByLabel("סיסמה").fill("right");
    await page.keyboard.press("Enter");
    await page.locator(".connection.live").waitFor();
    await door.close();

    const crew = await stage({ role: "crew" });
    page = await crew.page();
    await page.getByRole("heading", { name: "אין הרשאה למסך הזה" }).waitFor();
    await crew.close();
  });
});
