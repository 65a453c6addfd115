import type { ID, Plan, Stop } from "../../shared/api.ts";

// newest is the later of what the feed told and what an answer told.
export function newest(live: Plan | undefined, mine: Plan | undefined): Plan | undefined {
  if (!live || !mine) return live ?? mine;
  return mine.version > live.version ? mine : live;
}

// placeOf is where a stop lands that is dropped before or after another, counted
// without itself; undefined where it would stay, or where one that has begun is.
export function placeOf(
  stops: readonly Stop[],
  job: ID,
  target: ID,
  side: "before" | "after",
): number | undefined {
  const from = stops.findIndex(s => s.job === job);
  const at = stops.findIndex(s => s.job === target);
  if (from < 0 || at < 0 || from === at || stops[from]!.started) return undefined;
  const to = at + (side === "after" ? 1 : 0) - (from < at ? 1 : 0);
  const begun = stops.filter(s => s.started).length;
  return to === from || to < begun ? undefined : to;
}

// step is the place one up or one down, or undefined where there is none.
export function step(stops: readonly Stop[], job: ID, by: 1 | -1): number | undefined {
  const from = stops.findIndex(s => s.job === job);
  const to = from + by;
  const begun = stops.filter(s => s.started).length;
  if (from < begun || to < begun || to >= stops.length) return undefined;
  return to;
}
