import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Area, Category, Crew, Department, ID, Incident, Job, Session, Skill } from "../shared/api.ts";
import { now } from "../shared/client.ts";
import { dutyAt } from "../shared/duty.ts";
import type { Feed } from "../shared/feed.ts";
import type { City } from "../shared/fold.ts";
import { before, type Section, type Standing, sections, standing } from "../shared/urgency.ts";

// Desk is what every part of the console works with: who sits here, the live
// feed, and the catalogue by code.
export interface Desk {
  session: Session;
  feed: Feed;
  departments: Map<string, Department>;
  categories: Map<string, Category>;
  skills: Map<string, Skill>;
  districts: Area[];
}

export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("useDesk is used outside of the console");
  return desk;
}

// useNow is the server's time, again every so often.
export function useNow(every = 5000): number {
  const [at, set] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => set(now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return at;
}

// Picture is the city and the jobs by what they belong to. It is made anew when
// anything but a position changed.
export interface Picture {
  city: City;
  jobsOf: Map<ID, Job[]>;
  jobsBy: Map<ID, Job[]>;
}

function picture(city: City): Picture {
  const jobsOf = new Map<ID, Job[]>();
  const jobsBy = new Map<ID, Job[]>();
  const add = (map: Map<ID, Job[]>, id: ID, job: Job) => {
    const list = map.get(id);
    if (list) list.push(job);
    else map.set(id, [job]);
  };
  for (const job of city.jobs.values()) {
    add(jobsOf, job.incident, job);
    if (job.crew) add(jobsBy, job.crew, job);
  }
  return { city, jobsOf, jobsBy };
}

const settle = 120;

// watchPicture gathers a burst's changes into one new picture.
export function watchPicture(feed: Feed): { get: () => Picture; subscribe: (f: () => void) => () => void } {
  let current = picture(feed.city);
  const waiting = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const renew = () => {
    timer = undefined;
    current = picture(feed.city);
    for (const f of waiting) f();
  };
  feed.listen((_, change) => {
    if (change === "all") {
      clearTimeout(timer);
      renew();
    } else if (
      change.incidents.size ||
      change.jobs.size ||
      change.crews.size ||
      change.conflicts.size ||
      change.plans.size
    ) {
      timer ??= setTimeout(renew, settle);
    }
  });
  return {
    get: () => current,
    subscribe: f => {
      waiting.add(f);
      return () => waiting.delete(f);
    },
  };
}

export const PictureContext = createContext<ReturnType<typeof watchPicture> | undefined>(undefined);

export function usePicture(): Picture {
  const watched = useContext(PictureContext);
  if (!watched) throw new Error("usePicture is used outside of the console");
  return useSyncExternalStore(watched.subscribe, watched.get);
}

export function useConnection() {
  const { feed } = useDesk();
  return useSyncExternalStore(
    f => feed.watch(f),
    () => feed.connection,
  );
}

// Filters narrow the queue and the map alike.
export interface Filters {
  district: string;
  department: string;
  urgency: "" | "overdue" | "soon" | "unassigned";
  mine: boolean;
}

export const noFilters: Filters = { district: "", department: "", urgency: "", mine: false };

export interface Item {
  incident: Incident;
  jobs: Job[];
  standing: Standing;
}

export interface Counts {
  unassigned: number;
  soon: number;
  overdue: number;
  free: number;
  conflicts: number;
}

// passes says whether an incident is within the filters.
export function passes(item: Item, filters: Filters, mine: ReadonlySet<ID>): boolean {
  const { incident, standing: s } = item;
  if (filters.district && incident.place.district?.code !== filters.district) return false;
  if (filters.department && incident.department !== filters.department) return false;
  if (filters.mine && !mine.has(incident.id)) return false;
  switch (filters.urgency) {
    case "overdue":
      return s.reading.urgency === "overdue";
    case "soon":
      return dueWithinHour(s);
    case "unassigned":
      return s.need === "unassigned" || s.need === "declined";
  }
  return true;
}

function dueWithinHour(s: Standing): boolean {
  return s.reading.left > 0 && s.reading.left <= 3_600_000 && s.reading.urgency !== "paused";
}

// free says that a crew could be sent now.
export function free(crew: Crew, jobs: readonly Job[] | undefined, at: number): boolean {
  return dutyAt(crew, at) === "on" && !jobs?.some(j => j.state !== "paused");
}

export interface Board {
  items: Map<ID, Item>;
  lists: { section: Section; items: Item[] }[];
  counts: Counts;
}

// board is the queue: every incident where it stands, those within the filters
// in the order they want a person, and the whole city's counts.
export function board(p: Picture, filters: Filters, mine: ReadonlySet<ID>, at: number): Board {
  const items = new Map<ID, Item>();
  const bySection = new Map<Section, Item[]>(sections.map(s => [s, []]));
  const counts: Counts = { unassigned: 0, soon: 0, overdue: 0, free: 0, conflicts: p.city.conflicts.size };
  for (const incident of p.city.incidents.values()) {
    const jobs = p.jobsOf.get(incident.id) ?? [];
    const item = { incident, jobs, standing: standing(incident, jobs, at) };
    items.set(incident.id, item);
    const { need, reading } = item.standing;
    if (need === "unassigned" || need === "declined") counts.unassigned++;
    if (reading.urgency === "overdue") counts.overdue++;
    else if (dueWithinHour(item.standing)) counts.soon++;
    if (passes(item, filters, mine)) bySection.get(item.standing.section)!.push(item);
  }
  for (const crew of p.city.crews.values()) if (free(crew, p.jobsBy.get(crew.id), at)) counts.free++;
  const lists = sections
    .map(section => ({ section, items: bySection.get(section)!.sort(before) }))
    .filter(list => list.items.length > 0);
  return { items, lists, counts };
}

// useMine is the incidents in which this person did something this week.
export function useMine(): { mine: ReadonlySet<ID>; touch: (id: ID) => void } {
  const { session } = useDesk();
  const key = `moked.mine.${session.actor.id}`;
  const [mine, set] = useState<ReadonlySet<ID>>(
    () => new Set(JSON.parse(localStorage.getItem(key) ?? "[]") as ID[]),
  );
  return useMemo(
    () => ({
      mine,
      touch: id =>
        set(before => {
          if (before.has(id)) return before;
          const next = new Set([...before, id].slice(-500));
          localStorage.setItem(key, JSON.stringify([...next]));
          return next;
        }),
    }),
    [mine, key],
  );
}
