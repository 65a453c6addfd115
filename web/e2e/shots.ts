// Screenshots to look at: npm run shots [name …]. With MOKED_URL (and
// MOKED_LOGIN, MOKED_PASSWORD) they show a real server.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launch } from "./browser.ts";
import { type Fixture, type Options, serve } from "./fixture/server.ts";

const folder = join(import.meta.dirname, "shots");
const sizes = { desk: [1440, 900], tablet: [1024, 768], phone: [390, 844], wall: [1920, 1080] } as const;

interface Shot {
  name: string;
  size?: keyof typeof sizes;
  theme?: "dark" | "light";
  lang?: "he" | "en";
  path?: string;
  city?: Options;
  before?: (page: Page, fixture: Fixture | undefined) => Promise<void>;
}

const openFirst = async (page: Page) => {
  await page.locator(".queue-row").nth(0).click();
  await page.locator(".timeline li").first().waitFor();
};

const intake = async (page: Page) => {
  await page.keyboard.press("n");
  await page.keyboard.type("הרצ", { delay: 30 });
  await page.locator(".suggestion").first().waitFor();
};

const half = async (page: Page) => {
  await page.keyboard.press("n");
  await page.keyboard.type("הרצל 60", { delay: 20 });
  await page.locator(".suggestion").first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  await page.keyboard.type("פנס", { delay: 20 });
  await page.keyboard.press("Enter");
  await page.waitForTimeout(1500);
};

const trail = async (page: Page) => {
  await page
    .getByRole("button", { name: /^(המסלול של צוות|Where crew)/ })
    .nth(1)
    .click();
  await page.locator(".trail-stop").nth(1).click();
};

const trackers = async (page: Page, fixture: Fixture | undefined) => {
  const crews = [...(fixture?.world.crews.keys() ?? [])];
  const add = (crew: number, name: string, protocol: "osmand" | "owntracks") =>
    fixture?.trackers.add({ crew: crews[crew]!, name, protocol }).tracker;
  const [a, b] = [add(0, "הטלפון של יוסי", "osmand"), add(1, "טאבלט ברכב", "owntracks")];
  if (a) fixture?.trackers.seen(a, { moved: 1204, late: 31, jump: 2, island: 7 }, 0);
  if (b) fixture?.trackers.seen(b, { moved: 88, future: 4 }, 190);
  await page.getByRole("button", { name: /^(מכשירי מעקב|Trackers)$/ }).click();
};

const addTracker = async (page: Page, fixture: Fixture | undefined) => {
  await trackers(page, fixture);
  await page.locator(".dialog-foot .primary").click();
  await page.locator(".dialog form input").first().fill("הטלפון של דנה");
  await page.locator(".dialog-foot .primary").click();
};

const shots: Shot[] = [
  { name: "trail", before: trail },
  { name: "trail-light", theme: "light", before: trail },
  { name: "trail-english", lang: "en", before: trail },
  { name: "trackers", before: trackers },
  { name: "trackers-added", theme: "light", before: addTracker },
  { name: "busy-dark" },
  { name: "busy-light", theme: "light" },
  { name: "open-dark", before: openFirst },
  { name: "open-light", theme: "light", before: openFirst },
  { name: "open-wall", size: "wall", before: openFirst },
  { name: "english", lang: "en", before: openFirst },
  { name: "suggest", before: intake },
  { name: "intake", before: half },
  { name: "intake-light", theme: "light", before: half },
  {
    name: "palette",
    before: async page => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("הרצל", { delay: 30 });
      await page.waitForTimeout(600);
    },
  },
  {
    name: "merge",
    before: async page => {
      await openFirst(page);
      await page.keyboard.press("m");
    },
  },
  { name: "empty", city: { incidents: 0, crews: 0 } },
  {
    name: "offline",
    before: async (page, fixture) => {
      fixture?.cut(true);
      await page.waitForTimeout(17_500);
    },
  },
  {
    name: "resuming",
    before: async (page, fixture) => {
      fixture?.cut(true);
      await page.waitForTimeout(2000);
    },
  },
  {
    name: "layers",
    before: async page => {
      await page.getByRole("button", { name: "רבעים ושכונות" }).click();
      await page.getByRole("button", { name: "אזורי עבודה" }).click();
    },
  },
  {
    name: "close",
    before: async page => {
      for (let i = 0; i < 3; i++) {
        await page.getByRole("button", { name: "קרוב יותר" }).click();
        await page.waitForTimeout(500);
      }
    },
  },
  { name: "thousands", city: { incidents: 3000, crews: 120, living: false } },
  { name: "tablet", size: "tablet" },
  { name: "tablet-open", size: "tablet", before: openFirst },
  { name: "phone", size: "phone" },
  { name: "phone-open", size: "phone", before: openFirst },
  {
    name: "phone-map",
    size: "phone",
    theme: "light",
    before: page => page.locator(".tabs button").nth(1).click(),
  },
  { name: "login", path: "/login", city: { signedIn: false } },
  { name: "login-light", path: "/login", theme: "light", city: { signedIn: false } },
  { name: "roster", path: "/console/roster", before: page => page.locator(".turn").first().waitFor() },
  { name: "roster-light", path: "/console/roster", theme: "light" },
  {
    name: "roster-tablet",
    path: "/console/roster",
    size: "tablet",
    before: page => page.locator(".turn").first().click(),
  },
  { name: "crews-tablet", size: "tablet", before: page => page.locator(".counter.free").click() },
  { name: "forbidden", city: { role: "crew" } },
];

export default async function main(wanted: string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await launch();
  for (const shot of shots) {
    if (wanted.length > 0 && !wanted.some(w => shot.name.startsWith(w))) continue;
    const server = process.env.MOKED_URL ? undefined : await serve(shot.city);
    const [width, height] = sizes[shot.size ?? "desk"];
    const context = await browser.newContext({ viewport: { width, height }, locale: "he-IL" });
    await context.addInitScript(
      ([theme, lang]) => {
        localStorage.setItem("moked.theme", theme!);
        localStorage.setItem("moked.lang", lang!);
      },
      [shot.theme ?? "dark", shot.lang ?? "he"],
    );
    const page = await context.newPage();
    page.on(
      "console",
      m => ["error", "warning"].includes(m.type()) && console.log(`${shot.name}: ${m.text()}`),
    );
    page.on("pageerror", e => console.log(`${shot.name}: ${e.message}`));
    const url = process.env.MOKED_URL ?? server!.url;
    if (process.env.MOKED_LOGIN) {
      await page.request.post(`${url}/api/v1/session`, {
        data: { login: process.env.MOKED_LOGIN, password: process.env.MOKED_PASSWORD },
      });
    }
    await page.goto(url + (shot.path ?? "/console"));
    await page.waitForTimeout(shot.path ? 600 : 2500);
    await shot.before?.(page, server?.fixture).catch(e => console.log(`${shot.name}: ${e.message}`));
    await page.waitForTimeout(1500);
    await page.screenshot({ path: join(folder, `${shot.name}.png`) });
    console.log(shot.name);
    await context.close();
    await server?.close();
  }
  await browser.close();
}
