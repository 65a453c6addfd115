import type { Conflict, Crew, Entry, ID, Incident, Job, Message, Plan, Position, Snapshot } from "./api.ts";

// City is the live picture: what the snapshot held and the feed then said.
// seq is up to where everything was considered, and log is whose numbers those
// are; both together are what a reader resumes from.
export interface City {
  log: string;
  seq: number;
  incidents: Map<ID, Incident>;
  jobs: Map<ID, Job>;
  crews: Map<ID, Crew>;
  operations: Map<ID, { id: ID }>;
  messages: Map<ID, Message>;
  conflicts: Map<ID, Conflict>;
  // By the crew: a plan has its crew's id.
  plans: Map<ID, Plan>;
}

// Change names what an entry touched, for those who draw by difference.
export interface Change {
  incidents: Set<ID>;
  jobs: Set<ID>;
  crews: Set<ID>;
  positions: Set<ID>;
  messages: Set<ID>;
  conflicts: Set<ID>;
  plans: Set<ID>;
}

export function noChange(): Change {
  return {
    incidents: new Set(),
    jobs: new Set(),
    crews: new Set(),
    positions: new Set(),
    messages: new Set(),
    conflicts: new Set(),
    plans: new Set(),
  };
}

function byID<T extends { id: ID }>(list: readonly T[] | null | undefined): Map<ID, T> {
  return new Map((list ?? []).map(item => [item.id, item]));
}

export function empty(): City {
  return {
    log: "",
    seq: 0,
    incidents: new Map(),
    jobs: new Map(),
    crews: new Map(),
    operations: new Map(),
    messages: new Map(),
    conflicts: new Map(),
    plans: new Map(),
  };
}

// fromSnapshot is the city as a snapshot tells it.
export function fromSnapshot(snap: Snapshot): City {
  return {
    log: snap.log,
    seq: snap.seq,
    incidents: byID(snap.incidents),
    jobs: byID(snap.jobs),
    crews: byID(snap.crews),
    operations: byID(snap.operations),
    messages: byID(snap.messages),
    conflicts: byID(snap.conflicts),
    plans: byID(snap.plans),
  };
}

// fold takes one entry into the city, in place, and notes what changed. It
// returns false when the entry says that the picture must be fetched anew.
// An event that the city has already considered changes nothing.
export function fold(city: City, entry: Entry, change: Change): boolean {
  if (entry.type === "resync") return false;
  if ("upto" in entry) {
    city.seq = Math.max(city.seq, entry.upto);
    return true;
  }
  if ("crews" in entry) {
    for (const p of entry.crews) move(city, p, change);
    return true;
  }
  if (!("seq" in entry) || entry.seq <= city.seq) return true;
  city.seq = entry.seq;
  const { incident, job, crew, operation, message, conflict, plan, removed } = entry;
  if (incident) put(city.incidents, incident, removed, change.incidents);
  if (job) put(city.jobs, job, removed, change.jobs);
  if (crew) {
    const known = city.crews.get(crew.id);
    put(city.crews, removed ? crew : latest(crew, known), removed, change.crews);
  }
  if (conflict) put(city.conflicts, conflict, removed, change.conflicts);
  if (plan) put(city.plans, plan, removed, change.plans);
  if (message) put(city.messages, message, removed, change.messages);
  if (operation) put(city.operations, operation, removed, new Set());
  return true;
}

function put<T extends { id: ID }>(map: Map<ID, T>, item: T, removed: boolean | undefined, touched: Set<ID>) {
  touched.add(item.id);
  if (removed) map.delete(item.id);
  else map.set(item.id, item);
}

// latest keeps the newer of the two positions: an event carries the crew as it
// was written, and telemetry may have come since.
function latest(crew: Crew, known: Crew | undefined): Crew {
  if (!known?.at || (crew.at && Date.parse(crew.at) >= Date.parse(known.at))) return crew;
  return { ...crew, lat: known.lat, lon: known.lon, heading: known.heading, at: known.at };
}

function move(city: City, p: Position, change: Change) {
  const crew = city.crews.get(p.id);
  if (!crew || (crew.at && Date.parse(p.at) <= Date.parse(crew.at))) return;
  city.crews.set(p.id, { ...crew, lat: p.lat, lon: p.lon, heading: p.heading ?? crew.heading, at: p.at });
  change.positions.add(p.id);
}
