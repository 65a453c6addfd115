import "maplibre-gl/dist/maplibre-gl.css";
import {
  addProtocol,
  type GeoJSONSource,
  Map as MapLibre,
  Marker,
  removeProtocol,
  setWorkerUrl,
  type VectorSourceSpecification,
} from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { PMTiles } from "pmtiles";
import type { Closure, ID, Lang } from "../../shared/api.ts";
import { groundStyle, type Theme } from "../../shared/map/basemap.ts";
import { closureLayers, closureSources, drawClosures } from "../../shared/map/closures.ts";
import type { PMTilesSource } from "../engine/index.ts";

setWorkerUrl(new URL(worker, location.href).href);

export interface Spot {
  lat: number;
  lon: number;
}

// Stop is a job on the map: its place in the day's order, in its urgency.
export interface Stop extends Spot {
  id: ID;
  place: number;
  urgency: string;
  label: string;
}

export interface Here extends Spot {
  accuracy: number;
  label: string;
}

// The tile server's address, or the archive on the tablet under a name of its
// own. The archive holds z10 to z16; the map stretches what lies beyond.
const scheme = "moked-map";

function sourceOf(archive: PMTiles | undefined): VectorSourceSpecification {
  return archive
    ? { type: "vector", tiles: [`${scheme}://{z}/{x}/{y}`], minzoom: 10, maxzoom: 16 }
    : {
        type: "vector",
        tiles: [`${location.origin}/tiles/base/{z}/{x}/{y}.mvt`],
        minzoom: 0,
        maxzoom: 16,
      };
}

// read answers the map's tiles from the archive. One that isn't there is empty
// ground.
function read(archive: PMTiles): void {
  addProtocol(scheme, async ({ url }, abort) => {
    const [z, x, y] = url.slice(`${scheme}://`.length).split("/").map(Number) as [number, number, number];
    const tile = await archive.getZxy(z, x, y, abort.signal);
    return { data: tile?.data ?? new ArrayBuffer(0) };
  });
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// FieldMap is the crew's map, outside of React: it is told what to show, and
// tells what was tapped. Jobs are buttons of the page, so that they are large,
// named, and reached by keyboard.
export class FieldMap {
  readonly map: MapLibre;
  private archive: PMTiles | undefined;
  private stops = new Map<ID, { stop: Stop; marker: Marker }>();
  private dot: Marker | undefined;
  private here: Here | undefined;
  private chosen: ID | undefined;
  private styled = false;
  private roads: { closures: readonly Closure[]; at: number } = { closures: [], at: 0 };

  constructor(
    container: HTMLElement,
    source: PMTilesSource | null,
    private theme: Theme,
    private lang: Lang,
    center: Spot,
    private told: { onStop: (id: ID) => void; onMove: () => void },
    locale: Record<string, string>,
  ) {
    this.archive = source ? new PMTiles(source) : undefined;
    if (this.archive) read(this.archive);
    this.map = new MapLibre({
      container,
      style: this.style(),
      center: [center.lon, center.lat],
      zoom: 14,
      minZoom: 10,
      maxZoom: 19,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: { compact: true },
      fadeDuration: 100,
      locale,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.on("style.load", () => {
      this.styled = true;
      this.drawAccuracy();
      drawClosures(this.map, this.roads.closures, this.roads.at);
    });
    this.map.on("dragstart", () => told.onMove());
  }

  destroy(): void {
    this.map.remove();
    if (this.archive) removeProtocol(scheme);
  }

  private style() {
    const style = groundStyle(this.theme, this.lang, {
      ...sourceOf(this.archive),
      attribution:
        '<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noreferrer">© OpenStreetMap</a>',
    });
    style.sources = { ...style.sources, ...closureSources() };
    style.layers = [...style.layers, ...closureLayers(this.theme)];
    return style;
  }

  dress(theme: Theme, lang: Lang): void {
    if (theme === this.theme && lang === this.lang) return;
    this.theme = theme;
    this.lang = lang;
    this.styled = false;
    this.map.setStyle(this.style(), { diff: false });
  }

  // closed draws the roads that are closed at a time.
  closed(closures: readonly Closure[], at: number): void {
    this.roads = { closures, at };
    if (this.styled) drawClosures(this.map, closures, at);
  }

  // show puts the day's stops on the map, by difference.
  show(stops: readonly Stop[]): void {
    const wanted = new Map(stops.map(s => [s.id, s]));
    for (const [id, { marker }] of this.stops) {
      if (wanted.has(id)) continue;
      marker.remove();
      this.stops.delete(id);
    }
    for (const stop of stops) {
      const held = this.stops.get(stop.id);
      if (held) {
        held.stop = stop;
        held.marker.setLngLat([stop.lon, stop.lat]);
        this.mark(held.marker.getElement(), stop);
        continue;
      }
      const element = document.createElement("button");
      element.type = "button";
      element.addEventListener("click", e => {
        e.stopPropagation();
        this.told.onStop(stop.id);
      });
      this.mark(element, stop);
      const marker = new Marker({ element }).setLngLat([stop.lon, stop.lat]).addTo(this.map);
      this.stops.set(stop.id, { stop, marker });
    }
  }

  private mark(element: HTMLElement, stop: Stop): void {
    const chosen = stop.id === this.chosen;
    element.classList.add("stop");
    for (const u of ["ontime", "soon", "overdue", "paused", "none"])
      element.classList.toggle(u, u === stop.urgency);
    element.classList.toggle("chosen", chosen);
    element.style.zIndex = chosen ? "3" : String(stop.place === 1 ? 2 : 1);
    element.setAttribute("aria-label", stop.label);
    element.textContent = String(stop.place);
  }

  choose(id: ID | undefined): void {
    this.chosen = id;
    for (const { stop, marker } of this.stops.values()) this.mark(marker.getElement(), stop);
    const spot = id ? this.stops.get(id)?.stop : undefined;
    if (spot) this.look(spot);
  }

  look({ lat, lon }: Spot, closest = 15): void {
    this.map.easeTo({
      center: [lon, lat],
      zoom: Math.max(this.map.getZoom(), closest),
      duration: calm() ? 0 : 400,
    });
  }

  // whole shows every stop and the crew itself.
  whole(): void {
    const all: Spot[] = [...this.stops.values()].map(s => s.stop);
    if (this.here) all.push(this.here);
    if (all.length === 0) return;
    const lons = all.map(s => s.lon);
    const lats = all.map(s => s.lat);
    this.map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], {
      padding: 64,
      maxZoom: 16,
      duration: calm() ? 0 : 400,
    });
  }

  zoom(by: 1 | -1): void {
    this.map.easeTo({ zoom: this.map.getZoom() + by, duration: calm() ? 0 : 200 });
  }

  // stand puts the crew's own position on the map.
  stand(here: Here | undefined): void {
    this.here = here;
    if (!here) {
      this.dot?.remove();
      this.dot = undefined;
    } else if (this.dot) this.dot.setLngLat([here.lon, here.lat]);
    else {
      const element = document.createElement("div");
      element.className = "own-dot";
      element.setAttribute("role", "img");
      element.setAttribute("aria-label", here.label);
      this.dot = new Marker({ element }).setLngLat([here.lon, here.lat]).addTo(this.map);
    }
    this.drawAccuracy();
  }

  // The circle of what the position may be off by, in metres on the ground.
  private drawAccuracy(): void {
    if (!this.styled) return;
    const { here } = this;
    const data: GeoJSON.FeatureCollection = {
      type: "FeatureCollection",
      features: here ? [{ type: "Feature", properties: {}, geometry: ringAround(here) }] : [],
    };
    const source = this.map.getSource("own") as GeoJSONSource | undefined;
    if (source) return void source.setData(data);
    this.map.addSource("own", { type: "geojson", data });
    this.map.addLayer({
      id: "own",
      type: "fill",
      source: "own",
      paint: { "fill-color": "#2f81e0", "fill-opacity": 0.16, "fill-outline-color": "#2f81e0" },
    });
  }
}

function ringAround({ lat, lon, accuracy }: Here): GeoJSON.Polygon {
  const up = accuracy / 111_320;
  const across = up / Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: 49 }, (_, i) => {
    const a = (i / 48) * 2 * Math.PI;
    return [lon + across * Math.cos(a), lat + up * Math.sin(a)];
  });
  return { type: "Polygon", coordinates: [ring] };
}
