// The worker that opens the tablet's app from cold. It keeps the app's own
// files and nothing else: the API's answers are the engine's affair, sealed in
// its box. Both lists are written in at the build: shell is what the first
// screen needs, rest what is fetched when that is done (the map's code, other
// languages).
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

declare const self: ServiceWorkerGlobalScope;

const files = self.__WB_MANIFEST as { url: string; revision: string | null; rest?: boolean }[];
const shell = files.filter(f => !f.rest);
const rest = new Set(files.filter(f => f.rest).map(f => f.url));
const later = "moked-field-rest";

precacheAndRoute(shell, { cleanURLs: false });
cleanupOutdatedCaches();

// Every address of the app is its one document.
registerRoute(new NavigationRoute(createHandlerBoundToURL("/field"), { allowlist: [/^\/field(\/[^.]*)?$/] }));

// The files under /assets/ carry their hash: what is kept never goes stale.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && rest.has(url.pathname),
  async ({ request }) => {
    const cache = await caches.open(later);
    const known = await cache.match(request.url);
    if (known) return known;
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request.url, answer.clone());
    return answer;
  },
);

async function fetchRest(): Promise<void> {
  const cache = await caches.open(later);
  for (const url of rest) {
    if (await cache.match(url)) continue;
    const answer = await fetch(url);
    if (answer.ok) await cache.put(url, answer);
  }
}

self.addEventListener("message", event => {
  if (event.data === "rest") event.waitUntil(fetchRest().catch(() => {}));
  // A person has tapped: the new version rules from now on.
  if (event.data === "take-over") event.waitUntil(self.skipWaiting());
});

self.addEventListener("activate", event => {
  event.waitUntil(
    (async () => {
      // The first worker rules the page that installed it, so that a tablet is
      // ready for the basement after its first visit.
      await self.clients.claim();
      const cache = await caches.open(later);
      for (const { url } of await cache.keys()) if (!rest.has(new URL(url).pathname)) await cache.delete(url);
    })(),
  );
});
