// Fingers on the glass: what a tap does, and what isn't one.
import type { CDPSession } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Job } from "../shared/api.ts";
import { type FieldCity, fieldCity, missing, password } from "./field-city.ts";
import { Tablet } from "./tablet.ts";

if (missing) console.log(`the fingers are skipped: there is no ${missing}`);

let city: FieldCity;
let tablet: Tablet;
let glass: CDPSession;
let jobs: Job[];

interface Spot {
  x: number;
  y: number;
}

async function middle(selector: string): Promise<Spot> {
  const target = tablet.page.locator(selector).first();
  await target.scrollIntoViewIfNeeded();
  // A page that still rolls is stopped by a finger, not tapped.
  await tablet.page.waitForTimeout(250);
  const { x, y, width, height } = (await target.boundingBox())!;
  return { x: x + width / 2, y: y + height / 2 };
}

const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...touchPoints: Spot[]) =>
  glass.send("Input.dispatchTouchEvent", { type, touchPoints });

async function tap(selector: string): Promise<void> {
  const { x, y } = await middle(selector);
  await tablet.page.touchscreen.tap(x, y);
}

// clicks are those that came to elements of the page since they were last asked for.
async function clicks(): Promise<boolean[]> {
  // What a browser makes up after a finger has come by now.
  await tablet.page.waitForTimeout(400);
  return tablet.page.evaluate(() => (globalThis as unknown as { clicked: boolean[] }).clicked.splice(0));
}

const stateOf = (id: string) =>
  tablet.page.evaluate(id => mokedEngine.state().jobs.find(j => j.id === id)?.state, id);
const hash = () => tablet.page.evaluate(() => location.hash);

describe.skipIf(missing)("fingers", () => {
  beforeAll(async () => {
    city = await fieldCity();
    jobs = [];
    for (let n = 0; n < 12; n++) jobs.push(await city.assign(n));
    tablet = await Tablet.bought(city.url);
    await tablet.open();
    await tablet.page.evaluate(pass => mokedEngine.signIn("electric", pass), password);
    await tablet.page.waitForFunction(() => mokedEngine.state().jobs.length === 12);
    glass = await tablet.context.newCDPSession(tablet.page);
    await tablet.page.evaluate(() => {
      const clicked: boolean[] = [];
      Object.assign(globalThis, { clicked });
      addEventListener("click", e => clicked.push(e.isTrusted), { capture: true });
    });
  }, 120_000);

  afterAll(async () => {
    await tablet?.close();
    await city?.close();
  });

  it("opens a job and takes one step, once, though the next step's button comes under the finger", async () => {
    const { id } = jobs[2]!;
    await tap(`a[href="#/job/${id}"]`);
    expect(await hash()).toBe(`#/job/${id}`);
    expect(await clicks()).toEqual([false]);
    await tap(".step-bar > .button");
    expect(await clicks()).toEqual([false]);
    expect(await stateOf(id)).toBe("accepted");
    await tap(".check");
    // A label's click brings its box's.
    expect(await clicks()).toEqual([false, false]);
    expect(await tablet.page.locator(".check input").first().isChecked()).toBe(true);
    await tap(".check");
    expect(await tablet.page.locator(".check input").first().isChecked()).toBe(false);
    await clicks();
  });

  it("gives the focus back to the button that opened a sheet", async () => {
    const trouble = ".step-bar > .button[aria-haspopup]";
    await tap(trouble);
    await tablet.page.locator("dialog.sheet").waitFor();
    await tablet.page.keyboard.press("Escape");
    await tablet.page.locator("dialog.sheet").waitFor({ state: "detached" });
    expect(await tablet.page.evaluate(q => document.activeElement?.matches(q), trouble)).toBe(true);
    await clicks();
  });

  it("opens nothing when a finger drags, rests, or is one of two", async () => {
    await tap(".nav .to-today");
    await clicks();
    const { x, y } = await middle(".job-row");
    await touch("touchStart", { x, y });
    for (let n = 1; n <= 8; n++) await touch("touchMove", { x, y: y - 30 * n });
    await touch("touchEnd");
    expect(await tablet.page.evaluate(() => document.getElementById("place")!.scrollTop)).toBeGreaterThan(0);
    expect(await hash()).toBe("#/");
    const low = await middle(".job-row");
    await touch("touchStart", low, { x: low.x, y: low.y + 60 });
    await touch("touchEnd");
    expect(await clicks()).toEqual([]);
    expect(await hash()).toBe("#/");
    const row = await middle(".nav .to-inbox");
    await touch("touchStart", row);
    await tablet.page.waitForTimeout(900);
    await touch("touchEnd");
    expect((await clicks()).includes(false)).toBe(false);
  });

  it("leaves a field before a button counts, and a button that is off alone", async () => {
    await tap(".nav .to-new");
    await tablet.page.locator(".tile").first().waitFor();
    await clicks();
    await tap(".new-page .step");
    expect(await clicks()).not.toContain(false);
    await tap(".new-page input.input");
    expect(await tablet.page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
    await clicks();
    await tap(".tiles .tile");
    expect(await clicks()).toEqual([true]);
    expect(await tablet.page.locator(".tiles .tile").first().getAttribute("aria-pressed")).toBe("true");
    expect(await tablet.page.evaluate(() => document.activeElement?.tagName)).not.toBe("INPUT");
    expect(tablet.errors).toEqual([]);
  });
});
