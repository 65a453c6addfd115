// A tablet takes the map of its district along.
import { PMTiles, type Source } from "pmtiles";
import { expect } from "vitest";
import type { Crew } from "../shared/api.ts";
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
  const tablet = await Tablet.bought(city.url);
  try {
    await tablet.context.setGeolocation({ latitude: lat, longitude: lon });
    await tablet.open();
    const { page } = tablet;
    await page.getByLabel("שם משתמש").fill(login);
    await page.getByLabel("סיסמה", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => mokedEngine.state().link.state === "live");
    await tablet.settled();
    await page.goto(`${city.url}/field#/device`);
    await page.getByText(/המפה לא שמורה במכשיר \(/).waitFor();

    // It is stopped midway, and goes on from there.
    const whole = (await tablet.state()).map.total;
    await page.evaluate(async () => {
      const stop = new AbortController();
      await mokedEngine.downloadMap(() => stop.abort(), stop.signal).catch(() => {});
    });
    expect((await tablet.state()).map.state).toBe("none");
    await page.getByRole("button", { name: "להוריד את המפה" }).click();
    await page.getByText(/המפה שמורה במכשיר: /).waitFor();
    const { map } = await tablet.state();
    expect(map).toMatchObject({ state: "ready", bytes: whole, total: whole });

    // In the basement, from cold.
    await tablet.kill();
    await tablet.start();
    await tablet.context.setGeolocation({ latitude: lat, longitude: lon });
    await tablet.context.setOffline(true);
    await tablet.open();
    await tablet.page.goto(`${city.url}/field#/map`);
    await tablet.page.locator(".map-box canvas").waitFor();
    await expect.poll(() => colours(tablet), { timeout: 20_000, interval: 500 }).toBeGreaterThan(100);
    if (process.env.MOKED_SHOTS)
      await tablet.page.screenshot({ path: `${process.env.MOKED_SHOTS}/map-offline.png` });

    expect(tablet.errors).toEqual([]);
    // Without the archive there is nothing to draw.
    await tablet.page.evaluate(() => mokedEngine.removeMap());
    await tablet.page.getByText("אין קשר, והמפה לא שמורה במכשיר.").waitFor();
    await expect.poll(() => colours(tablet), { timeout: 20_000, interval: 500 }).toBeLessThan(20);
  } finally {
    await tablet.close();
  }
}
