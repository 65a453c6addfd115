import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faults } from "./axe.ts";
import { real, type Stage, stage } from "./stage.ts";

// The made-up city's crews have a day to look at; a real server's may not.
describe.skipIf(real)("where crews were", () => {
  let s: Stage;
  beforeAll(async () => {
    s = await stage();
  });
  afterAll(async () => {
    expect(s.errors).toEqual([]);
    await s.close();
  });

  it("shows a crew's day, walked with the arrows while the map follows", async () => {
    const page = await s.page();
    await page.locator(".maplibregl-canvas").waitFor();
    const button = page.getByRole("button", { name: /^המסלול של צוות/ }).first();
    await button.focus();
    await page.keyboard.press("Enter");
    const stops = page.locator(".trail-stop");
    await stops.first().waitFor();
    expect(await stops.count()).toBe(4);
    expect(await page.locator(".trail-gap").count()).toBe(1);
    await stops.first().focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => stops.nth(1).getAttribute("aria-current")).toBe("true");
    expect(await faults(page, ".side")).toEqual([]);
    await page.keyboard.press("PageUp");
    await page.getByText("הצוות לא היה במשמרת", { exact: false }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "צוותים" }).waitFor();
  });

  it("adds a tracker, tells its secret once, and shuts it out", async () => {
    const page = await s.page({ lang: "en" });
    await page.getByRole("button", { name: "Trackers" }).click();
    await page.getByText("No devices yet").waitFor();
    await page.getByRole("button", { name: "Add a device" }).click();
    await page.getByLabel("The device's name", { exact: false }).fill("Dana's phone");
    await page.getByRole("button", { name: "Add a device" }).click();
    await page.getByText(`${s.url}/trackers/osmand`, { exact: true }).waitFor();
    const secret = page.getByText("h7qk2mzr5v3nxw8ptd4jc6k3f9", { exact: true });
    expect(await secret.count()).toBe(1);
    expect(await faults(page, ".modal")).toEqual([]);
    await page.getByRole("button", { name: "Typed in" }).click();
    await page.getByText("Dana's phone").waitFor();
    expect(await secret.count()).toBe(0);
    await page.getByRole("button", { name: "Shut out the device Dana's phone" }).click();
    await page.getByRole("button", { name: "Shut out", exact: true }).click();
    await page.locator(".tracker.revoked").waitFor();
  });

  it("offers trackers to nobody who doesn't manage crews", async () => {
    const other = await stage({ role: "operator" });
    const page = await other.page({ lang: "en" });
    await page.getByRole("heading", { name: "Crews" }).waitFor();
    expect(await page.getByRole("button", { name: "Trackers" }).count()).toBe(0);
    await other.close();
  });
});
