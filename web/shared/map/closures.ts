import type { GeoJSONSource, LayerSpecification, Map as MapLibre, SourceSpecification } from "maplibre-gl";
import type { Closure } from "../api.ts";
import type { Theme } from "./basemap.ts";

export function closureSources(): Record<string, SourceSpecification> {
  return { closures: { type: "geojson", data: featuresOf([], 0) } };
}

// closureLayers draw closed roads as the barrier on the road is: red with white
// bars, and the reason along it. What is to come, or is being drawn, is fainter.
export function closureLayers(theme: Theme): LayerSpecification[] {
  const red = theme === "dark" ? "#ff5d5d" : "#cf2a3a";
  const ground = theme === "dark" ? "#10151c" : "#ffffff";
  const round = { "line-cap": "round", "line-join": "round" } as const;
  return [
    {
      id: "closure-casing",
      type: "line",
      source: "closures",
      layout: round,
      paint: {
        "line-color": red,
        "line-width": ["interpolate", ["linear"], ["zoom"], 11, 4, 16, 9],
        "line-opacity": ["case", ["==", ["get", "state"], "now"], 0.95, 0.55],
      },
    },
    {
      id: "closure-bars",
      type: "line",
      source: "closures",
      paint: {
        "line-color": "#ffffff",
        "line-width": ["interpolate", ["linear"], ["zoom"], 11, 1.6, 16, 4],
        "line-dasharray": [1.5, 1.5],
      },
    },
    {
      id: "closure-why",
      type: "symbol",
      source: "closures",
      minzoom: 14.5,
      layout: {
        "symbol-placement": "line-center",
        "text-field": ["get", "reason"],
        "text-font": ["Noto Sans Hebrew"],
        "text-size": 12,
        "text-offset": [0, -1.1],
      },
      paint: { "text-color": red, "text-halo-color": ground, "text-halo-width": 2 },
    },
  ];
}

// inForce says whether a road is closed at a time, in milliseconds. One that was
// closed at once is, whatever the screen's clock says.
export function inForce(closure: Closure, at: number): boolean {
  return (
    Date.parse(closure.from) <= Math.max(at, Date.parse(closure.made_at)) &&
    (!closure.until || Date.parse(closure.until) > at)
  );
}

// ahead says whether a closure is in force or yet to come.
export function ahead(closure: Closure, at: number): boolean {
  return !closure.lifted_at && (!closure.until || Date.parse(closure.until) > at);
}

function featuresOf(
  closures: readonly Closure[],
  at: number,
  drawing: Closure["lines"] = [],
): GeoJSON.FeatureCollection {
  const feature = (lines: Closure["lines"], state: string, reason: string): GeoJSON.Feature => ({
    type: "Feature",
    geometry: { type: "MultiLineString", coordinates: lines },
    properties: { state, reason },
  });
  return {
    type: "FeatureCollection",
    features: [
      ...closures
        .filter(c => ahead(c, at))
        .map(c => feature(c.lines, inForce(c, at) ? "now" : "later", c.reason)),
      ...(drawing.length > 0 ? [feature(drawing, "drawing", "")] : []),
    ],
  };
}

// drawClosures puts the closed roads on the map as they are at a time, and the
// stretch that is about to be closed.
export function drawClosures(
  map: MapLibre,
  closures: readonly Closure[],
  at: number,
  drawing?: Closure["lines"],
): void {
  const source = map.getSource("closures") as GeoJSONSource | undefined;
  void source?.setData(featuresOf(closures, at, drawing));
}
