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

export function go(route: Route): void {
  location.hash = hrefOf(route);
}

function subscribe(f: () => void): () => void {
  window.addEventListener("hashchange", f);
  return () => window.removeEventListener("hashchange", f);
}

export function useRoute(): Route {
  return readRoute(useSyncExternalStore(subscribe, () => location.hash));
}
