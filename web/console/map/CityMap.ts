import "maplibre-gl/dist/maplibre-gl.css";
import { type GeoJSONSource, Map as MapLibre, type MapMouseEvent, Marker, setWorkerUrl } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Authority, Closure, ID, Lang } from "../../shared/api.ts";
import type { Feed } from "../../shared/feed.ts";
import { baseStyle, creditOf, type Overlay, type Theme, zonesFilter } from "../../shared/map/basemap.ts";
import { closureLayers, closureSources, drawClosures } from "../../shared/map/closures.ts";
import { draw } from "../../shared/map/images.ts";
import { liveLayers, liveSources } from "./layers.ts";
import { Live, type Look } from "./live.ts";
import { boxOfTrail, type Drawn, drawTrail, trailLayers, trailSources } from "./trail.ts";

setWorkerUrl(new URL(worker, location.href).href);

// Told is what the map tells the page. Points are in pixels of the map.
export interface Told {
  onIncident: (id: ID) => void;
  onCrew: (id: ID) => void;
  onMany: (ids: ID[], at: { x: number; y: number }) => void;
  onHover: (id: ID | undefined, at: { x: number; y: number }) => void;
  onMove: (center: { lat: number; lon: number }) => void;
  onGround: () => void;
}

const clickable = ["chosen", "crew", "incident", "cluster"];

// CityMap is the map itself, outside of React: the page tells it what to show,
// and it tells the page what was clicked.
export class CityMap {
  readonly map: MapLibre;
  private live: Live;
  private unlisten: () => void;
  private timers: ReturnType<typeof setInterval>[] = [];
  private frame = 0;
  private drawn = 0;
  private marker: Marker | undefined;
  private names = new Set<string>();
  private drawnTrail: Drawn | undefined;
  private roads: { closures: readonly Closure[]; at: number; drawing?: Closure["lines"] } = {
    closures: [],
    at: 0,
  };
  private picks: ((at: { lat: number; lon: number }) => void) | undefined;

  constructor(
    container: HTMLElement,
    private feed: Feed,
    private authority: Authority,
    private lang: Lang,
    private shown: Overlay,
    look: Look,
    private told: Told,
    locale: Record<string, string>,
  ) {
    this.map = new MapLibre({
      container,
      style: this.style(look.theme),
      bounds: boxOf(authority),
      fitBoundsOptions: { padding: 24 },
      minZoom: 8,
      maxZoom: 20,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: { compact: false },
      fadeDuration: 100,
      locale,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.setMissingStyleImageResolver(name => this.image(name));
    this.live = new Live(this.map, () => feed.city, look);
    this.map.once("load", () => {
      this.live.take("all");
      this.drawOver();
    });
    this.unlisten = feed.listen((_, change) => {
      this.live.take(change);
      this.glide();
    });
    this.timers.push(
      setInterval(() => this.live.tick(), 10_000),
      setInterval(() => this.breathe(), 90),
    );
    this.map.on("click", e => void this.click(e));
    this.map.on("mousemove", e => this.hover(e));
    this.map.on("mouseout", () => told.onHover(undefined, { x: 0, y: 0 }));
    this.map.on("movestart", () => told.onHover(undefined, { x: 0, y: 0 }));
    this.map.on("moveend", () => {
      const { lat, lng } = this.map.getCenter();
      told.onMove({ lat, lon: lng });
    });
  }

  destroy(): void {
    this.unlisten();
    for (const timer of this.timers) clearInterval(timer);
    cancelAnimationFrame(this.frame);
    this.map.remove();
  }

  private style(theme: Theme) {
    const style = baseStyle(theme, this.lang, this.shown, creditOf(this.authority.sources));
    style.sources = { ...style.sources, ...closureSources(), ...trailSources(), ...liveSources() };
    style.layers = [...style.layers, ...closureLayers(theme), ...trailLayers(theme), ...liveLayers(theme)];
    return style;
  }

  // dress redraws the whole map in another light, language or set of layers.
  dress(look: Look, lang: Lang, shown: Overlay): void {
    const anew = look.theme !== this.live.look.theme || lang !== this.lang;
    this.live.look = look;
    this.lang = lang;
    this.shown = shown;
    if (anew) {
      this.map.setStyle(this.style(look.theme), { diff: false });
      this.map.once("style.load", () => {
        this.live.tick();
        this.live.again();
        this.drawOver();
      });
      return;
    }
    for (const name of ["areas", "zones"] as const) {
      for (const part of ["fill", "line", "name"]) {
        const id = `${name}-${part}`;
        if (!this.map.getLayer(id)) continue;
        this.map.setLayoutProperty(id, "visibility", shown[name] ? "visible" : "none");
        if (name === "zones") this.map.setFilter(id, zonesFilter(shown.department));
      }
    }
    this.live.tick();
  }

  // choose marks an incident and brings it into view.
  choose(id: ID | undefined, follow = true): void {
    this.live.choose(id);
    const place = id ? this.feed.city.incidents.get(id)?.place : undefined;
    if (follow && place?.lat != null && place.lon != null) this.show(place.lat, place.lon);
  }

  show(lat: number, lon: number, closest = 15): void {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.easeTo({
      center: [lon, lat],
      zoom: Math.max(this.map.getZoom(), closest),
      duration: calm ? 0 : 450,
    });
  }

  crew(id: ID): void {
    const spot = this.live.spot(id);
    if (spot) this.show(spot.lat, spot.lon, 15.5);
  }

  // trail draws a crew's day, or none. Another day's is brought into view.
  trail(drawn: Drawn | undefined): void {
    const before = this.drawnTrail;
    this.drawnTrail = drawn;
    drawTrail(this.map, drawn);
    const box = drawn && boxOfTrail(drawn.trail);
    if (!box || before?.name === drawn.name) return;
    this.map.fitBounds(box, { padding: 64, maxZoom: 16, duration: 450 });
  }

  private drawOver(): void {
    drawTrail(this.map, this.drawnTrail);
    drawClosures(this.map, this.roads.closures, this.roads.at, this.roads.drawing);
  }

  // closed draws the roads that are closed at a time, and the one that is about
  // to be.
  closed(closures: readonly Closure[], at: number, drawing?: Closure["lines"]): void {
    this.roads = { closures, at, drawing };
    drawClosures(this.map, closures, at, drawing);
  }

  // pick has each click on the map give its place instead of opening what lies
  // there, until it is called off.
  pick(picks: ((at: { lat: number; lon: number }) => void) | undefined): void {
    this.picks = picks;
    this.map.getCanvas().style.cursor = picks ? "crosshair" : "";
  }

  whole(authority: Authority): void {
    this.map.fitBounds(boxOf(authority), { padding: 24, duration: 450 });
  }

  zoom(by: 1 | -1): void {
    this.map.easeTo({ zoom: this.map.getZoom() + by, duration: 200 });
  }

  // pin shows one pin that can be dragged, or none.
  pin(
    at: { lat: number; lon: number } | undefined,
    label: string,
    onDrag?: (at: { lat: number; lon: number }) => void,
  ): void {
    if (!at) {
      this.marker?.remove();
      this.marker = undefined;
      return;
    }
    if (!this.marker) {
      const element = document.createElement("div");
      element.className = "pin";
      element.setAttribute("role", "img");
      this.marker = new Marker({ element, anchor: "bottom", draggable: !!onDrag })
        .setLngLat([at.lon, at.lat])
        .addTo(this.map);
      this.marker.on("dragend", () => {
        const { lat, lng } = this.marker!.getLngLat();
        this.dragged?.({ lat, lon: lng });
      });
    }
    this.dragged = onDrag;
    this.marker.setDraggable(!!onDrag);
    this.marker.getElement().setAttribute("aria-label", label);
    this.marker.setLngLat([at.lon, at.lat]);
  }

  private dragged: ((at: { lat: number; lon: number }) => void) | undefined;

  private image(name: string): void {
    const drawn = draw(name);
    if (!drawn || this.map.hasImage(name)) return;
    // Counts and codes make names without end, so those in nobody's use go.
    if (this.names.size > 1500) {
      for (const old of [...this.names].slice(0, 500)) {
        this.names.delete(old);
        if (this.map.hasImage(old)) this.map.removeImage(old);
      }
    }
    this.names.add(name);
    this.map.addImage(name, drawn.image, { pixelRatio: drawn.scale });
  }

  // glide runs at the rate the eye needs for a thing that creeps, while any
  // crew moves and somebody looks.
  private glide(): void {
    if (this.frame) return;
    const step = (at: number) => {
      this.frame = 0;
      if (at - this.drawn >= 66) {
        this.drawn = at;
        if (!this.live.glide()) return;
      }
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  // breathe is the slow halo of what is overdue.
  private breathe(): void {
    if (document.hidden || !this.map.getLayer("halo")) return;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const k = (performance.now() % 2800) / 2800;
    this.map.setPaintProperty("halo", "circle-radius", 16 + 16 * k);
    this.map.setPaintProperty("halo", "circle-opacity", 0.42 * (1 - k));
  }

  private under(e: MapMouseEvent) {
    const { x, y } = e.point;
    const layers = clickable.filter(id => this.map.getLayer(id));
    return this.map.queryRenderedFeatures(
      [
        [x - 4, y - 4],
        [x + 4, y + 4],
      ],
      { layers },
    );
  }

  // A click means what lies on top. Incidents that share the spot are told as
  // a list, those of a cluster among them; a cluster whose incidents part closer
  // in is opened by going there.
  private async click(e: MapMouseEvent): Promise<void> {
    if (this.picks) return this.picks({ lat: e.lngLat.lat, lon: e.lngLat.lng });
    const hits = this.under(e);
    const top = hits[0];
    if (!top) return this.told.onGround();
    if (top.layer.id === "crew") return this.told.onCrew(top.properties.id);
    const singles = hits.filter(h => h.layer.id === "incident" || h.layer.id === "chosen");
    const ids = new Set(singles.map(h => h.properties.id as ID));
    const cluster = hits.find(h => h.layer.id === "cluster");
    if (cluster) {
      const leaves = await this.leaves(Number(cluster.properties.cluster_id));
      const box = bounds([...leaves.map(l => l.at), ...singles.map(h => pointOf(h.geometry))]);
      if (box.oneSpot || (ids.size === 0 && this.map.getZoom() >= 18.5)) {
        for (const leaf of leaves) ids.add(leaf.id);
      } else if (ids.size === 0) return this.approach(box);
    }
    if (ids.size > 1) this.told.onMany([...ids], e.point);
    else for (const id of ids) this.told.onIncident(id);
  }

  private async leaves(cluster: number): Promise<{ id: ID; at: [number, number] }[]> {
    const source = this.map.getSource("incidents") as GeoJSONSource;
    const features = await source.getClusterLeaves(cluster, 500, 0);
    return features.map(f => ({ id: f.properties?.id as ID, at: pointOf(f.geometry) }));
  }

  private approach({ west, south, east, north }: Bounds): void {
    const camera = this.map.cameraForBounds([west, south, east, north], { padding: 96, maxZoom: 19 });
    const zoom = Math.max(camera?.zoom ?? 0, this.map.getZoom() + 1.2);
    this.map.easeTo({
      center: [(west + east) / 2, (south + north) / 2],
      zoom: Math.min(zoom, 19),
      duration: 450,
    });
  }

  private hover(e: MapMouseEvent): void {
    if (this.map.isMoving() || this.picks) return;
    const hit = this.under(e)[0];
    this.map.getCanvas().style.cursor = hit ? "pointer" : "";
    const one = hit && hit.layer.id !== "cluster" ? (hit.properties.id as ID) : undefined;
    this.told.onHover(one, e.point);
  }
}

// An authority whose boundary was not imported yet is somewhere in the country.
function boxOf({ bbox }: Authority): [number, number, number, number] {
  const [west = 34.2, south = 29.5, east = 35.9, north = 33.3] = bbox ?? [];
  return [west, south, east, north];
}

interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
  oneSpot: boolean;
}

function pointOf(geometry: GeoJSON.Geometry): [number, number] {
  return (geometry as GeoJSON.Point).coordinates as [number, number];
}

// bounds holds the points. Nearer to each other than about twelve metres, no
// zoom of this map parts them well: they are at one spot.
function bounds(points: [number, number][]): Bounds {
  const lons = points.map(p => p[0]);
  const lats = points.map(p => p[1]);
  const [west, east, south, north] = [
    Math.min(...lons),
    Math.max(...lons),
    Math.min(...lats),
    Math.max(...lats),
  ];
  return { west, south, east, north, oneSpot: east - west < 0.00012 && north - south < 0.00012 };
}
