import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import { type Theme, toneOf } from "../../shared/map/basemap.ts";

const none: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

function counted(urgency: string): ExpressionSpecification {
  return ["+", ["case", ["==", ["get", "urgency"], urgency], 1, 0]];
}

// liveSources start empty: what they show is put in by difference.
export function liveSources(): Record<string, SourceSpecification> {
  return {
    incidents: {
      type: "geojson",
      data: none,
      promoteId: "id",
      cluster: true,
      clusterRadius: 30,
      // Past every zoom of the map: incidents at one spot stay a cluster, which
      // a click opens as a list.
      clusterMaxZoom: 22,
      maxzoom: 23,
      clusterProperties: {
        overdue: counted("overdue"),
        soon: counted("soon"),
        ontime: counted("ontime"),
      },
    },
    chosen: { type: "geojson", data: none, promoteId: "id" },
    crews: { type: "geojson", data: none, promoteId: "id" },
    ties: { type: "geojson", data: none, promoteId: "id" },
  };
}

const single: ExpressionSpecification = ["!", ["has", "point_count"]];
const many: ExpressionSpecification = ["has", "point_count"];

export function liveLayers(theme: Theme): LayerSpecification[] {
  const c = toneOf(theme);
  const blue = theme === "dark" ? "#62aefc" : "#0f68c5";
  const red = theme === "dark" ? "#ff7272" : "#cf2a3a";
  const get = (name: string): ExpressionSpecification => ["get", name];
  const upright = { "icon-allow-overlap": true, "icon-ignore-placement": true } as const;
  return [
    {
      id: "tie",
      type: "line",
      source: "ties",
      layout: { "line-cap": "round" },
      paint: {
        "line-color": blue,
        "line-width": ["case", get("chosen"), 2.4, 1.3],
        "line-opacity": [
          "interpolate",
          ["linear"],
          ["zoom"],
          12,
          ["case", get("chosen"), 0.95, 0.06],
          14,
          ["case", get("chosen"), 0.95, 0.35],
          15.5,
          ["case", get("chosen"), 0.95, 0.6],
        ],
        "line-dasharray": [1.5, 2],
      },
    },
    {
      id: "halo",
      type: "circle",
      source: "incidents",
      filter: ["all", single, ["==", get("urgency"), "overdue"]],
      paint: { "circle-color": red, "circle-radius": 18, "circle-opacity": 0.25, "circle-blur": 0.4 },
    },
    {
      id: "incident",
      type: "symbol",
      source: "incidents",
      filter: single,
      layout: { ...upright, "icon-image": get("image"), "symbol-sort-key": get("rank") },
    },
    {
      id: "cluster",
      type: "symbol",
      source: "incidents",
      filter: many,
      layout: {
        ...upright,
        "icon-image": [
          "concat",
          `donut|${theme}|`,
          get("overdue"),
          "|",
          get("soon"),
          "|",
          get("ontime"),
          "|",
          ["-", get("point_count"), ["+", get("overdue"), get("soon"), get("ontime")]],
        ],
      },
    },
    {
      id: "crew-notch",
      type: "symbol",
      source: "crews",
      filter: [
        "all",
        ["has", "heading"],
        ["!", get("there")],
        ["step", ["zoom"], ["==", get("look"), "busy"], 13, true],
      ],
      layout: {
        ...upright,
        "icon-image": ["concat", `notch|${theme}|`, get("look")],
        "icon-rotate": get("heading"),
        "icon-rotation-alignment": "map",
        "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.7, 14, 1],
      },
    },
    {
      id: "crew",
      type: "symbol",
      source: "crews",
      layout: {
        ...upright,
        // From afar only the crews at work bear their call sign.
        "icon-image": [
          "step",
          ["zoom"],
          ["case", ["==", get("look"), "busy"], get("image"), ["concat", `mini|${theme}|`, get("look")]],
          13,
          get("image"),
        ],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.72, 14, 1],
        "icon-offset": ["case", get("there"), ["literal", [0, 26]], ["literal", [0, 0]]],
        "text-field": ["step", ["zoom"], "", 13, get("age")],
        "text-font": ["Noto Sans Hebrew"],
        "text-size": 11,
        "text-offset": [0, 1.5],
        "text-anchor": "top",
        "text-optional": true,
        "text-allow-overlap": true,
      },
      paint: { "text-color": c.label, "text-halo-color": c.halo, "text-halo-width": 1.5 },
    },
    {
      id: "chosen-halo",
      type: "circle",
      source: "chosen",
      paint: {
        "circle-radius": 30,
        "circle-color": blue,
        "circle-opacity": 0.16,
        "circle-stroke-color": blue,
        "circle-stroke-width": 1.5,
        "circle-stroke-opacity": 0.8,
      },
    },
    { id: "chosen", type: "symbol", source: "chosen", layout: { ...upright, "icon-image": get("image") } },
  ];
}
