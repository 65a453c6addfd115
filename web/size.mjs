// Says what the first load of each page weighs, and fails above its limit. It
// is all that the page fetches of its own at first: scripts, styles, and the
// fonts of Hebrew and Latin. The console's map is part of its first screen; the
// tablet's list is there before the map's code, which it asks for later, as
// other languages are.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { firstLoad } from "./first-load.mjs";

const pages = [
  { page: "console/index.html", limit: 850_000, also: ["console/map/MapZone.tsx"] },
  { page: "field/index.html", limit: 700_000 },
];
const dist = join(import.meta.dirname, "dist");

const weigh = path => {
  const own = statSync(path).size;
  return /\.(js|mjs|css|svg|html)$/.test(path) ? gzipSync(readFileSync(path), { level: 9 }).length : own;
};
for (const { page, limit, also } of pages) {
  const { shell } = firstLoad(dist, page, also);
  const rows = [...shell].map(name => ({ name, bytes: weigh(join(dist, name)) }));
  const total = rows.reduce((sum, r) => sum + r.bytes, 0);
  for (const { name, bytes } of rows.sort((a, b) => b.bytes - a.bytes))
    console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${name}`);
  console.log(
    `${(total / 1000).toFixed(1).padStart(8)} kB  first load of /${page.split("/")[0]}, gzip; the limit is ${limit / 1000} kB\n`,
  );
  if (total > limit) process.exitCode = 1;
}
