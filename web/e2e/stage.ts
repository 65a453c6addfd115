// The stage that the browser's tests play on: the server at MOKED_URL, signed
// in as MOKED_LOGIN with MOKED_PASSWORD, or else the fixture city.
import type { Browser, Page } from "playwright-core";
import { launch } from "./browser.ts";
import { type Fixture, type Options, serve } from "./fixture/server.ts";

export const real = process.env.MOKED_URL?.replace(/\/$/, "");

export interface Stage {
  url: string;
  fixture: Fixture | undefined;
  // errors is what the page complained of, its policy's violations among it.
  errors: string[];
  page: (look?: Look) => Promise<Page>;
  close: () => Promise<void>;
}

interface Look {
  theme?: "dark" | "light";
  lang?: "he" | "en";
  width?: number;
  height?: number;
  path?: string;
}

export async function stage(options: Options = {}): Promise<Stage> {
  const browser: Browser = await launch();
  const server = real ? undefined : await serve({ living: false, ...options });
  const url = real ?? server!.url;
  const errors: string[] = [];
  const page = async ({
    theme = "dark",
    lang = "he",
    width = 1440,
    height = 900,
    path = "/console",
  }: Look = {}) => {
    const context = await browser.newContext({
      viewport: { width, height },
      locale: "he-IL",
      reducedMotion: "reduce",
    });
    await context.addInitScript(
      ([t, l]) => {
        localStorage.setItem("moked.theme", t!);
        localStorage.setItem("moked.lang", l!);
      },
      [theme, lang] as const,
    );
    const made = await context.newPage();
    made.on("pageerror", e => errors.push(e.message));
    made.on("console", m => {
      if (m.type() === "error" && !/Failed to load resource|WebSocket/.test(m.text())) errors.push(m.text());
    });
    if (real && path !== "/login") {
      const data = { login: process.env.MOKED_LOGIN ?? "", password: process.env.MOKED_PASSWORD ?? "" };
      const answer = await made.request.post(`${url}/api/v1/session`, { data });
      if (!answer.ok()) throw new Error(`could not sign in at ${url}: ${answer.status()}`);
    }
    await made.goto(url + path);
    return made;
  };
  return {
    url,
    fixture: server?.fixture,
    errors,
    page,
    close: async () => {
      await browser.close();
      await server?.close();
    },
  };
}

// knownAddress is a house that the city has.
export async function knownAddress(page: Page): Promise<string> {
  if (process.env.MOKED_ADDRESS) return process.env.MOKED_ADDRESS;
  const url = new URL("/api/v1/snapshot", page.url()).href;
  const snapshot = await (await page.request.get(url)).json();
  const placed = snapshot.incidents.find(
    (i: { place: { precision: string } }) => i.place.precision === "house",
  );
  return placed?.place.label ?? "הרצל 60";
}
