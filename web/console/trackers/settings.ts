import type { AddedTracker, Tracker } from "../../shared/api.ts";

type Setting =
  | "trackers.set-url"
  | "trackers.set-id"
  | "trackers.set-user"
  | "trackers.set-password"
  | "trackers.set-osmand";

// settingsOf is what a person types into a device, line by line.
export function settingsOf({ secret, path }: AddedTracker, origin: string): [Setting, string][] {
  const url = origin + path;
  if (secret.password !== undefined) {
    return [
      ["trackers.set-url", url],
      ["trackers.set-user", secret.user ?? ""],
      ["trackers.set-password", secret.password],
    ];
  }
  const id = secret.id ?? "";
  const query = `?id=${encodeURIComponent(id)}&lat={0}&lon={1}&timestamp={2}&hdop={3}&altitude={4}&speed={5}&bearing={6}`;
  return [
    ["trackers.set-url", url],
    ["trackers.set-id", id],
    ["trackers.set-osmand", url + query],
  ];
}

// Verdicts that say a fix was not believed, in the order in which they matter.
const refusals = ["stranger", "jump", "future", "old", "far", "island", "range", "vague"] as const;

// refusedOf is how many of a device's fixes were refused, and why.
export function refusedOf({ fixes }: Pick<Tracker, "fixes">): [(typeof refusals)[number], number][] {
  return refusals.flatMap(v => (fixes[v] ? [[v, fixes[v]]] : []));
}

// takenOf is how many are in the crew's track and believed.
export function takenOf({ fixes }: Pick<Tracker, "fixes">): number {
  return (fixes.moved ?? 0) + (fixes.late ?? 0);
}
