import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faults } from "./axe.ts";
import { type Stage, stage } from "./stage.ts";

let s: Stage;

beforeAll(async () => {
  s = await stage();
});
afterAll(() => s.close());

const states: Record<string, (page: Page) => Promise<unknown>> = {
  queue: async () => {},
  incident: async page => {
    await page.locator(".queue-row").first().click();
    await page.locator(".timeline li").first().waitFor();
  },
  intake: async page => {
    await page.keyboard.press("n");
    await page.keyboard.type("הר");
    await page.locator(".suggestion, .suggestions-empty").first().waitFor();
  },
  palette: async page => {
    await page.keyboard.press("Control+k");
    await page.locator(".palette-item").first().waitFor();
  },
  merge: async page => {
    await page.locator(".queue-row").first().click();
    await page.locator(".incident-head").waitFor();
    await page.keyboard.press("m");
    await page.locator(".dialog").waitFor();
  },
  edit: async page => {
    await page.locator(".queue-row").first().click();
    await page.locator(".incident-tools button").first().click();
    await page.locator(".menu-item").first().click();
    await page.locator(".edit").waitFor();
  },
  help: async page => {
    await page.keyboard.press("?");
    await page.locator(".keys").waitFor();
  },
};

const looks = [
  { theme: "dark", lang: "he" },
  { theme: "light", lang: "he" },
  { theme: "dark", lang: "en" },
] as const;

describe.each(looks)("axe finds nothing, $theme, $lang", look => {
  it.each(Object.keys(states))("%s", async name => {
    const page = await s.page(look);
    await page.locator(".connection.live").waitFor();
    await page.locator(".queue-row").first().waitFor();
    await states[name]!(page);
    const found = await faults(page);
    await page.context().close();
    expect(found).toEqual([]);
  });

  it("signing in", async () => {
    const page = await s.page({ ...look, path: "/login" });
    await page.locator(".login-card").waitFor();
    const found = await faults(page);
    await page.context().close();
    expect(found).toEqual([]);
  });
});

it("on a phone too", async () => {
  const page = await s.page({ width: 390, height: 844 });
  await page.locator(".queue-row").first().waitFor();
  const found = await faults(page);
  await page.context().close();
  expect(found).toEqual([]);
});
