// The district's page on the real program and the real Netanya, with a past that
// never was, of which the API says the same as the page.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer, Attention, Behind } from "../district/figures.ts";
import { lenses } from "../district/view.ts";
import type { Area } from "../shared/api.ts";
import { faults } from "./axe.ts";
import { launch } from "./browser.ts";
import { missing, type Netanya, netanya } from "./netanya-city.ts";

const simulator = process.env.MOKED_SIM ?? join(import.meta.dirname, "../../bin/mokedsim");
const lacks = missing ?? (existsSync(simulator) ? undefined : simulator);
if (lacks) console.log(`the district's page is not tried: there is no ${lacks}`);

let city: Netanya;
let browser: Browser;
let district: Area;
const complaints: string[] = [];
// Each person signs in once: too many at once are refused.
const signedIn = new Map<string, Awaited<ReturnType<BrowserContext["storageState"]>>>();
const password = "correct horse battery";

interface Look {
  login?: string;
  theme?: "dark" | "light";
  lang?: "he" | "en" | "ar" | "ru";
  width?: number;
}

async function open(path: string, { login = "dana", theme = "dark", lang = "he", width = 1440 }: Look = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: "he-IL",
    reducedMotion: "reduce",
    acceptDownloads: true,
    ...(signedIn.has(login) && { storageState: signedIn.get(login)! }),
  });
  await context.addInitScript(
    ([t, l]) => {
      localStorage.setItem("moked.theme", t!);
      localStorage.setItem("moked.lang", l!);
    },
    [theme, lang] as const,
  );
  const page = await context.newPage();
  page.on("pageerror", e => complaints.push(e.message));
  page.on("console", m => {
    if (m.type() === "error" && !/401|Failed to load resource/.test(m.text())) complaints.push(m.text());
  });
  if (login && !signedIn.has(login)) {
    const answer = await page.request.post(`${city.url}/api/v1/session`, { data: { login, password } });
    expect(answer.status()).toBe(200);
    signedIn.set(login, await context.storageState());
  }
  await page.goto(city.url + path);
  return page;
}

const answered = (page: Page) => page.locator(".figure:not(.waiting)").first().waitFor();
const year = "period=year";
const number = (text: string | null) => Number((text ?? "").replace(/[^\d]/g, ""));

describe.skipIf(lacks)("the district's page", () => {
  beforeAll(async () => {
    city = await netanya();
    browser = await launch();
    const out = join(city.folder, "past");
    const of = ["--url", city.url, "--token", city.token, "--years", "2", "--reports", "30000"];
    await promisify(execFile)(simulator, ["past", ...of, out]);
    await city.moked(
      ...["import", "reports", `${out}.csv`, "--map", `${out}.map.json`],
      ...["--authority", "netanya", "--source", "past"],
    );
    const { areas } = await city.api<{ areas: Area[] }>("/areas?level=district");
    district = areas[0]!;
    const user = (login: string, ...more: string[]) =>
      city.moked(
        ...["user", "add", "--authority", "netanya", "--login", login, "--password", password],
        ...["--name", login, ...more],
      );
    await user("ruth", "--role", "district", "--district", district.code);
    await user("moshe", "--role", "operator");
    for (let all = 0; all < 30_000; ) {
      const a = await city.api<Answer>("/figures?from=2020-01-01");
      all = a.total.received;
      if (all < 30_000) await new Promise(done => setTimeout(done, 200));
    }
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await city?.close();
    expect(complaints).toEqual([]);
  });

  it("answers before the first click, with the figures that the API gives", async () => {
    const page = await open(`/district?${year}`);
    await answered(page);
    const from = new URL(page.url()).searchParams;
    expect(from.get("period")).toBe("year");
    const values = await page.locator(".figure-value").allTextContents();
    // The page asked for a year that ends today.
    const asked = page.waitForRequest(/\/figures\?.*from=/);
    await page.reload();
    const q = new URL((await asked).url()).search;
    const { total } = await city.api<Answer>(`/figures${q}`);
    expect(number(values[0]!)).toBe(total.received);
    expect(number(values[3]!)).toBe(total.overdue);
    expect(values[1]).toContain(((1 - total.late / total.judged) * 100).toFixed(1).replace(/\.0$/, ""));
    await page.locator(".place").first().waitFor();
    expect(await page.locator(".place").count()).toBeLessThanOrEqual(5);
    await page.context().close();
  });

  it("shows the very reports behind a figure, and gives the focus back", async () => {
    const page = await open(`/district?${year}`);
    await answered(page);
    const overdue = page.locator(".figure").nth(3);
    await overdue.focus();
    await page.keyboard.press("Enter");
    const rows = page.locator(".behind tbody tr");
    await rows.first().waitFor();
    const title = await page.locator("#behind").textContent();
    const n = number(await overdue.locator(".figure-value").textContent());
    expect(number(title)).toBe(n);
    expect(await rows.count()).toBe(Math.min(50, n));
    if (n > 50) {
      await page.getByRole("button", { name: "עוד", exact: true }).click();
      await expect.poll(() => rows.count()).toBe(Math.min(100, n));
    }
    const q = new URLSearchParams({ from: "2020-01-01", of: "overdue", limit: "1" });
    const behind = await city.api<Behind>(`/figures/reports?${q}`);
    expect(behind.all).toBeGreaterThan(0);
    expect(await faults(page, ".behind")).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator(".behind").waitFor({ state: "detached" });
    await expect.poll(() => overdue.evaluate(e => e === document.activeElement)).toBe(true);
    await page.context().close();
  });

  it("goes to a place that needs a look, and the address keeps it", async () => {
    const page = await open(`/district?${year}`);
    await page.locator(".place").first().click();
    await expect.poll(() => new URL(page.url()).searchParams.get("category")).toBeTruthy();
    const category = new URL(page.url()).searchParams.get("category")!;
    const { places } = await city.api<{ places: Attention[] }>("/figures/attention?from=2025-01-01");
    expect(places.length).toBeGreaterThan(0);
    await page.locator(".lens-pin").waitFor();
    const there = page.url();
    const again = await open(there.slice(city.url.length));
    await answered(again);
    await expect.poll(() => again.locator(".bar-tools select").nth(2).inputValue()).toBe(category);
    await page.goBack();
    await expect.poll(() => new URL(page.url()).searchParams.get("category")).toBeNull();
    await again.context().close();
    await page.context().close();
  });

  it.each(lenses)("the map's lens %s says what its colours mean and how it is computed", async lens => {
    const page = await open(`/district?${year}&lens=${lens}`);
    await page.locator(`.lens-ground[data-ready=${lens}]`).waitFor();
    // Where nothing stands out there are no colours to explain.
    await page.locator(".legend .swatch, .lens > .quiet").first().waitFor();
    await page.locator(".lens > details summary").click();
    expect((await page.locator(".lens > details p").textContent())!.length).toBeGreaterThan(40);
    await page.context().close();
  });

  it.each(["again", "emerging"])(
    "says in a table what the lens %s shows, and goes there by keyboard",
    async lens => {
      if (lens === "emerging") {
        // Something that the place has hardly ever had, again and again.
        const { areas } = await city.api<{ areas: Area[] }>("/areas?level=neighbourhood");
        const [lon, lat] = areas[0]!.center;
        for (let n = 0; n < 25; n++) {
          const answer = await fetch(`${city.url}/api/v1/reports`, {
            method: "POST",
            headers: { authorization: `Bearer ${city.token}`, "content-type": "application/json" },
            body: JSON.stringify({
              channel: "phone",
              category: "bench-broken",
              text: "ספסל",
              place: { lat, lon },
            }),
          });
          expect(answer.status).toBe(201);
        }
      }
      const page = await open(`/district?period=${lens === "again" ? "year" : "month"}&lens=${lens}`);
      const asked = await page.waitForResponse(r => r.url().includes("why="));
      await page.locator(`.lens-ground[data-ready=${lens}]`).waitFor();
      const { places } = (await asked.json()) as { places: Attention[] };
      if (lens === "emerging") expect(places.length).toBeGreaterThan(0);
      const rows = page.locator(".standing tbody tr");
      if (places.length === 0) {
        // A quiet year: that is said, in place of the table.
        await page.locator(".lens > .quiet").first().waitFor();
        await page.context().close();
        return;
      }
      await expect.poll(() => rows.count()).toBe(places.length);
      expect(number(await rows.first().locator("td").nth(1).textContent())).toBe(places[0]!.n);
      expect(await faults(page, ".lens")).toEqual([]);
      await rows.first().locator("button").focus();
      await page.keyboard.press("Enter");
      await page.locator(".lens-pin").waitFor();
      expect(new URL(page.url()).searchParams.get("category")).toBe(places[0]!.category);
      await page.context().close();
    },
  );

  it("is brushed over the months, by the keyboard and by the pointer", async () => {
    const page = await open("/district");
    await answered(page);
    const months = page.locator(".bar-month");
    await months.nth(2).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".bar-month[aria-pressed=true]").count()).toBe(1);
    const from = new URL(page.url()).searchParams.get("from")!;
    expect(from).toMatch(/^\d{4}-\d\d-01$/);
    const [a, b] = [(await months.nth(4).boundingBox())!, (await months.nth(7).boundingBox())!];
    await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
    await page.mouse.down();
    await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => page.locator(".bar-month[aria-pressed=true]").count()).toBe(4);
    await page.context().close();
  });

  it("chooses a neighbourhood in the table, sorts, and gives the table to a spreadsheet", async () => {
    const page = await open(`/district?${year}`);
    const table = page.locator("section:has(#neighbourhoods)");
    await table.locator("tbody tr").first().waitFor();
    await table.locator("thead button").first().click();
    expect(await table.locator("th[aria-sort=ascending]").textContent()).toContain("שכונה");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      table.getByRole("button", { name: /ייצוא/ }).click(),
    ]);
    const text = await readFile((await file.path())!, "utf8");
    expect(text.startsWith("\ufeffשכונה,פניות")).toBe(true);
    const all = number(await page.locator(".figure-value").first().textContent());
    const first = table.locator("tbody tr").first();
    const own = number(await first.locator("td").first().textContent());
    await first.locator("th button").click();
    await expect
      .poll(async () => number(await page.locator(".figure-value").first().textContent()))
      .toBe(own);
    await page.locator(".chip").click();
    await expect
      .poll(async () => number(await page.locator(".figure-value").first().textContent()))
      .toBe(all);
    await page.context().close();
  });

  it("narrows to a part of the week", async () => {
    const page = await open(`/district?${year}`);
    const cell = page.locator(".week-cell").nth(11);
    await cell.locator("bdi").waitFor();
    await expect.poll(async () => number(await cell.textContent())).toBeGreaterThan(0);
    const n = number(await cell.textContent());
    await cell.click();
    await expect.poll(async () => number(await page.locator(".figure-value").first().textContent())).toBe(n);
    expect(new URL(page.url()).searchParams.get("week")).toBe("d1h9");
    await page.locator(".chip").click();
    await expect.poll(() => new URL(page.url()).searchParams.get("week")).toBeNull();
    await page.context().close();
  });

  it("shows a district's manager that district, and no other", async () => {
    const { areas } = await city.api<{ areas: Area[] }>("/areas?level=district");
    const other = areas[1]!;
    const page = await open(`/district?${year}&district=${encodeURIComponent(other.code)}`, {
      login: "ruth",
    });
    await answered(page);
    expect(await page.locator("h1").textContent()).toBe(district.name);
    const own = await city.api<Answer>(
      `/figures?from=2020-01-01&district=${encodeURIComponent(district.code)}`,
    );
    const seen = await page.request.get(`${city.url}/api/v1/figures?from=2020-01-01`);
    expect(((await seen.json()) as Answer).total.received).toBe(own.total.received);
    for (const path of ["figures", "heat", "figures/attention", "figures/reporting"]) {
      const refused = await page.request.get(
        `${city.url}/api/v1/${path}?district=${encodeURIComponent(other.code)}`,
      );
      expect(refused.status(), path).toBe(403);
    }
    await page.context().close();
  });

  it("asks who it is, and comes back; and tells an operator that it isn't theirs", async () => {
    const page = await open(`/district?${year}`, { login: "" });
    await page.getByLabel("שם משתמש").and(page.locator(":focus")).waitFor();
    await page.keyboard.type("ruth");
    await page.keyboard.press("Tab");
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await answered(page);
    expect(page.url()).toBe(`${city.url}/district?${year}`);
    await page.context().close();
    const operator = await open("/district", { login: "moshe" });
    await operator.getByRole("heading", { name: "אין הרשאה לנתונים האלה" }).waitFor();
    expect(await faults(operator)).toEqual([]);
    await operator.context().close();
  });

  it.each(["he", "en", "ar", "ru"])(
    "publishes the charter to everybody, without a script: %s",
    async lang => {
      const context = await browser.newContext({
        viewport: { width: 390, height: 844 },
        javaScriptEnabled: true,
      });
      const page = await context.newPage();
      await page.goto(`${city.url}/charter?lang=${lang}`);
      expect(await page.locator("script").count()).toBe(0);
      expect(number(await page.locator(".figures dd").first().textContent())).toBeGreaterThan(5000);
      expect(await faults(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      await context.close();
    },
  );

  it.each([
    { lang: "he", width: 1440, theme: "light" },
    { lang: "ar", width: 820, theme: "dark" },
    { lang: "ru", width: 390, theme: "light" },
    { lang: "en", width: 1440, theme: "dark" },
  ] as const)("tells the month in a report that can be sent on: $lang, $width, $theme", async look => {
    const page = await open("/district?period=last-month", { login: "ruth" });
    await answered(page);
    const link = page.getByRole("link", { name: "דוח", exact: true });
    expect(await link.getAttribute("href")).toContain("/review?from=");
    await page.emulateMedia({ colorScheme: look.theme });
    await page.setViewportSize({ width: look.width, height: 900 });
    await page.goto(`${city.url}/review?lang=${look.lang}`);
    expect(await page.locator("script").count()).toBe(0);
    const received = number(await page.locator(".figures dd a").first().textContent());
    expect(received).toBeGreaterThan(10);
    // A district's manager reads of the district alone.
    expect(await page.locator("select[name=district]").count()).toBe(0);
    expect(await page.locator("#departments ~ .scroll tbody tr").count()).toBeGreaterThan(3);
    expect(await faults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.locator("summary").last().press("Enter");
    expect(await page.locator("details[open] tbody tr").count()).toBeGreaterThan(10);
    // The figure leads to the very same question on the district's page.
    await page.locator(".figures dd a").first().click();
    await answered(page);
    expect(number(await page.locator(".figure-value").first().textContent())).toBe(received);
    await page.context().close();
  });

  it("hands the report over as files, and asks strangers to sign in first", async () => {
    const page = await open("/review?lang=he");
    for (const end of ["pdf", "xlsx", "csv"]) {
      const waits = page.waitForEvent("download");
      await page.locator(`.downloads a[href^="/review.${end}"]`).click();
      const file = await (await waits).path();
      const bytes = await readFile(file);
      expect(bytes.length).toBeGreaterThan(2000);
      if (end === "pdf") expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
      if (end === "xlsx") expect(bytes.subarray(0, 2).toString()).toBe("PK");
    }
    await page.context().close();
    const stranger = await open("/review?period=2020&lang=en", { login: "" });
    await stranger.waitForURL(/\/login\?next=/);
    await stranger.locator("input[name=login], input[autocomplete=username]").first().fill("dana");
    await stranger.locator("input[type=password]").fill(password);
    await stranger.keyboard.press("Enter");
    await stranger.waitForURL(/\/review\?period=2020/);
    await stranger.context().close();
  });

  it.each([
    "/open?lang=he",
    "/open?lang=ar",
    "/ogc/?f=html",
    "/ogc/collections?f=html",
    "/ogc/collections/areas/items?f=html",
  ])("has open data and layers for everybody, without a script: %s", async path => {
    const page = await open(path, { login: "", width: 390 });
    expect(await page.locator("script").count()).toBe(0);
    expect(await page.locator("a").count()).toBeGreaterThan(1);
    expect(await faults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.context().close();
  });

  it.each([
    { theme: "dark", lang: "he", width: 1440 },
    { theme: "light", lang: "he", width: 820 },
    { theme: "light", lang: "en", width: 390 },
    { theme: "dark", lang: "ar", width: 1440 },
    { theme: "light", lang: "ru", width: 390 },
  ] as const)("axe finds nothing, and nothing is cut off: $theme, $lang, $width", async look => {
    const page = await open(`/district?${year}&lens=readiness`, look);
    await answered(page);
    await page.locator(".place").first().waitFor();
    await page.locator("#categories").waitFor();
    await page.locator(".lens-ground[data-ready]").waitFor();
    expect(await faults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.context().close();
  });
});
