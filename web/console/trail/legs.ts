import type { Trail } from "../../shared/api.ts";

type Stop = Trail["stops"][number];

// Leg is a line of the list beside the map: a stop with its number, from 0, or
// a time that nothing is known of. Lengths are in milliseconds.
export type Leg =
  | { kind: "stop"; from: string; length: number; n: number; stop: Stop }
  | { kind: "gap"; from: string; length: number; metres: number };

const length = (of: { from: string; to: string }) => Date.parse(of.to) - Date.parse(of.from);

// legsOf is a day's stops and gaps in the order in which they came.
export function legsOf(trail: Pick<Trail, "stops" | "gaps">): Leg[] {
  const legs: Leg[] = [
    ...trail.stops.map((stop, n): Leg => ({ kind: "stop", from: stop.from, length: length(stop), n, stop })),
    ...trail.gaps.map(
      (gap): Leg => ({ kind: "gap", from: gap.from, length: length(gap), metres: gap.metres }),
    ),
  ];
  return legs.sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
}

// shiftDay is the date so many days on: "2026-03-01" and −1 make "2026-02-28".
export function shiftDay(day: string, by: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + by);
  return at.toISOString().slice(0, 10);
}
