import type {
  FilterSpecification,
  GeoJSONSource,
  LayerSpecification,
  Map as MapLibre,
  SourceSpecification,
} from "maplibre-gl";
import type { Theme } from "../../shared/map/basemap.ts";

const none: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

export function trailSources(): Record<string, SourceSpecification> {
  return { trail: { type: "geojson", data: none } };
}

const bySpan = (span: "way" | "gap"): FilterSpecification => ["==", ["get", "span"], span];

// trailLayers draw one crew's day below what is live: its way, what isn't known
// of it as a dashed line, and its stops with the numbers that the list bears.
export function trailLayers(theme: Theme): LayerSpecification[] {
  const dark = theme === "dark";
  const line = dark ? "#c79bff" : "#7a3fc4";
  const ground = dark ? "#10151c" : "#ffffff";
  const round = { "line-cap": "round", "line-join": "round" } as const;
  return [
    {
      id: "trail-casing",
      type: "line",
      source: "trail",
      filter: bySpan("way"),
      layout: round,
      paint: { "line-color": ground, "line-width": 7, "line-opacity": 0.85 },
    },
    {
      id: "trail-way",
      type: "line",
      source: "trail",
      filter: bySpan("way"),
      layout: round,
      paint: { "line-color": line, "line-width": 3.5 },
    },
    {
      id: "trail-gap",
      type: "line",
      source: "trail",
      filter: bySpan("gap"),
      layout: round,
      paint: { "line-color": line, "line-width": 2, "line-dasharray": [0.5, 2.5], "line-opacity": 0.9 },
    },
    {
      id: "trail-course",
      type: "symbol",
      source: "trail",
      filter: bySpan("way"),
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 110,
        "text-field": "›",
        "text-font": ["Noto Sans Hebrew"],
        "text-size": 20,
        "text-keep-upright": false,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": line, "text-halo-color": ground, "text-halo-width": 2 },
    },
    {
      id: "trail-stop",
      type: "circle",
      source: "trail",
      filter: ["has", "stop"],
      paint: {
        "circle-radius": ["case", ["get", "chosen"], 15, 11],
        "circle-color": ["case", ["get", "chosen"], line, ground],
        "circle-stroke-color": line,
        "circle-stroke-width": 2.5,
      },
    },
    {
      id: "trail-number",
      type: "symbol",
      source: "trail",
      filter: ["has", "stop"],
      layout: {
        "text-field": ["to-string", ["get", "stop"]],
        "text-font": ["Noto Sans Hebrew"],
        "text-size": 12,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": ["case", ["get", "chosen"], ground, line] },
    },
  ];
}

// Way is where somebody went, or is to go: its lines, and its stops in order,
// those with a place.
export interface Way {
  line: { coordinates: number[][][] };
  stops: { lat?: number; lon?: number }[];
}

// Drawn is the way that the map shows, and the stop that the list is at. One of
// another name is brought into view.
export interface Drawn {
  name: string;
  trail: Way;
  stop?: number;
}

function features({ trail, stop }: Drawn): GeoJSON.Feature[] {
  const ways = trail.line.coordinates;
  const line = (span: string, coordinates: number[][]): GeoJSON.Feature => ({
    type: "Feature",
    geometry: { type: "LineString", coordinates },
    properties: { span },
  });
  const gaps = ways.slice(1).map((way, i) => line("gap", [ways[i]!.at(-1)!, way[0]!]));
  const stops = trail.stops.flatMap(({ lat, lon }, i): GeoJSON.Feature[] =>
    lat === undefined || lon === undefined
      ? []
      : [
          {
            type: "Feature",
            geometry: { type: "Point", coordinates: [lon, lat] },
            properties: { stop: i + 1, chosen: i === stop },
          },
        ],
  );
  return [...gaps, ...ways.map(way => line("way", way)), ...stops];
}

// drawTrail puts a trail on the map, or takes it off.
export function drawTrail(map: MapLibre, drawn: Drawn | undefined): void {
  const source = map.getSource("trail") as GeoJSONSource | undefined;
  void source?.setData(drawn ? { type: "FeatureCollection", features: features(drawn) } : none);
}

// boxOfTrail holds all of a trail, or is undefined for one with no line.
export function boxOfTrail(trail: Way): [number, number, number, number] | undefined {
  const points = trail.line.coordinates.flat();
  if (points.length === 0) return undefined;
  const lons = points.map(p => p[0]!);
  const lats = points.map(p => p[1]!);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
