import { netanya, populate } from "./netanya-city.ts";
export default async function main() {
  const t = Date.now();
  const c = await netanya();
  console.log("made", Date.now() - t);
  const s = await populate(c, { lat: 32.327, lon: 34.858 }, 42);
  console.log("scene", Date.now() - t, s.corners.length, s.filed.length, s.crews.length);
  await c.close();
  console.log("closed", Date.now() - t);
}
