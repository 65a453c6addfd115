import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import type { Event, ID, Job, Snapshot } from "../shared/api.ts";
import { faults } from "./axe.ts";
import { launch } from "./browser.ts";
import {
  corners,
  find,
  missing,
  type Netanya,
  netanya,
  onDuty,
  populate,
  type Spot,
  stand,
  step,
} from "./netanya-city.ts";
import { takesTheMapAlong } from "./netanya-map.ts";

if (missing) console.log(`the story of the real Netanya is skipped: there is no ${missing}`);

const center: Spot = { lat: 32.3265, lon: 34.8585 };
const corner = "שדרות ויצמן פינת הרצל";

let city: Netanya;
let browser: Browser;
const complaints: string[] = [];

async function open(path: string, theme = "dark"): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "he-IL",
    reducedMotion: "reduce",
  });
  await context.addInitScript(t => localStorage.setItem("moked.theme", t), theme);
  const page = await context.newPage();
  page.on("pageerror", e => complaints.push(e.message));
  page.on("console", m => {
    if (m.type() === "error" && !/401/.test(m.text())) complaints.push(m.text());
  });
  await page.goto(city.url + path);
  return page;
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel("שם משתמש").and(page.locator(":focus")).waitFor();
  await page.keyboard.type(city.login);
  await page.keyboard.press("Tab");
  await page.keyboard.type(city.password);
  await page.keyboard.press("Enter");
  await page.locator(".connection.live").waitFor();
}

// Tablet is a crew's program on the feed with the crew's token.
class Tablet {
  readonly events: Event[] = [];
  private socket: WebSocket;
  private waiting = new Set<() => void>();

  private constructor(url: string, token: string) {
    this.socket = new WebSocket(url, { headers: { Authorization: `Bearer ${token}` } });
    this.socket.on("message", frame => {
      for (const entry of JSON.parse(String(frame)) as Event[]) if (entry.seq) this.events.push(entry);
      for (const look of this.waiting) look();
    });
  }

  static async on(token: string): Promise<Tablet> {
    const { seq, log } = await city.api<Snapshot>("/snapshot", undefined, token);
    const url = `${city.url.replace("http", "ws")}/api/v1/feed?since=${seq}&log=${log}`;
    const tablet = new Tablet(url, token);
    await new Promise((ready, failed) => tablet.socket.once("open", ready).once("error", failed));
    return tablet;
  }

  // told waits for a job's news.
  told(type: string): Promise<Job> {
    return new Promise((found, failed) => {
      const late = setTimeout(() => failed(new Error(`the crew was never told ${type}`)), 15_000);
      const look = () => {
        const event = this.events.find(e => e.type === type);
        if (!event) return;
        clearTimeout(late);
        this.waiting.delete(look);
        found(event.job!);
      };
      this.waiting.add(look);
      look();
    });
  }

  close(): void {
    this.socket.close();
  }
}

// pixel is where a spot lies on a map whose middle and zoom are known, in
// pixels from its middle (Web Mercator, tiles of 512).
function pixel(spot: Spot, middle: Spot, zoom: number): { x: number; y: number } {
  const world = 512 * 2 ** zoom;
  const y = ({ lat }: Spot) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  return {
    x: ((spot.lon - middle.lon) / 360) * world,
    y: ((y(middle) - y(spot)) / (2 * Math.PI)) * world,
  };
}

// shows waits until the map shows words at so many pixels from its middle, to
// whom points there.
async function shows(page: Page, words: string, { x, y } = { x: 0, y: 0 }): Promise<void> {
  const map = (await page.locator(".map").boundingBox())!;
  const at = { x: map.x + map.width / 2 + x, y: map.y + map.height / 2 + y };
  const card = page.locator(".hover-card", { hasText: words });
  for (let i = 0; i < 100; i++) {
    await page.mouse.move(at.x + (i % 2), at.y);
    if (await card.isVisible()) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`the map never showed ${words}`);
}

describe.skipIf(missing)("the real Netanya", () => {
  let crew: ID;
  let token: string;

  beforeAll(async () => {
    browser = await launch();
    city = await netanya();
    await populate(city, await corners(city, center, 20));
    crew = await city.moked(
      ...["crew", "add", "--authority", "netanya", "--code", "חשמל 1", "--name", "צוות חשמל מרכז"],
      ...["--department", "electricity", "--skill", "electrician"],
    );
    token = await city.moked("token", "create", "--authority", "netanya", "--role", "crew", "--crew", crew);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await city?.close();
  }, 60_000);

  it("knows its corners", async () => {
    expect(await find(city, "הרצל פינת ויצמן")).toMatchObject({ precision: "intersection" });
    expect((await corners(city, center, 12)).length).toBe(12);
  });

  it("hears a report in Hebrew, and a crew drives there and mends it", { timeout: 180_000 }, async () => {
    const place = (await find(city, corner))!;
    const from = { lat: place.lat + 0.004, lon: place.lon + 0.006 };
    await onDuty(city, crew, from);
    const tablet = await Tablet.on(token);

    const page = await open("/login");
    await signIn(page);
    const side = page.locator(".side");
    const focused = (selector: string) =>
      page.waitForFunction(s => document.activeElement?.matches(s), selector);

    // The call: where, what, who; the hands never leave the keyboard.
    const type = (text: string) => page.keyboard.type(text, { delay: 60 });
    const began = Date.now();
    await page.keyboard.press("n");
    await focused(".finder input");
    await type("הרצל פינת ויצמ");
    await page.keyboard.press("Enter");
    await page.locator(".placed", { hasText: "צומת" }).waitFor();
    await type("פנס");
    await page.keyboard.press("Enter");
    await focused("[data-question]");
    await type("2");
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement?.tagName === "TEXTAREA")) break;
    }
    await type("שני פנסים כבויים ליד מעבר החציה");
    await page.keyboard.press("Enter");
    await type("0501234567");
    await page.keyboard.press("Control+Enter");
    await page.locator(".toast.done").waitFor();
    const took = Date.now() - began;
    expect(took).toBeLessThan(20_000);

    // It is in the queue, on the map, and open with who should go and why.
    const number = (await side.locator(".incident-title bdi").first().textContent())!;
    const row = page.locator(".queue-row", { hasText: number });
    await row.waitFor();
    await side.getByText("שני פנסים כבויים ליד מעבר החציה").first().waitFor();
    await side.getByText("0501234567").waitFor();
    await shows(page, "פנס רחוב כבוי");
    const best = side.locator(".candidate.best");
    await best.getByText("צוות חשמל מרכז").waitFor();
    expect((await best.locator(".candidate-why bdi").allTextContents()).length).toBeGreaterThanOrEqual(2);

    // A gives it to the crew, which hears of it at once.
    await page.keyboard.press("a");
    await focused(".candidate");
    const given = Date.now();
    await page.keyboard.press("Enter");
    let job = await tablet.told("job.assigned");
    const heard = Date.now() - given;
    expect(job).toMatchObject({ crew, category: "street-light-out", state: "assigned" });
    const state = (words: string) => side.locator(".job-state", { hasText: words }).waitFor();
    await state("שובצה");
    job = await step(city, job, "accept", {}, token);
    await state("אושרה");
    job = await step(city, job, "depart", {}, token);
    await state("בדרך");

    // It drives, and the map with it.
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "כל העיר" }).click();
    await page.waitForTimeout(700);
    await page.getByRole("button", { name: "פעולות לצוות חשמל 1" }).click();
    await page.getByRole("menuitem", { name: "להראות על המפה" }).click();
    await shows(page, "צוות חשמל מרכז");
    const stops = 6;
    for (let i = 1; i <= stops; i++) {
      const part = i / stops;
      const at = {
        lat: from.lat + (place.lat - from.lat) * part,
        lon: from.lon + (place.lon - from.lon) * part,
      };
      await stand(city, crew, at, { token });
      await page.waitForTimeout(300);
      if (i === 2) await shows(page, "צוות חשמל מרכז", pixel(at, from, 15.5));
    }

    // Mended: it leaves every list.
    for (const key of ["k", "j", "Enter"]) await page.keyboard.press(key);
    await row.waitFor();
    job = await step(city, job, "arrive", {}, token);
    await state("במקום");
    await step(city, job, "complete", { note: "הוחלפו שתי נורות" }, token);
    await row.waitFor({ state: "detached" });
    await state("הושלמה");
    await page.context().close();
    tablet.close();
    console.log(`filed in ${(took / 1000).toFixed(1)} s of typing; the crew heard ${heard} ms after the key`);
    expect(complaints).toEqual([]);
  });

  it("gives a tablet its district's map to take along", { timeout: 180_000 }, () =>
    takesTheMapAlong(city, center),
  );

  const screens: Record<string, (page: Page) => Promise<unknown>> = {
    queue: async () => {},
    incident: async page => {
      await page.locator(".queue-row").first().click();
      await page.locator(".timeline li").first().waitFor();
    },
    intake: async page => {
      await page.keyboard.press("n");
      await page.keyboard.type("הרצל");
      await page.locator(".suggestion").first().waitFor();
    },
    palette: async page => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("הרצל");
      await page.locator(".palette-item").first().waitFor();
    },
  };

  it.each(["dark", "light"])("axe finds nothing, %s", { timeout: 120_000 }, async theme => {
    const found: string[] = [];
    const page = await open("/login", theme);
    const look = async (name: string) => {
      for (const fault of await faults(page)) found.push(`${name}: ${fault}`);
    };
    await page.locator(".login-card").waitFor();
    await look("login");
    await signIn(page);
    for (const [name, reach] of Object.entries(screens)) {
      await page.goto(`${city.url}/console`);
      await page.locator(".connection.live").waitFor();
      await page.locator(".queue-row").first().waitFor();
      await reach(page);
      await look(name);
    }
    await page.context().close();
    expect(found).toEqual([]);
  });
});
