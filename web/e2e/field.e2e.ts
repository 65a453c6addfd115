import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Job } from "../shared/api.ts";
import { type FieldCity, fieldCity, missing, password } from "./field-city.ts";
import { type Front, front } from "./front.ts";
import { reached, shoot, work } from "./shift.ts";
import { Tablet } from "./tablet.ts";

if (missing) console.log(`the tablet's story is skipped: there is no ${missing}`);

let city: FieldCity;
let proxy: Front;
let tablet: Tablet;
let jobs: Job[];

// narrow makes the page's disk take only so many bytes more.
function narrow(): void {
  const { put, add, delete: drop } = IDBObjectStore.prototype;
  let left = Number(localStorage.getItem("disk") ?? Number.POSITIVE_INFINITY);
  const size = (row: object) =>
    Object.values(row).reduce((n, v) => n + (v instanceof ArrayBuffer ? v.byteLength : 0), 100);
  const bounded = (write: typeof put) =>
    function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
      if (size(args[0]) > left) throw new DOMException("the disk is full", "QuotaExceededError");
      left -= size(args[0]);
      return write.apply(this, args);
    };
  IDBObjectStore.prototype.put = bounded(put);
  IDBObjectStore.prototype.add = bounded(add);
  IDBObjectStore.prototype.delete = function (...args) {
    if (this.name === "ballast") left += 4 << 20;
    return drop.apply(this, args);
  };
}

describe.skipIf(missing)("the tablet's story", () => {
  beforeAll(async () => {
    city = await fieldCity();
    jobs = [];
    for (let n = 0; n < 6; n++) jobs.push(await city.assign(n));
    proxy = await front(city.url);
    tablet = await Tablet.bought(proxy.url);
  }, 120_000);

  afterAll(async () => {
    await tablet?.close();
    await proxy?.close();
    await city?.close();
  });

  it("signs in, and has its list and a job before the map's code comes", async () => {
    const asked: string[] = [];
    const come: string[] = [];
    const code = /\/assets\/(MapView|basemap|maplibre)/;
    const letGo = proxy.hold(code);
    tablet.context.on("request", r => code.test(r.url()) && asked.push(r.url()));
    tablet.context.on("requestfinished", r => code.test(r.url()) && come.push(r.url()));
    await tablet.open();
    expect((await tablet.state()).phase).toBe("signed-out");
    const { page } = tablet;
    await page.getByLabel("שם משתמש").fill("electric");
    await page.getByLabel("סיסמה", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => mokedEngine.state().jobs.length === 6);
    await page.getByRole("link", { name: "מפה" }).click();
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    await expect.poll(() => page.locator(".map-screen .job-row").count()).toBe(6);
    await page.getByRole("link", { name: "היום" }).click();
    await page.locator(".job-row, .next-card").first().waitFor();
    await page.goto(`${proxy.url}/field#/job/${jobs[5]!.id}`);
    await page.getByRole("button", { name: "קיבלנו" }).first().click();
    await page.waitForFunction(
      id => mokedEngine.state().jobs.find(j => j.id === id)?.state === "accepted",
      jobs[5]!.id,
    );
    expect(come).toEqual([]);
    letGo();
    await page.getByRole("link", { name: "מפה" }).click();
    await page.locator(".map-box canvas").waitFor();
    await page.goto(`${proxy.url}/field#/`);
  });

  it("is ready for the basement after its first visit", async () => {
    await tablet.settled();
    await tablet.page.waitForFunction(() => mokedEngine.state().link.state === "live");
    const devices = await city.api<{ devices: { crew: string }[] }>("/devices");
    expect(devices.devices).toHaveLength(1);
  });

  it("does five jobs with photos offline, is killed, and loses nothing", async () => {
    // The last of the picture has to reach the disk, as it would on a drive to the basement.
    await tablet.page.waitForTimeout(1500);
    await tablet.context.setOffline(true);
    await tablet.page.reload();
    await tablet.page.waitForFunction(() => mokedEngine?.state().phase === "ready");
    expect((await tablet.state()).jobs).toHaveLength(6);
    await work(tablet, jobs.slice(0, 5));
    const before = await tablet.state();
    expect(before.waiting).toBe(30);
    expect(before.jobs.filter(j => j.state === "done")).toHaveLength(5);
    expect(await tablet.page.evaluate(() => mokedEngine.signOut())).toBe("refused");

    await tablet.kill();
    await tablet.start();
    await tablet.context.setOffline(true);
    await tablet.open();
    const after = await tablet.state();
    expect(after).toMatchObject({ phase: "ready", waiting: 30 });
    expect(after.jobs.filter(j => j.state === "done")).toHaveLength(5);
    for (const { id } of jobs.slice(0, 5)) expect((await city.job(id)).state).toBe("assigned");

    await tablet.context.setOffline(false);
    await reached(city, jobs.slice(0, 5));
    await tablet.page.waitForFunction(() => mokedEngine.state().waiting === 0);
    const { queue } = await tablet.state();
    expect(queue.map(q => q.status)).toEqual(queue.map(() => "applied"));
    for (const { id } of jobs.slice(0, 5)) {
      const { record, version } = await city.job(id);
      expect(record?.photos).toHaveLength(2);
      // One step for each op and none twice: assigned, arrived, two photos, done.
      expect(version).toBe(6);
    }
  });

  it("takes a new build while work waits, and sends it after", async () => {
    const { page } = tablet;
    const { id } = jobs[5]!;
    proxy.silent(true);
    await page.evaluate(id => mokedEngine.act("job.depart", id, {}), id);
    proxy.build("next");
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration("/field"))!.update());
    // The one in use goes on until a person taps.
    await page.waitForFunction(() => mokedEngine.state().update);
    await page.evaluate(id => mokedEngine.act("job.arrive", id, {}), id);
    expect(await page.locator("meta[name=build]").count()).toBe(0);
    await page.getByRole("button", { name: "לעדכן עכשיו" }).click();
    await page.locator("meta[name=build][content=next]").waitFor({ state: "attached" });
    await page.waitForFunction(() => globalThis.mokedEngine?.state().phase === "ready");
    expect(await tablet.state()).toMatchObject({ waiting: 2, update: false });
    const { version } = await city.job(id);
    proxy.silent(false);
    await page.evaluate(() => mokedEngine.syncNow());
    await page.waitForFunction(() => mokedEngine.state().waiting === 0);
    expect(await city.job(id)).toMatchObject({ state: "arrived", version: version + 2 });
  });

  it("warns before the disk is full, and to the last keeps what is done", async () => {
    const { page, context } = tablet;
    const { id } = jobs[5]!;
    await context.setOffline(true);
    await page.waitForTimeout(500);
    await context.addInitScript(narrow);
    const disk = async (left: string) => {
      await page.evaluate(left => localStorage.setItem("disk", left), left);
      await page.reload();
      await page.waitForFunction(() => globalThis.mokedEngine?.state().phase === "ready");
    };
    await disk("5000");
    await shoot(tablet, id, "before", "0");
    await page.getByText("המקום במכשיר הולך ונגמר").waitFor();
    let shots = 1;
    let refused = "";
    for (; shots < 60 && !refused; shots++)
      refused = await shoot(tablet, id, "after", String(shots)).then(() => "", String);
    expect(refused).toContain("storage-full");
    await page.getByText("המקום במכשיר נגמר").waitFor();
    await page.evaluate(id => mokedEngine.act("job.note", id, { text: "נשמר" }), id);
    // A photo is two things that wait; the last one was refused.
    expect((await tablet.state()).waiting).toBe(2 * (shots - 1) + 1);
    await disk("Infinity");
    expect((await tablet.state()).waiting).toBe(2 * (shots - 1) + 1);
  });

  it("signs nobody out over unsent work, unless its file was handed over; the desk takes that in", async () => {
    const { page } = tablet;
    await page.goto(`${proxy.url}/field#/device`);
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    await button("יציאה").click();
    expect(await button("הקובץ נמסר, לצאת").isDisabled()).toBe(true);
    expect(await page.evaluate(() => mokedEngine.signOut({ handedOver: true }))).toBe("refused");
    const saved = page.waitForEvent("download");
    await page.getByRole("dialog").getByRole("button", { name: "שמירה לקובץ" }).click();
    const file = JSON.parse(await readFile(await (await saved).path(), "utf8"));
    await button("הקובץ נמסר, לצאת").click();
    await page.waitForFunction(() => mokedEngine.state().phase === "signed-out");
    const left = await page.evaluate(async () => (await indexedDB.databases()).map(d => d.name));
    expect(left).toEqual(["moked-device"]);
    const before = await city.job(jobs[5]!.id);
    expect(before.record?.notes).toBeUndefined();
    const { results } = await city.api<{ results: { status: string }[] }>("/sync", {
      sent_at: new Date().toISOString(),
      ops: file.ops,
    });
    expect(results.map(r => r.status)).toEqual(results.map(() => "applied"));
    expect(results).toHaveLength(file.photos.length + 1);
    const { record } = await city.job(jobs[5]!.id);
    expect(record?.notes?.map(n => n.text)).toEqual(["נשמר"]);
    expect(record?.photos?.[0]?.sha256).toBe(file.photos[0].sha256);
  });

  it("opens from cold for 72 hours without a network; then only its owner opens it", async () => {
    const { page, context } = tablet;
    await context.setOffline(false);
    await page.evaluate(pass => mokedEngine.signIn("electric", pass), password);
    await page.waitForFunction(() => mokedEngine.state().jobs.some(j => j.state === "arrived"));
    await page.waitForFunction(() => mokedEngine.state().link.state === "live");
    await page.waitForTimeout(1500);
    await context.setOffline(true);
    const hours = async (n: number) => {
      await context.clock.setSystemTime(Date.now() + n * 3_600_000);
      await tablet.open();
      await page.reload();
      await page.waitForFunction(() => globalThis.mokedEngine?.state().phase !== "starting");
      return tablet.state();
    };
    const late = await hours(71);
    expect(late).toMatchObject({ phase: "ready", waiting: 0 });
    expect(late.jobs.map(j => j.id)).toContain(jobs[5]!.id);
    await page.getByText("בלי קשר המכשיר יינעל").waitFor();
    await page.evaluate(id => mokedEngine.act("job.note", id, { text: "אחרי 71 שעות" }), jobs[5]!.id);
    expect(await hours(73)).toMatchObject({ phase: "locked", waiting: 1, jobs: [], queue: [] });
    // A clock that is set back opens nothing.
    expect(await hours(0)).toMatchObject({ phase: "locked" });
    // What was done is sent all the same.
    await context.setOffline(false);
    await page.waitForFunction(() => mokedEngine.state().waiting === 0);
    expect((await tablet.state()).phase).toBe("locked");
    await page.getByLabel("סיסמה", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => mokedEngine.state().phase === "ready");
    await page.waitForFunction(() => mokedEngine.state().jobs.some(j => j.state === "arrived"));
    const { record } = await city.job(jobs[5]!.id);
    expect(record?.notes?.map(n => n.text)).toEqual(["נשמר", "אחרי 71 שעות"]);
  });

  it("is locked and wiped by a revocation, and the desk is told", async () => {
    await tablet.context.setOffline(true);
    await tablet.page.evaluate(id => mokedEngine.act("job.complete", id, {}), jobs[5]!.id);
    const { devices } = await city.api<{ devices: { id: string; wiped_at?: string }[] }>("/devices");
    await city.api(`/devices/${devices[0]!.id}/revoke`, {});
    await tablet.context.setOffline(false);
    await tablet.page.waitForFunction(() => mokedEngine.state().phase === "revoked");
    await expect
      .poll(
        async () =>
          (await city.api<typeof devices extends infer D ? { devices: D } : never>("/devices")).devices[0]!
            .wiped_at,
      )
      .toBeTruthy();
    const left = await tablet.page.evaluate(async () => (await indexedDB.databases()).map(d => d.name));
    expect(left).toEqual(["moked-device"]);
  });

  it("complained of nothing", () => {
    expect(tablet.errors).toEqual([]);
  });
});
