import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  StyleSpecification,
  VectorSourceSpecification,
} from "maplibre-gl";
import type { Lang } from "../api.ts";

export type Theme = "dark" | "light";

interface Tones {
  // What lies outside of the authority.
  beyond: string;
  land: string;
  built: string;
  field: string;
  sand: string;
  water: string;
  green: string;
  building: string;
  buildingEdge: string;
  casing: string;
  motorway: string;
  major: string;
  middle: string;
  minor: string;
  path: string;
  rail: string;
  label: string;
  quiet: string;
  waterLabel: string;
  halo: string;
  area: string;
  zone: string;
}

// The ground is quiet in both lights, so that what is live stands out.
const tones: Record<Theme, Tones> = {
  dark: {
    beyond: "#10161d",
    land: "#18202a",
    built: "#1b242e",
    field: "#1a2427",
    sand: "#25282a",
    water: "#0c2a40",
    green: "#182b27",
    building: "#202a35",
    buildingEdge: "#2a3642",
    casing: "#131a22",
    motorway: "#6b7f95",
    major: "#536577",
    middle: "#43515f",
    minor: "#34414e",
    path: "#34414e",
    rail: "#4a5866",
    label: "#c3cfdb",
    quiet: "#93a4b5",
    waterLabel: "#6b9dc0",
    halo: "#131a22",
    area: "#a99bff",
    zone: "#e99bcb",
  },
  light: {
    beyond: "#e3e2de",
    land: "#f3f2ee",
    built: "#eceae5",
    field: "#ecefe2",
    sand: "#f5ecd2",
    water: "#bfdaea",
    green: "#d8e8d0",
    building: "#e3dfd7",
    buildingEdge: "#d5d0c6",
    casing: "#d9d5cc",
    motorway: "#f4cf85",
    major: "#fbe6b8",
    middle: "#ffffff",
    minor: "#ffffff",
    path: "#cfc8bb",
    rail: "#b5b5b5",
    label: "#3b4753",
    quiet: "#68747f",
    waterLabel: "#3f7ca1",
    halo: "#ffffff",
    area: "#5a45c9",
    zone: "#a82c7d",
  },
};

const font = ["Noto Sans Hebrew"];
const bold = ["Noto Sans Hebrew Bold"];

// The classes are those of the base map's import: see geo/osm/base_class.go.
const motorways = ["motorway", "trunk"];
const majors = ["primary", "secondary"];
const middles = ["tertiary"];
const services = ["service"];
const paths = ["path", "pedestrian", "track"];

const lines: ExpressionSpecification = ["==", ["geometry-type"], "LineString"];

function isOf(classes: string[]): ExpressionSpecification {
  return ["in", ["get", "class"], ["literal", classes]];
}

// width grows with the zoom by a factor of two a level from z16 on, as the
// ground itself does, and slower before.
function width(z10: number, z14: number, z18: number): ExpressionSpecification {
  return ["interpolate", ["exponential", 1.6], ["zoom"], 10, z10, 14, z14, 18, z18];
}

// A feature's names by language lie beside its name as name_en and so on.
function named(lang: Lang): ExpressionSpecification {
  return ["coalesce", ["get", `name_${lang}`], ["get", "name"]];
}

function roads(c: Tones): LayerSpecification[] {
  const other = [...motorways, ...majors, ...middles, ...services, ...paths];
  const minor: ExpressionSpecification = ["!", isOf(other)];
  const kinds: [string, ExpressionSpecification, string, number, [number, number, number]][] = [
    ["service", isOf(services), c.minor, 14, [0.1, 0.8, 8]],
    ["minor", minor, c.minor, 12, [0.2, 1.6, 16]],
    ["middle", isOf(middles), c.middle, 10, [0.5, 2.6, 20]],
    ["major", isOf(majors), c.major, 8, [1, 3.8, 26]],
    ["motorway", isOf(motorways), c.motorway, 6, [1.4, 4.6, 30]],
  ];
  const layer = (
    id: string,
    filter: ExpressionSpecification,
    color: string,
    minzoom: number,
    w: ExpressionSpecification,
  ): LayerSpecification => ({
    id,
    type: "line",
    source: "base",
    "source-layer": "road",
    filter: ["all", lines, filter],
    minzoom,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": color, "line-width": w },
  });
  return [
    {
      id: "road-square",
      type: "fill",
      source: "base",
      "source-layer": "road",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": c.built, "fill-outline-color": c.casing },
    },
    {
      id: "road-path",
      type: "line",
      source: "base",
      "source-layer": "road",
      filter: ["all", lines, isOf(paths)],
      minzoom: 15,
      paint: { "line-color": c.path, "line-width": width(0.3, 0.8, 3), "line-dasharray": [2, 2] },
    },
    ...kinds.map(([name, filter, , from, w]) =>
      layer(`casing-${name}`, filter, c.casing, Math.max(from, 12), width(w[0] + 0.8, w[1] + 1.6, w[2] + 4)),
    ),
    ...kinds.map(([name, filter, color, from, w]) => layer(`road-${name}`, filter, color, from, width(...w))),
  ];
}

// ground is the base map: what is many and slow, from the server's tiles.
function ground(c: Tones, lang: Lang): LayerSpecification[] {
  const name = named(lang);
  return [
    { id: "background", type: "background", paint: { "background-color": c.beyond } },
    {
      id: "city",
      type: "fill",
      source: "areas",
      "source-layer": "areas",
      filter: ["==", ["get", "level"], "boundary"],
      paint: { "fill-color": c.land },
    },
    {
      id: "land",
      type: "fill",
      source: "base",
      "source-layer": "land",
      paint: {
        "fill-color": [
          "match",
          ["get", "class"],
          "sand",
          c.sand,
          "farmland",
          c.field,
          ["residential", "industrial", "commercial", "institution", "parking", "rock"],
          c.built,
          c.land,
        ],
      },
    },
    { id: "green", type: "fill", source: "base", "source-layer": "green", paint: { "fill-color": c.green } },
    {
      id: "water",
      type: "fill",
      source: "base",
      "source-layer": "water",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": c.water },
    },
    {
      id: "stream",
      type: "line",
      source: "base",
      "source-layer": "water",
      filter: ["all", lines, ["!=", ["get", "class"], "coastline"]],
      paint: { "line-color": c.water, "line-width": width(0.6, 1.4, 6) },
    },
    {
      id: "building",
      type: "fill",
      source: "base",
      "source-layer": "building",
      minzoom: 14,
      paint: {
        "fill-color": c.building,
        "fill-outline-color": c.buildingEdge,
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 14, 0, 15, 1],
      },
    },
    ...roads(c),
    {
      id: "rail",
      type: "line",
      source: "base",
      "source-layer": "rail",
      paint: { "line-color": c.rail, "line-width": width(0.6, 1.4, 4), "line-dasharray": [3, 2] },
    },
    {
      id: "road-name",
      type: "symbol",
      source: "base",
      "source-layer": "road",
      minzoom: 14,
      filter: ["all", ["has", "name"], ["!=", ["get", "name"], ""]],
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 320,
        "text-field": name,
        "text-font": font,
        "text-size": ["interpolate", ["linear"], ["zoom"], 14, 11, 18, 14],
        "text-max-angle": 30,
        "text-padding": 4,
        "symbol-sort-key": ["case", isOf(motorways), 0, isOf(majors), 1, isOf(middles), 2, 3],
      },
      paint: { "text-color": c.quiet, "text-halo-color": c.halo, "text-halo-width": 1.4 },
    },
    {
      id: "label",
      type: "symbol",
      source: "base",
      "source-layer": "label",
      filter: [
        "step",
        ["zoom"],
        isOf(["city", "town", "village", "suburb", "sea", "water"]),
        13,
        isOf(["city", "town", "village", "suburb", "neighbourhood", "sea", "water"]),
        16,
        ["has", "name"],
      ],
      layout: {
        "text-field": name,
        "text-font": ["case", isOf(["city", "town", "suburb"]), ["literal", bold], ["literal", font]],
        "text-size": ["case", isOf(["city", "town"]), 16, isOf(["suburb"]), 13, 12],
        "text-max-width": 8,
        "text-padding": 8,
      },
      paint: {
        "text-color": [
          "case",
          isOf(["water", "sea"]),
          c.waterLabel,
          isOf(["city", "town", "suburb", "neighbourhood"]),
          c.label,
          c.quiet,
        ],
        "text-halo-color": c.halo,
        "text-halo-width": 1.5,
      },
    },
  ];
}

// Overlay is what a person may lay over the map: the authority's areas, and the
// crew zones of one department, or of all.
export interface Overlay {
  areas: boolean;
  zones: boolean;
  department: string;
}

export function zonesFilter(department: string): FilterSpecification {
  return department ? ["==", ["get", "department"], department] : true;
}

function overlays(c: Tones, lang: Lang, shown: Overlay): LayerSpecification[] {
  const visibility = (on: boolean): "visible" | "none" => (on ? "visible" : "none");
  const small: ExpressionSpecification = ["==", ["get", "level"], "neighbourhood"];
  // Neighbourhoods come closer in, where there is room for them.
  const deep: FilterSpecification = ["step", ["zoom"], ["!", small], 13, true];
  const layer = (
    source: "areas" | "zones",
    color: string,
    on: boolean,
    filter: FilterSpecification,
  ): LayerSpecification[] => [
    {
      id: `${source}-fill`,
      type: "fill",
      source,
      "source-layer": source,
      filter,
      layout: { visibility: visibility(on) },
      paint: { "fill-color": color, "fill-opacity": 0.05 },
    },
    {
      id: `${source}-line`,
      type: "line",
      source,
      "source-layer": source,
      filter,
      layout: { visibility: visibility(on) },
      paint: {
        "line-color": color,
        "line-width": ["case", small, 0.8, 1.8],
        "line-opacity": 0.85,
        "line-dasharray": source === "zones" ? [4, 2] : [1],
      },
    },
    {
      id: `${source}-name`,
      type: "symbol",
      source,
      "source-layer": source === "areas" ? "area_labels" : "zone_labels",
      filter,
      layout: {
        visibility: visibility(on),
        "text-field": named(lang),
        "text-font": bold,
        "text-size": ["case", small, 12, 14],
        "text-max-width": 7,
        "symbol-sort-key": ["case", small, 1, 0],
      },
      paint: { "text-color": color, "text-halo-color": c.halo, "text-halo-width": 1.6 },
    },
  ];
  return [
    ...layer("areas", c.area, shown.areas, deep),
    ...layer("zones", c.zone, shown.zones, zonesFilter(shown.department)),
  ];
}

// groundStyle is the base map alone, from the source given: for a page that has
// the ground of one authority and nothing of its areas.
export function groundStyle(theme: Theme, lang: Lang, base: VectorSourceSpecification): StyleSpecification {
  const c = tones[theme];
  const layers = ground({ ...c, beyond: c.land }, lang).filter(l => l.id !== "city");
  return { version: 8, sources: { base }, layers };
}

export function toneOf(theme: Theme): Tones {
  return tones[theme];
}

// creditOf names whom the ground is owed to, by where it was imported from.
export function creditOf(sources: readonly string[]): string {
  if (!sources.includes("osm")) return "";
  return '<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noreferrer">© OpenStreetMap</a>';
}

// baseStyle is the whole style without what is live.
export function baseStyle(theme: Theme, lang: Lang, shown: Overlay, credit: string): StyleSpecification {
  const tiles = (layer: string) => [`${location.origin}/tiles/${layer}/{z}/{x}/{y}.mvt`];
  const c = tones[theme];
  return {
    version: 8,
    sources: {
      base: {
        type: "vector",
        tiles: tiles("base"),
        minzoom: 0,
        maxzoom: 16,
        attribution: credit,
      },
      areas: { type: "vector", tiles: tiles("areas"), minzoom: 0, maxzoom: 16 },
      zones: { type: "vector", tiles: tiles("zones"), minzoom: 0, maxzoom: 16 },
    },
    layers: [...ground(c, lang), ...overlays(c, lang, shown)],
  };
}
