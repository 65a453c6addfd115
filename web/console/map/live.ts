import type { GeoJSONSource, GeoJSONSourceDiff, Map as MapLibre } from "maplibre-gl";
import type { Crew, ID, Incident, Job } from "../../shared/api.ts";
import { now } from "../../shared/client.ts";
import type { Change, City } from "../../shared/fold.ts";
import type { Theme } from "../../shared/map/basemap.ts";
import { type CrewLook, discName } from "../../shared/map/images.ts";
import { reading, silentAfter } from "../../shared/urgency.ts";
import { Motion, type Spot } from "./motion.ts";

type Feature = GeoJSON.Feature<GeoJSON.Point | GeoJSON.LineString>;

const rank: Record<string, number> = { overdue: 4, soon: 3, ontime: 2, paused: 1, none: 0 };

function differs(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

// Shown keeps one source of the map equal to a set of features, by difference.
class Shown {
  private held = new Map<ID, Feature>();
  private diff: { remove: Set<ID>; add: Map<ID, Feature> } = { remove: new Set(), add: new Map() };

  constructor(
    private map: MapLibre,
    private name: string,
  ) {}

  put(id: ID, feature: Feature | undefined): void {
    const had = this.held.get(id);
    if (!feature) {
      if (!had) return;
      this.held.delete(id);
      this.diff.add.delete(id);
      this.diff.remove.add(id);
      return;
    }
    if (had && !differs(had, feature)) return;
    this.held.set(id, feature);
    this.diff.remove.delete(id);
    this.diff.add.set(id, feature);
  }

  keys(): IterableIterator<ID> {
    return this.held.keys();
  }

  flush(): void {
    const { add, remove } = this.diff;
    if (add.size === 0 && remove.size === 0) return;
    const source = this.map.getSource(this.name) as GeoJSONSource | undefined;
    if (!source) return;
    const diff: GeoJSONSourceDiff = { remove: [...remove], add: [...add.values()] };
    this.diff = { remove: new Set(), add: new Map() };
    void source.updateData(diff);
  }

  // again fills a source that was made anew.
  again(): void {
    const source = this.map.getSource(this.name) as GeoJSONSource | undefined;
    this.diff = { remove: new Set(), add: new Map() };
    void source?.setData({ type: "FeatureCollection", features: [...this.held.values()] });
  }
}

// Look is what the live layers need besides the city.
export interface Look {
  theme: Theme;
  icon: (department: string) => string;
  age: (ms: number) => string;
  // Incidents that the filters leave out are not drawn.
  shows: (incident: Incident) => boolean;
}

// Live draws the city's incidents and crews, by difference: a frame costs what
// changed. The page's own state never holds a position.
export class Live {
  chosen: ID | undefined;
  private incidents: Shown;
  private pick: Shown;
  private crews: Shown;
  private ties: Shown;
  private motion = new Motion();
  private spots = new Map<ID, Spot>();
  private jobOf = new Map<ID, Job>();

  constructor(
    map: MapLibre,
    private city: () => City,
    public look: Look,
  ) {
    this.incidents = new Shown(map, "incidents");
    this.pick = new Shown(map, "chosen");
    this.crews = new Shown(map, "crews");
    this.ties = new Shown(map, "ties");
  }

  // take draws what changed, or everything.
  take(change: Change | "all"): void {
    const city = this.city();
    const at = performance.now();
    if (change === "all") {
      this.currentJobs();
      for (const id of new Set([...this.incidents.keys(), ...city.incidents.keys()])) this.incident(id);
      for (const id of new Set([...this.crews.keys(), ...city.crews.keys()])) {
        this.move(city.crews.get(id), id, at);
        this.crew(id);
      }
    } else {
      const crews = new Set([...change.crews, ...change.positions]);
      if (change.jobs.size > 0) {
        const before = this.jobOf;
        this.currentJobs();
        for (const id of city.crews.keys()) if (before.get(id) !== this.jobOf.get(id)) crews.add(id);
      }
      for (const id of change.incidents) this.incident(id);
      for (const id of crews) {
        this.move(city.crews.get(id), id, at);
        this.crew(id);
      }
    }
    this.flush();
  }

  // tick redraws what time alone changes: rings and ages.
  tick(): void {
    for (const id of this.city().incidents.keys()) this.incident(id);
    for (const id of this.city().crews.keys()) this.crew(id);
    this.flush();
  }

  // glide advances the crews that move, and says whether any does.
  glide(): boolean {
    for (const [id, spot] of this.motion.step(performance.now())) {
      this.spots.set(id, spot);
      this.crew(id);
    }
    this.crews.flush();
    this.ties.flush();
    return this.motion.moving;
  }

  choose(id: ID | undefined): void {
    const before = this.chosen;
    this.chosen = id;
    if (before) this.incident(before);
    if (id) this.incident(id);
    for (const crew of this.city().crews.keys()) this.crew(crew);
    this.flush();
  }

  again(): void {
    for (const shown of [this.incidents, this.pick, this.crews, this.ties]) shown.again();
  }

  spot(id: ID): Spot | undefined {
    return this.spots.get(id);
  }

  private flush(): void {
    for (const shown of [this.incidents, this.pick, this.crews, this.ties]) shown.flush();
  }

  // A crew's current job is the one it is farthest along with.
  private currentJobs(): void {
    const order = ["assigned", "paused", "accepted", "departed", "arrived"];
    this.jobOf = new Map();
    for (const job of this.city().jobs.values()) {
      const k = order.indexOf(job.state);
      if (!job.crew || k < 0) continue;
      const had = this.jobOf.get(job.crew);
      if (!had || order.indexOf(had.state) < k) this.jobOf.set(job.crew, job);
    }
  }

  private incident(id: ID): void {
    const incident = this.city().incidents.get(id);
    const { theme, icon, shows } = this.look;
    const { lat, lon } = incident?.place ?? {};
    if (!incident || lat == null || lon == null) {
      this.incidents.put(id, undefined);
      this.pick.put(id, undefined);
      return;
    }
    const chosen = id === this.chosen;
    const r = reading(incident, now());
    const image = discName(
      theme,
      r.urgency,
      Math.ceil(r.part * 16),
      icon(incident.department),
      incident.reports,
      chosen,
    );
    const feature: Feature = {
      type: "Feature",
      geometry: { type: "Point", coordinates: [lon, lat] },
      properties: { id, urgency: r.urgency, image, rank: rank[r.urgency] },
    };
    this.incidents.put(id, !chosen && shows(incident) ? feature : undefined);
    this.pick.put(id, chosen ? feature : undefined);
  }

  private move(crew: Crew | undefined, id: ID, at: number): void {
    if (crew?.lat == null || crew.lon == null) {
      this.spots.delete(id);
      this.motion.forget(id);
      return;
    }
    const spot = { lon: crew.lon, lat: crew.lat, heading: crew.heading };
    const shown = this.spots.get(id);
    if (!this.motion.to(id, shown, spot, at)) this.spots.set(id, spot);
  }

  private crew(id: ID): void {
    const crew = this.city().crews.get(id);
    const spot = this.spots.get(id);
    if (!crew || !spot || !onDuty(crew, now())) {
      this.crews.put(id, undefined);
      this.ties.put(id, undefined);
      return;
    }
    const age = crew.at ? now() - Date.parse(crew.at) : Number.POSITIVE_INFINITY;
    const job = this.jobOf.get(id);
    const look: CrewLook = age > silentAfter ? "silent" : job && job.state !== "paused" ? "busy" : "free";
    const chosen = !!this.chosen && job?.incident === this.chosen;
    const { theme } = this.look;
    this.crews.put(id, {
      type: "Feature",
      geometry: { type: "Point", coordinates: [spot.lon, spot.lat] },
      properties: {
        id,
        look,
        // A crew on site stands beside its incident, not on it.
        there: job?.state === "arrived",
        image: `crew|${theme}|${look}|${encodeURIComponent(crew.code)}|${chosen ? 1 : 0}`,
        age: look === "silent" && Number.isFinite(age) ? this.look.age(age) : "",
        ...(spot.heading === undefined ? {} : { heading: Math.round(spot.heading) }),
      },
    });
    const to = job?.place;
    this.ties.put(
      id,
      job && to?.lat != null && to.lon != null
        ? {
            type: "Feature",
            geometry: {
              type: "LineString",
              coordinates: [
                [spot.lon, spot.lat],
                [to.lon, to.lat],
              ],
            },
            properties: { id, chosen },
          }
        : undefined,
    );
  }
}

export function onDuty(crew: Crew, at: number): boolean {
  return !!crew.on_until && Date.parse(crew.on_until) > at;
}
