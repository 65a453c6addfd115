// Every state of the tablet's screens that the tests look at, by its name.
import type { Page } from "playwright-core";
import type { Look } from "./stage.ts";

const job = "#/job/0190a000-0000-7000-8000-000000000612";
const wire = "#/job/0190a000-0000-7000-8000-000000000615";
const verdict = "#/job/0190a000-0000-7000-8000-000000000598";
const over = "#/job/0190a000-0000-7000-8000-000000000587";

export interface State extends Look {
  before?: (page: Page) => Promise<unknown>;
}

const press = (name: string) => (page: Page) =>
  page.getByRole("button", { name, exact: true }).first().click();

export const image = {
  name: "a.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==",
    "base64",
  ),
};

export const states: Record<string, State> = {
  today: {},
  "today, offline": { scene: "offline" },
  "today, resuming": { scene: "resuming" },
  "today, arriving": { scene: "arriving" },
  "today, empty": { scene: "empty" },
  opening: { scene: "starting" },
  duty: { before: page => page.locator(".duty").click() },
  directions: { scene: "offline", before: press("ניווט") },
  job: { at: job },
  "job, at work": {
    at: job,
    before: async page => {
      await press("הגענו")(page);
      await page.getByLabel("לצלם לפני").setInputFiles(image);
      await page.locator(".shot img").waitFor();
      await page.getByRole("checkbox").first().check();
      await page.getByRole("button", { name: /^עוד נורת/ }).click();
    },
  },
  "job, with verdicts": { at: verdict, scene: "offline" },
  "job, over": { at: over },
  "job, gone": { at: "#/job/none" },
  trouble: { at: job, before: press("יש בעיה") },
  "why pause": { at: job, before: press("השהיה") },
  transfer: {
    at: job,
    before: async page => {
      await press("יש בעיה")(page);
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /צריך אגף אחר/ })
        .click();
    },
  },
  finish: {
    at: job,
    before: async page => {
      await press("הגענו")(page);
      await press("סיימנו")(page);
      await press("לסיים בכל זאת")(page);
    },
  },
  signature: { at: wire, before: press("לחתום") },
  "new incident": { at: "#/new" },
  map: {
    at: "#/map",
    before: async page => {
      await page.locator(".stop").first().waitFor();
      await page.waitForTimeout(600);
    },
  },
  inbox: { at: "#/inbox" },
  "inbox, empty": { at: "#/inbox", scene: "empty" },
  waiting: { at: "#/waiting", scene: "offline" },
  "waiting, all sent": { at: "#/waiting", before: page => page.locator(".fold summary").click() },
  "waiting, nothing": { at: "#/waiting", scene: "empty" },
  device: { at: "#/device", scene: "offline" },
  "signing out, unsent": { at: "#/device", scene: "offline", before: press("יציאה") },
  "signing in": { scene: "out" },
  "signing in, offline": { scene: "out-offline", before: press("כניסה") },
  locked: { scene: "locked" },
  revoked: { scene: "revoked", before: page => page.locator("summary").click() },
};

export const sizes = {
  tablet: { width: 800, height: 1280 },
  "tablet on its side": { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
};
