import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Lang } from "../../shared/api.ts";

export type Theme = "dark" | "light";

interface Tones {
  land: string;
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
    land: "#11171e",
    water: "#0a2233",
    green: "#12231f",
    building: "#18212a",
    buildingEdge: "#212c37",
    casing: "#0d1218",
    motorway: "#56697e",
    major: "#435365",
    middle: "#344250",
    minor: "#27323d",
    path: "#27323d",
    rail: "#3a4754",
    label: "#b9c6d3",
    quiet: "#8496a8",
    waterLabel: "#5d8fb3",
    halo: "#0d1218",
    area: "#9d8cff",
    zone: "#e58fc4",
  },
  light: {
    land: "#f1f0ec",
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

const motorways = ["motorway", "motorway_link", "trunk", "trunk_link"];
const majors = ["primary", "primary_link", "secondary", "secondary_link"];
const middles = ["tertiary", "tertiary_link"];
const paths = ["footway", "path", "pedestrian", "cycleway", "steps", "track", "bridleway"];

function isOf(classes: string[]): ExpressionSpecification {
  return ["in", ["get", "class"], ["literal", classes]];
}

// width grows with the zoom by a factor of two a level from z16 on, as the
// ground itself does, and slower before.
function width(z10: number, z14: number, z18: number): ExpressionSpecification {
  return ["interpolate", ["exponential", 1.6], ["zoom"], 10, z10, 14, z14, 18, z18];
}

// A feature's names by language lie beside its name as name:en and so on.
function named(lang: Lang): ExpressionSpecification {
  if (lang === "he") return ["get", "name"];
  return ["coalesce", ["get", `name:${lang}`], ["get", `name_${lang}`], ["get", "name"]];
}

function roads(c: Tones): LayerSpecification[] {
  const minor: ExpressionSpecification = [
    "!",
    ["in", ["get", "class"], ["literal", [...motorways, ...majors, ...middles, ...paths]]],
  ];
  const kinds: [string, ExpressionSpecification, string, number, [number, number, number]][] = [
    ["minor", minor, c.minor, 12, [0.2, 1.6, 16]],
    ["middle", isOf(middles), c.middle, 10, [0.5, 2.6, 20]],
    ["major", isOf(majors), c.major, 8, [1, 3.8, 26]],
    ["motorway", isOf(motorways), c.motorway, 6, [1.4, 4.6, 30]],
  ];
  const layer = (id: string, filter: ExpressionSpecification, color: string, minzoom: number, w: ExpressionSpecification): LayerSpecification => ({
    id,
    type: "line",
    source: "base",
    "source-layer": "road",
    filter,
    minzoom,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": color, "line-width": w },
  });
  return [
    {
      id: "road-path",
      type: "line",
      source: "base",
      "source-layer": "road",
      filter: isOf(paths),
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
    { id: "background", type: "background", paint: { "background-color": c.land } },
    { id: "land", type: "fill", source: "base", "source-layer": "land", paint: { "fill-color": c.land } },
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
      filter: ["==", ["geometry-type"], "LineString"],
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
        isOf(["city", "town", "village", "suburb", "neighbourhood", "quarter", "sea", "water"]),
        16,
        ["has", "name"],
      ],
      layout: {
        "text-field": name,
        "text-font": ["case", isOf(["city", "town", "suburb"]), ["literal", bold], ["literal", font]],
        "text-size": ["case", isOf(["city", "town"]), 16, isOf(["suburb", "quarter"]), 13, 12],
        "text-max-width": 8,
        "text-padding": 8,
      },
      paint: {
        "text-color": ["case", isOf(["water", "sea"]), c.waterLabel, isOf(["city", "town", "suburb", "neighbourhood", "quarter"]), c.label, c.quiet],
        "text-halo-color": c.halo,
        "text-halo-width": 1.5,
      },
    },
  ];
}

function overlays(c: Tones, lang: Lang, shown: { areas: boolean; zones: boolean }): LayerSpecification[] {
  const visibility = (on: boolean): "visible" | "none" => (on ? "visible" : "none");
  const layer = (source: "areas" | "zones", color: string, on: boolean): LayerSpecification[] => [
    {
      id: `${source}-fill`,
      type: "fill",
      source,
      "source-layer": source,
      layout: { visibility: visibility(on) },
      paint: { "fill-color": color, "fill-opacity": 0.05 },
    },
    {
      id: `${source}-line`,
      type: "line",
      source,
      "source-layer": source,
      layout: { visibility: visibility(on) },
      paint: { "line-color": color, "line-width": 1.4, "line-opacity": 0.8, "line-dasharray": source === "zones" ? [4, 2] : [1] },
    },
    {
      id: `${source}-name`,
      type: "symbol",
      source,
      "source-layer": source,
      layout: {
        visibility: visibility(on),
        "text-field": named(lang),
        "text-font": bold,
        "text-size": 13,
        "text-max-width": 7,
      },
      paint: { "text-color": color, "text-halo-color": c.halo, "text-halo-width": 1.6 },
    },
  ];
  return [...layer("areas", c.area, shown.areas), ...layer("zones", c.zone, shown.zones)];
}

export function toneOf(theme: Theme): Tones {
  return tones[theme];
}

// baseStyle is the whole style without what is live.
export function baseStyle(theme: Theme, lang: Lang, shown: { areas: boolean; zones: boolean }): StyleSpecification {
  const tiles = (layer: string) => [`${location.origin}/tiles/${layer}/{z}/{x}/{y}.mvt`];
  const c = tones[theme];
  return {
    version: 8,
    sources: {
      base: {
        type: "vector",
        tiles: tiles("base"),
        minzoom: 0,
        maxzoom: 15,
        attribution: '<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noreferrer">© OpenStreetMap</a>',
      },
      areas: { type: "vector", tiles: tiles("areas"), minzoom: 0, maxzoom: 14 },
      zones: { type: "vector", tiles: tiles("zones"), minzoom: 0, maxzoom: 14 },
    },
    layers: [...ground(c, lang), ...overlays(c, lang, shown)],
  };
}
