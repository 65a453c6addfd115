// A tablet takes the map of its district along.
import { createHash } from "node:crypto";
import { PMTiles, type Source } from "pmtiles";
import { expect } from "vitest";
import type { Crew } from "../shared/api.ts";
import { front } from "./front.ts";
import type { Netanya, Spot } from "./netanya-city.ts";
import { Tablet } from "./tablet.ts";

// published is the archive as a client of another make reads it, over HTTP.
function published(city: Netanya, code: string): PMTiles {
  const url = `${city.url}/api/v1/districts/${code}/map`;
  const source: Source = {
    getKey: () => url,
    getBytes: async (offset, length) => {
      const range = `bytes=${offset}-${offset + length - 1}`;
      const answer = await fetch(url, { headers: { Authorization: `Bearer ${city.token}`, Range: range } });
      expect(answer.status).toBe(206);
      return { data: await answer.arrayBuffer(), etag: answer.headers.get("ETag") ?? undefined };
    },
  };
  return new PMTiles(source);
}

// column and row are where a place lies among a zoom's tiles.
function tileOf(z: number, lat: number, lon: number): [column: number, row: number] {
  const r = (lat * Math.PI) / 180;
  const n = 2 ** z;
  return [Math.floor(((lon + 180) / 360) * n), Math.floor(((1 - Math.asinh(Math.tan(r)) / Math.PI) / 2) * n)];
}

// colours counts the colours in the middle of the map, where nothing lies over it.
async function colours(tablet: Tablet): Promise<number> {
  const { x, y, width, height } = (await tablet.page.locator(".map-box canvas").boundingBox())!;
  const clip = { x: x + 40, y: y + 160, width: width - 240, height: height - 240 };
  const png = (await tablet.page.screenshot({ clip })).toString("base64");
  return tablet.page.evaluate(async text => {
    const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const draw = canvas.getContext("2d")!;
    draw.drawImage(picture, 0, 0);
    return new Set(new Uint32Array(draw.getImageData(0, 0, picture.width, picture.height).data.buffer)).size;
  }, png);
}

// kept is the archive on the tablet as it is told there: its size and its sum.
async function kept(tablet: Tablet): Promise<{ bytes: number; sum: string }> {
  const [text, ...others] = await tablet.page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const all: string[] = [];
    for await (const file of (
      root as unknown as { values(): AsyncIterable<FileSystemFileHandle> }
    ).values()) {
      const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
      let text = "";
      for (const b of bytes) text += String.fromCharCode(b);
      all.push(btoa(text));
    }
    return all;
  });
  expect(others).toEqual([]);
  const bytes = Buffer.from(text!, "base64");
  return { bytes: bytes.length, sum: createHash("sha256").update(bytes).digest("hex") };
}

export async function takesTheMapAlong(city: Netanya, at: Spot): Promise<void> {
  const { lat, lon } = at;
  const { district } = await city.api<{ district: { code: string } }>(`/areas/at?lat=${lat}&lon=${lon}`);
  const archive = published(city, district.code);
  expect(await archive.getHeader()).toMatchObject({
    specVersion: 3,
    minZoom: 10,
    maxZoom: 16,
    clustered: true,
  });
  for (const z of [10, 13, 16]) {
    const [x, y] = tileOf(z, lat, lon);
    const kept = await archive.getZxy(z, x, y);
    const live = await fetch(`${city.url}/tiles/base/${z}/${x}/${y}.mvt`, {
      headers: { Authorization: `Bearer ${city.token}` },
    });
    expect(Buffer.from(kept!.data).equals(Buffer.from(await live.arrayBuffer()))).toBe(true);
  }

  const { crew } = await city.api<{ crew: Crew }>("/crews", {
    ...{ code: "מ7", name: "צוות מפה", departments: ["electricity"], district: district.code },
  });
  const [login, password] = ["map", "correct horse battery"];
  await city.moked(
    ...["user", "add", "--authority", "netanya", "--login", login, "--password", password, "--name", "מפה"],
    ...["--role", "crew", "--crew", crew.id],
  );
  const proxy = await front(city.url);
  const tablet = await Tablet.bought(proxy.url);
  try {
    await tablet.context.setGeolocation({ latitude: lat, longitude: lon });
    await tablet.open();
    await tablet.page.getByLabel("שם משתמש").fill(login);
    await tablet.page.getByLabel("סיסמה", { exact: true }).fill(password);
    await tablet.page.keyboard.press("Enter");
    await tablet.page.waitForFunction(() => mokedEngine.state().link.state === "live");
    await tablet.settled();
    await tablet.page.goto(`${proxy.url}/field#/device`);
    await tablet.page.getByText(/המפה לא שמורה במכשיר \(/).waitFor();
    const { total } = (await tablet.state()).map;
    const { headers } = await fetch(`${city.url}/api/v1/districts/${district.code}/map`, {
      ...{ method: "HEAD", headers: { Authorization: `Bearer ${city.token}` } },
    });
    expect(total).toBe(Number(headers.get("Content-Length")));

    // It comes to a halt midway, which is seen, and the browser is killed.
    const path = /\/map$/;
    const fetchIt = () => tablet.page.getByRole("button", { name: "להוריד את המפה" }).click();
    const halted = (from: number) =>
      tablet.page.waitForFunction(n => {
        const bar = document.querySelector("progress");
        return bar && bar.value > n && bar.value < bar.max;
      }, from);
    let mend = proxy.cut(path, Math.floor(total / 2));
    await fetchIt();
    await halted(0);
    await tablet.page
      .locator("section[aria-labelledby=archive]")
      .getByText(/ מתוך /)
      .waitFor();
    if (process.env.MOKED_SHOTS)
      await tablet.page.screenshot({ path: `${process.env.MOKED_SHOTS}/map-progress.png` });
    const held = (await tablet.state()).map.bytes;
    await tablet.page.waitForTimeout(500);
    await tablet.kill();
    mend();

    // Later it goes on from there, once more after a connection that breaks
    // off, and the bytes are the server's. More comes than what is written to
    // the disk at once, or there is nothing to see until the silence is given up.
    const before = proxy.asked.length;
    mend = proxy.cut(path, Math.floor(total / 3));
    await tablet.start();
    await tablet.context.setGeolocation({ latitude: lat, longitude: lon });
    await tablet.open("/field#/device");
    await fetchIt();
    await halted(held);
    mend();
    await tablet.page.getByText(/המפה שמורה במכשיר: /).waitFor();
    expect((await tablet.state()).map).toMatchObject({ state: "ready", bytes: total, total });
    const pieces = proxy.asked.slice(before).flatMap(a => /^GET \S+\/map bytes=(\d+)-/.exec(a)?.[1] ?? []);
    expect(pieces.length).toBe(2);
    expect(Number(pieces[0])).toBe(held);
    expect(Number(pieces[1])).toBeGreaterThan(held);
    const { bytes, sum } = await kept(tablet);
    expect({ bytes, tag: `"${sum.slice(0, 32)}"` }).toEqual({ bytes: total, tag: headers.get("ETag") });

    // In the basement, from cold.
    await tablet.kill();
    await tablet.start();
    await tablet.context.setGeolocation({ latitude: lat, longitude: lon });
    await tablet.context.setOffline(true);
    proxy.asked.length = 0;
    await tablet.open();
    await tablet.page.goto(`${proxy.url}/field#/map`);
    await tablet.page.locator(".map-box canvas").waitFor();
    await expect.poll(() => colours(tablet), { timeout: 20_000, interval: 500 }).toBeGreaterThan(100);
    if (process.env.MOKED_SHOTS)
      await tablet.page.screenshot({ path: `${process.env.MOKED_SHOTS}/map-offline.png` });
    expect(tablet.errors).toEqual([]);

    // With a network, too, the map is drawn from the archive alone.
    await tablet.context.setOffline(false);
    await tablet.page.reload();
    await tablet.page.waitForFunction(() => mokedEngine.state().link.state === "live");
    await tablet.page.locator(".map-box canvas").waitFor();
    await expect.poll(() => colours(tablet), { timeout: 20_000, interval: 500 }).toBeGreaterThan(100);
    expect(proxy.asked.filter(a => a.includes("/tiles/"))).toEqual([]);

    // Without the archive there is nothing to draw.
    await tablet.context.setOffline(true);
    await tablet.page.evaluate(() => mokedEngine.removeMap());
    await tablet.page.getByText("אין קשר, והמפה לא שמורה במכשיר.").waitFor();
    await expect.poll(() => colours(tablet), { timeout: 20_000, interval: 500 }).toBeLessThan(20);
  } finally {
    await tablet.close();
    await proxy.close();
  }
}
