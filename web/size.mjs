// Says what the console's first load weighs, and fails above the limit. It is
// all that the page and its map fetch of their own at first: scripts, the map's
// worker, styles, and the fonts of Hebrew and Latin; not the chunks of what is
// asked for later (other languages).
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const limit = 850_000;
const dist = join(import.meta.dirname, "dist");
const later = /^(en|ar|ru)-|latin-ext|\.(br|gz)$/;

const files = readdirSync(join(dist, "assets")).filter(f => !later.test(f));
const weigh = path => {
  const own = statSync(path).size;
  return /\.(js|mjs|css|svg|html)$/.test(path) ? gzipSync(readFileSync(path), { level: 9 }).length : own;
};
const rows = [...files.map(f => join(dist, "assets", f)), join(dist, "console/index.html")].map(path => ({
  name: path.slice(dist.length + 1),
  bytes: weigh(path),
}));
const total = rows.reduce((sum, r) => sum + r.bytes, 0);
for (const { name, bytes } of rows.sort((a, b) => b.bytes - a.bytes))
  console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${name}`);
console.log(`${(total / 1000).toFixed(1).padStart(8)} kB  first load, gzip; the limit is ${limit / 1000} kB`);
if (total > limit) process.exit(1);
