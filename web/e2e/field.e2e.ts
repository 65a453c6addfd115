import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Job } from "../shared/api.ts";
import { type FieldCity, fieldCity, missing, password } from "./field-city.ts";
import { Tablet } from "./tablet.ts";

if (missing) console.log(`the tablet's story is skipped: there is no ${missing}`);

let city: FieldCity;
let tablet: Tablet;
let jobs: Job[];

// shoot is a real photo, taken by drawing it.
function shoot(t: Tablet, job: string, kind: "before" | "after", text: string): Promise<string> {
  return t.page.evaluate(
    async ([job, kind, text]) => {
      const canvas = new OffscreenCanvas(1600, 1200);
      const ink = canvas.getContext("2d")!;
      const noise = ink.createImageData(1600, 1200);
      for (let i = 0; i < noise.data.length; i++) noise.data[i] = i % 4 === 3 ? 255 : (i * 7919) % 251;
      ink.putImageData(noise, 0, 0);
      ink.font = "120px sans-serif";
      ink.fillText(text!, 100, 300);
      const file = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
      return mokedEngine.addPhoto(job!, kind as "before", file);
    },
    [job, kind, text] as const,
  );
}

describe.skipIf(missing)("the tablet's story", () => {
  beforeAll(async () => {
    city = await fieldCity();
    jobs = [];
    for (let n = 0; n < 6; n++) jobs.push(await city.assign(n));
    tablet = await Tablet.bought(city.url);
  }, 120_000);

  afterAll(async () => {
    await tablet?.close();
    await city?.close();
  });

  it("signs in, and is ready for the basement after its first visit", async () => {
    await tablet.open();
    expect((await tablet.state()).phase).toBe("signed-out");
    await tablet.page.evaluate(pass => mokedEngine.signIn("electric", pass), password);
    await tablet.page.waitForFunction(() => mokedEngine.state().jobs.length === 6);
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
    for (const [i, job] of jobs.slice(0, 5).entries()) {
      await tablet.page.evaluate(id => mokedEngine.act("job.arrive", id, {}), job.id);
      await shoot(tablet, job.id, "before", `לפני ${i}`);
      await shoot(tablet, job.id, "after", `אחרי ${i}`);
      await tablet.page.evaluate(id => mokedEngine.act("job.complete", id, { note: "הוחלפה נורה" }), job.id);
    }
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
    for (const { id } of jobs) expect((await city.job(id)).state).toBe("assigned");

    const back = Date.now();
    await tablet.context.setOffline(false);
    for (;;) {
      const now = await Promise.all(jobs.slice(0, 5).map(j => city.job(j.id)));
      if (now.every(j => j.state === "done")) break;
      expect(Date.now() - back).toBeLessThan(20_000);
      await new Promise(done => setTimeout(done, 50));
    }
    console.log(`five jobs reached the desk ${((Date.now() - back) / 1000).toFixed(2)} s after the network`);
    const description = await (await fetch(`${city.url}/api/v1/openapi.yaml`)).text();
    if (description.includes("/photos/{sha256}")) {
      await tablet.page.waitForFunction(() => mokedEngine.state().waiting === 0);
      console.log(`ten photos were there ${((Date.now() - back) / 1000).toFixed(2)} s after the network`);
    }
    const { queue } = await tablet.state();
    expect(queue.map(q => q.status)).toEqual(queue.map(() => "applied"));
    for (const { id } of jobs.slice(0, 5)) {
      const { record, version } = await city.job(id);
      expect(record?.photos).toHaveLength(2);
      // One step for each op and none twice: assigned, arrived, two photos, done.
      expect(version).toBe(6);
    }
  });

  it("survives a logout attempt, a revocation wipes it, and the desk is told", async () => {
    await tablet.context.setOffline(true);
    await tablet.page.evaluate(id => mokedEngine.act("job.accept", id, {}), jobs[5]!.id);
    expect(await tablet.page.evaluate(() => mokedEngine.signOut())).toBe("refused");
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
