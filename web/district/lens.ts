// What a lens says of each area or square, and how it is coloured. Pure.
import type { Area } from "../shared/api.ts";
import type { Theme } from "../shared/theme.ts";
import { type Attention, type Group, kept, type Reporting, type Square } from "./figures.ts";
import type { Lens } from "./view.ts";

// Lenses that count are squares: what they show has a place of its own. Shares
// and times need many reports, and are of neighbourhoods.
export const squared: readonly Lens[] = ["reports", "open", "overdue", "hot"];

// How many there must be for a share or a time to say something.
const enough = 5;

export function ofArea(
  lens: Lens,
  group: Group | undefined,
  area: Area | undefined,
  reporting: Reporting | undefined,
): number | undefined {
  switch (lens) {
    case "readiness":
      return reporting && reporting.incidents >= enough && reporting.expected > 1
        ? reporting.ratio
        : undefined;
    case "per1000":
      return area?.population ? (1000 * (group?.received ?? 0)) / area.population : undefined;
  }
  if (!group) return undefined;
  switch (lens) {
    case "late": {
      const share = kept(group);
      return share !== undefined && group.judged >= enough ? 1 - share : undefined;
    }
    case "median":
      return group.resolve.n >= enough ? group.resolve.median_s : undefined;
    case "p90":
      return group.resolve.n >= enough ? group.resolve.p90_s : undefined;
    case "respond":
      return group.respond.n >= enough ? group.respond.median_s : undefined;
    case "reopened":
      return group.received >= enough ? group.reopened / group.received : undefined;
    case "open":
      return group.open;
    case "overdue":
      return group.overdue;
    default:
      return group.received;
  }
}

// standing are the lenses that show what stands out, place by place, and whose
// list says the same.
export const standing: readonly Lens[] = ["emerging", "again"];

// timesExpected is how many times as many reports came as were to be expected:
// of each neighbourhood, in the category that stands out most.
export function timesExpected(places: readonly Attention[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const { neighbourhood, n, expected } of places) {
    if (!neighbourhood || !expected) continue;
    all.set(neighbourhood, Math.max(all.get(neighbourhood) ?? 0, n / expected));
  }
  return all;
}

// around is a square about a spot, so large that it can be seen on a map of a city.
export function around(lon: number, lat: number, metres: number): GeoJSON.Polygon {
  const north = metres / 2 / 111_320;
  const east = north / Math.cos((lat * Math.PI) / 180);
  const [w, s, e, n] = [lon - east, lat - north, lon + east, lat + north];
  const ring = [
    [w, s],
    [e, s],
    [e, n],
    [w, n],
    [w, s],
  ];
  return { type: "Polygon", coordinates: [ring as GeoJSON.Position[]] };
}

export function ofSquare(lens: Lens, square: Square["properties"]): number {
  return lens === "hot" ? (square.hot ? Math.sign(square.z ?? 0) : 0) : square.n;
}

// From little to much. Each step differs in lightness, so that the map can be
// read without its hues; on the dark ground much is light, on the light one dark.
const ramps: Record<Theme, string[]> = {
  dark: ["#1f3a5f", "#2a6a9e", "#3f9cc0", "#7fcdbb", "#eef7a8"],
  light: ["#d3e5f2", "#9ac5e0", "#5a9fcb", "#2a70a9", "#0f3f73"],
};
const hot: Record<Theme, [string, string]> = { dark: ["#4aa3df", "#ff7a5c"], light: ["#2c6fb3", "#c4351c"] };

export interface Band {
  color: string;
  // From what to what; the last has no end.
  from: number;
  to: number | undefined;
}

// bandsOf parts values into at most five bands with about as many in each, at
// bounds that are different and plain.
export function bandsOf(values: readonly number[], theme: Theme): Band[] {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  const ramp = ramps[theme];
  const bounds: number[] = [];
  for (let n = 0; n < ramp.length; n++) {
    const at = plain(sorted[Math.floor((n * sorted.length) / ramp.length)]!, sorted.at(-1)! - sorted[0]!);
    if (bounds.length === 0 || at > bounds.at(-1)!) bounds.push(at);
  }
  bounds[0] = Math.min(bounds[0]!, sorted[0]!);
  const step = bounds.length > 1 ? (ramp.length - 1) / (bounds.length - 1) : 0;
  return bounds.map((from, n) => ({
    color: ramp[bounds.length > 1 ? Math.round(n * step) : ramp.length - 2]!,
    from,
    to: bounds[n + 1],
  }));
}

// plain rounds a bound to two digits of the range that it divides.
function plain(value: number, range: number): number {
  // A range too small for digits of its own is left as it is.
  if (range < 1e-9) return value;
  const unit = 10 ** Math.floor(Math.log10(range) - 1);
  return unit >= 1
    ? Math.floor(value / unit) * unit
    : Number((Math.floor(value / unit) * unit).toPrecision(6));
}

// Readiness is beside 1: bands of ratios, the same for every city.
const ratios = [0, 0.5, 0.8, 1.25, 2];
const ratioRamp: Record<Theme, string[]> = {
  dark: ["#ff9d5c", "#b5764b", "#4a5866", "#3f86b8", "#6cc3f5"],
  light: ["#b34700", "#e39a5c", "#d8d8d2", "#74aed4", "#175f96"],
};

export function bandsFor(lens: Lens, values: readonly number[], theme: Theme): Band[] {
  if (lens === "readiness")
    return ratios.map((from, n) => ({ color: ratioRamp[theme][n]!, from, to: ratios[n + 1] }));
  return bandsOf(values, theme);
}

export function colorOf(bands: readonly Band[], value: number): string | undefined {
  return bands.findLast(b => value >= b.from)?.color ?? bands[0]?.color;
}

export const hotColor = (theme: Theme, sign: number): string => hot[theme][sign > 0 ? 1 : 0];
