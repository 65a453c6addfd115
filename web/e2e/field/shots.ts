// Screenshots of the tablet's screens to look at: npm run field-shots [name …].
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { fieldStage, type Look } from "./stage.ts";

const folder = join(import.meta.dirname, "../shots");
const job = "#/job/0190a000-0000-7000-8000-000000000612";
const land = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

interface Shot extends Look {
  name: string;
  whole?: boolean;
  before?: (page: Page) => Promise<unknown>;
}

const arrive = (page: Page) => page.getByRole("button", { name: "הגענו", exact: true }).click();
const fill = async (page: Page) => {
  await arrive(page);
  const image = { name: "a.png", mimeType: "image/png", buffer: Buffer.from("x") };
  await page.getByLabel("לצלם לפני").setInputFiles(image);
  await page.getByRole("checkbox").first().check();
  for (let i = 0; i < 3; i++) await page.getByRole("button", { name: /^עוד נורת/ }).click();
};

export const shots: Shot[] = [
  { name: "today" },
  { name: "today-phone", ...phone },
  { name: "today-dark", look: "dark", ...phone },
  { name: "today-sun", look: "sun", ...phone },
  { name: "today-sun-tablet", look: "sun" },
  { name: "today-land", ...land },
  { name: "today-land-dark", ...land, look: "dark" },
  { name: "today-land-sun", ...land, look: "sun" },
  { name: "today-offline", scene: "offline", ...phone },
  { name: "today-offline-tablet", scene: "offline" },
  { name: "today-resuming", scene: "resuming" },
  { name: "today-arriving", scene: "arriving", ...phone },
  { name: "today-empty", scene: "empty" },
  { name: "starting", scene: "starting", ...phone },
  { name: "duty", ...phone, before: page => page.locator(".duty").click() },
  { name: "go", ...phone, before: page => page.getByRole("button", { name: "ניווט" }).first().click() },
  { name: "job", at: job },
  { name: "job-phone", at: job, ...phone },
  { name: "job-full", at: job, before: fill, whole: true },
  { name: "job-full-phone", at: job, ...phone, look: "dark", before: fill, whole: true },
  { name: "job-sun", at: job, look: "sun", ...phone, before: fill },
  { name: "job-verdict", at: "#/job/0190a000-0000-7000-8000-000000000598" },
  {
    name: "trouble",
    at: job,
    ...phone,
    before: page => page.getByRole("button", { name: "יש בעיה" }).click(),
  },
  {
    name: "pause",
    at: job,
    before: async page => {
      await page.getByRole("button", { name: "השהיה" }).click();
      await page.getByRole("button", { name: "ממתינים לחלקים" }).click();
    },
  },
  {
    name: "transfer",
    at: job,
    ...phone,
    before: async page => {
      await page.getByRole("button", { name: "יש בעיה" }).click();
      await page.getByRole("button", { name: "צריך אגף אחר" }).first().click();
    },
  },
  {
    name: "finish-missing",
    at: job,
    ...phone,
    before: async page => {
      await arrive(page);
      await page.getByRole("button", { name: "סיימנו" }).click();
    },
  },
  {
    name: "finish-anyway",
    at: job,
    before: async page => {
      await arrive(page);
      await page.getByRole("button", { name: "סיימנו" }).click();
      await page.getByRole("button", { name: "לסיים בכל זאת" }).click();
    },
  },
  {
    name: "sign",
    at: "#/job/0190a000-0000-7000-8000-000000000615",
    before: async page => {
      await page.getByRole("button", { name: "לחתום" }).click();
      await page.getByLabel("שם החותם").fill("רות לוי");
      await page.getByRole("button", { name: "השם במקום חתימה" }).click();
    },
  },
  { name: "new", at: "#/new" },
  { name: "new-phone", at: "#/new", ...phone, look: "sun" },
  { name: "inbox", at: "#/inbox" },
  { name: "inbox-phone", at: "#/inbox", ...phone, look: "dark" },
  { name: "inbox-empty", at: "#/inbox", scene: "empty", ...phone },
  { name: "waiting", at: "#/waiting", scene: "offline" },
  { name: "waiting-land", at: "#/waiting", scene: "offline", ...land },
  { name: "waiting-land-dark", at: "#/waiting", scene: "offline", ...land, look: "dark" },
  { name: "waiting-phone", at: "#/waiting", scene: "offline", ...phone },
  { name: "waiting-done", at: "#/waiting", ...phone },
  { name: "device", at: "#/device", scene: "offline", ...phone, whole: true },
  {
    name: "out",
    at: "#/device",
    scene: "offline",
    before: page => page.getByRole("button", { name: "יציאה" }).click(),
  },
  { name: "map", at: "#/map", before: page => page.waitForTimeout(3500) },
  { name: "map-land", at: "#/map", ...land, before: page => page.waitForTimeout(3500) },
  {
    name: "map-phone",
    at: "#/map",
    ...phone,
    look: "sun",
    before: async page => {
      await page.waitForTimeout(3500);
      await page.locator(".stop").first().click();
      await page.waitForTimeout(1500);
    },
  },
  {
    name: "map-dark",
    at: "#/map",
    ...land,
    look: "dark",
    scene: "offline",
    before: page => page.waitForTimeout(3500),
  },
  { name: "door", scene: "out", ...phone },
  { name: "door-tablet", scene: "out-offline", look: "dark" },
  { name: "locked", scene: "locked", ...phone },
  { name: "revoked", scene: "revoked", ...phone, look: "sun" },
  { name: "english", lang: "en", ...land },
  { name: "arabic", lang: "ar", at: job },
  { name: "russian", lang: "ru", ...phone, at: job },
];

export default async function main(wanted: string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const stage = await fieldStage();
  for (const shot of shots) {
    if (wanted.length > 0 && !wanted.some(w => shot.name.startsWith(w))) continue;
    const page = await stage.page(shot);
    await page.waitForTimeout(400);
    await shot.before?.(page).catch(e => console.log(`${shot.name}: ${e.message}`));
    await page.waitForTimeout(300);
    if (shot.whole) {
      const tall = await page.evaluate(() => {
        const place = document.querySelector(".place")!;
        return place.scrollHeight - place.clientHeight + innerHeight;
      });
      await page.setViewportSize({ width: shot.width ?? 800, height: Math.min(tall, 4000) });
      await page.waitForTimeout(200);
    }
    await page.screenshot({ path: join(folder, `field-${shot.name}.png`) });
    for (const e of stage.errors.splice(0)) console.log(`${shot.name}: ${e}`);
    console.log(shot.name);
    await page.context().close();
  }
  await stage.close();
}
