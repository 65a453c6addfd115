// Says what the first load of each page weighs, and fails above its limit. It
// is all that the page fetches of its own at first: scripts, styles, and the
// fonts of Hebrew and Latin. The console's map is part of its first screen, and the district's. The
// tablet's first load is with its worker and what that keeps for a cold start;
// the list is there before the map's code, which comes later, as other languages
// do; with all of that, as the server sends it in brotli, it has the same limit.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { firstLoad } from "./first-load.mjs";

const pages = [
  { page: "console/index.html", limit: 850_000, also: ["console/map/MapZone.tsx"] },
  { page: "field/index.html", limit: 700_000, worker: "field" },
  { page: "district/index.html", limit: 850_000, also: ["district/LensMap.ts"] },
];
const dist = join(import.meta.dirname, "dist");

const weigh = path => {
  const own = statSync(path).size;
  return /\.(js|mjs|css|svg|html|webmanifest)$/.test(path)
    ? gzipSync(readFileSync(path), { level: 9 }).length
    : own;
};
const sent = path => (existsSync(`${path}.br`) ? statSync(`${path}.br`).size : weigh(path));
for (const { page, limit, also, worker } of pages) {
  const { shell, rest } = firstLoad(dist, page, also);
  if (worker) for (const name of readdirSync(join(dist, worker))) shell.add(`${worker}/${name}`);
  const rows = [...shell].map(name => ({ name, bytes: weigh(join(dist, name)) }));
  const total = rows.reduce((sum, r) => sum + r.bytes, 0);
  for (const { name, bytes } of rows.sort((a, b) => b.bytes - a.bytes))
    console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${name}`);
  console.log(
    `${(total / 1000).toFixed(1).padStart(8)} kB  first load of /${page.split("/")[0]}, gzip; the limit is ${limit / 1000} kB`,
  );
  if (worker) {
    const all = [...shell, ...rest].reduce((sum, name) => sum + sent(join(dist, name)), 0);
    console.log(
      `${(all / 1000).toFixed(1).padStart(8)} kB  all that /${worker} keeps, brotli; the limit is ${limit / 1000} kB`,
    );
    if (all > limit) process.exitCode = 1;
  }
  console.log();
  if (total > limit) process.exitCode = 1;
}
