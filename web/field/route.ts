import { useSyncExternalStore } from "react";
import type { ID } from "../shared/api.ts";

// Where the crew is in the app. It is kept after the # of the address, so that
// the page itself is one file, which opens from cold without a network, and the
// device's own back button works.
export type Route =
  | { screen: "today" | "map" | "inbox" | "waiting" | "new" | "device" }
  | { screen: "job"; job: ID };

const plain = ["today", "map", "inbox", "waiting", "new", "device"] as const;

// readRoute reads an address; what it doesn't know is today.
export function readRoute(hash: string): Route {
  const [, name = "", id] = hash.replace(/^#/, "").split("/");
  if (name === "job" && id) return { screen: "job", job: decodeURIComponent(id) };
  const known = plain.find(p => p === name);
  return { screen: known ?? "today" };
}

export function hrefOf(route: Route): string {
  if (route.screen === "job") return `#/job/${encodeURIComponent(route.job)}`;
  return route.screen === "today" ? "#/" : `#/${route.screen}`;
}

// go changes the address, and the screen with it, before it returns to the
// browser. An address that the browser changes itself is heard of only after
// a frame was painted, which a finger on a slow tablet feels.
export function go(route: Route): void {
  const href = hrefOf(route);
  if (href === (location.hash || "#/")) return;
  history.pushState(null, "", href);
  for (const f of listeners) f();
}

const listeners = new Set<() => void>();

function subscribe(f: () => void): () => void {
  listeners.add(f);
  addEventListener("hashchange", f);
  addEventListener("popstate", f);
  return () => {
    listeners.delete(f);
    removeEventListener("hashchange", f);
    removeEventListener("popstate", f);
  };
}

// follow takes taps on the app's own links to go. Those that ask for a tab of
// their own are the browser's.
export function follow(e: MouseEvent): void {
  if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
  const href = (e.target as Element).closest?.("a")?.getAttribute("href");
  if (!href?.startsWith("#/")) return;
  e.preventDefault();
  go(readRoute(href));
}

export function useRoute(): Route {
  return readRoute(useSyncExternalStore(subscribe, () => location.hash));
}
