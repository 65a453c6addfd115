import "maplibre-gl/dist/maplibre-gl.css";
import {
  type ExpressionSpecification,
  type GeoJSONSource,
  Map as MapLibre,
  Marker,
  setWorkerUrl,
} from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Lang } from "../shared/api.ts";
import { baseStyle, creditOf } from "../shared/map/basemap.ts";
import type { Theme } from "../shared/theme.ts";

setWorkerUrl(new URL(worker, location.href).href);

// Painted is what a lens shows: the colours of areas by their codes, or squares
// that carry their colour.
export interface Painted {
  areas: Record<string, string>;
  squares: GeoJSON.FeatureCollection;
  // Areas that are drawn stronger: the one chosen.
  chosen: string;
}

const nothing: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
const quiet = { areas: true, zones: false, department: "" };

// LensMap is the map itself, outside of React.
export class LensMap {
  readonly map: MapLibre;
  private painted: Painted = { areas: {}, squares: nothing, chosen: "" };
  private marker: Marker | undefined;

  constructor(
    container: HTMLElement,
    private theme: Theme,
    private lang: Lang,
    bounds: [number, number, number, number],
    private sources: readonly string[],
    locale: Record<string, string>,
    onArea: (code: string) => void,
  ) {
    this.map = new MapLibre({
      container,
      style: this.style(),
      bounds,
      fitBoundsOptions: { padding: 16 },
      minZoom: 8,
      maxZoom: 18,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: { compact: true },
      fadeDuration: 100,
      locale,
      // The page scrolls; the map zooms when it is meant.
      cooperativeGestures: false,
      scrollZoom: false,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.once("load", () => this.draw());
    this.map.on("click", e => {
      const [area] = this.map.queryRenderedFeatures(e.point, { layers: ["lens-areas"] });
      if (area?.properties.code) onArea(String(area.properties.code));
    });
  }

  private style() {
    const style = baseStyle(this.theme, this.lang, quiet, creditOf(this.sources));
    const hood = ["==", ["get", "level"], "neighbourhood"] as never;
    // What a lens paints lies over the ground and under its names and lines.
    const at = style.layers.findIndex(l => l.type === "symbol");
    const layers = [...style.layers];
    layers.splice(
      at < 0 ? layers.length : at,
      0,
      {
        id: "lens-areas",
        type: "fill",
        source: "areas",
        "source-layer": "areas",
        filter: hood,
        paint: { "fill-color": "rgba(0,0,0,0)", "fill-opacity": 0.72 },
      },
      {
        id: "lens-squares",
        type: "fill",
        source: "lens-squares",
        paint: { "fill-color": ["get", "color"], "fill-opacity": 0.74 },
      },
      {
        id: "lens-chosen",
        type: "line",
        source: "areas",
        "source-layer": "areas",
        filter: ["==", ["get", "code"], ""],
        paint: { "line-color": this.theme === "dark" ? "#ffffff" : "#14202c", "line-width": 3 },
      },
    );
    return {
      ...style,
      sources: { ...style.sources, "lens-squares": { type: "geojson" as const, data: nothing } },
      layers,
    };
  }

  dress(theme: Theme, lang: Lang): void {
    if (theme === this.theme && lang === this.lang) return;
    this.theme = theme;
    this.lang = lang;
    this.map.setStyle(this.style(), { diff: false });
    this.map.once("style.load", () => this.draw());
  }

  paint(painted: Painted): void {
    this.painted = painted;
    if (this.map.isStyleLoaded()) this.draw();
    else this.map.once("idle", () => this.draw());
  }

  private draw(): void {
    const { areas, squares, chosen } = this.painted;
    if (!this.map.getLayer("lens-areas")) return;
    const codes = Object.entries(areas).flat();
    this.map.setPaintProperty(
      "lens-areas",
      "fill-color",
      codes.length
        ? (["match", ["get", "code"], ...codes, "rgba(0,0,0,0)"] as unknown as ExpressionSpecification)
        : "rgba(0,0,0,0)",
    );
    this.map.getSource<GeoJSONSource>("lens-squares")?.setData(squares);
    this.map.setFilter("lens-chosen", ["==", ["get", "code"], chosen]);
  }

  // look goes to bounds, all of it, at once.
  look(bounds: [number, number, number, number]): void {
    this.map.fitBounds(bounds, { padding: 16, animate: false });
  }

  // spot puts a pin at a place and goes there.
  spot(at: { lat: number; lon: number } | undefined): void {
    this.marker?.remove();
    this.marker = undefined;
    if (!at) return;
    const pin = document.createElement("div");
    pin.className = "lens-pin";
    this.marker = new Marker({ element: pin }).setLngLat([at.lon, at.lat]).addTo(this.map);
    this.map.jumpTo({ center: [at.lon, at.lat], zoom: Math.max(this.map.getZoom(), 14.5) });
  }

  destroy(): void {
    this.map.remove();
  }
}
