// What a page fetches: at first, and later when it is asked for. Read from the
// manifest that the build leaves.
import { readFileSync } from "node:fs";
import { join } from "node:path";

// What a browser fetches only for text that most never see.
const rare = /latin-ext/;

// firstLoad lists a page's files, as paths within dist: shell is what its
// document brings by itself, with the modules in also; rest is what its scripts
// import later.
export function firstLoad(dist, page, also = []) {
  const chunks = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
  const shell = new Set([page]);
  const rest = new Set();
  const later = new Set();
  const walk = (key, into, seen) => {
    if (seen.has(key)) return;
    seen.add(key);
    const { file, imports = [], dynamicImports = [], css = [], assets = [] } = chunks[key];
    for (const name of [file, ...css, ...assets]) (rare.test(name) ? rest : into).add(name);
    for (const next of imports) walk(next, into, seen);
    for (const next of dynamicImports) later.add(next);
  };
  const seen = new Set();
  for (const key of [page, ...also]) walk(key, shell, seen);
  for (const key of later) walk(key, rest, seen);
  for (const name of shell) rest.delete(name);
  return { shell, rest };
}
