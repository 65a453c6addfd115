import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Crew, Entry, Event, Incident, Job, Plan, Snapshot } from "./api.ts";
import { type City, fold, fromSnapshot, noChange } from "./fold.ts";

const place = {
  lat: 32,
  lon: 34.8,
  precision: "house",
  score: 1,
  label: "",
  district: null,
  neighbourhood: null,
} as const;

function incident(id: string, version = 1): Incident {
  return {
    id,
    number: id,
    version,
    state: "open",
    category: "c",
    department: "d",
    priority: 3,
    text: "",
    place,
    reports: 1,
    clocks: [],
    opened_at: "2026-01-01T00:00:00Z",
  };
}

function job(id: string, version = 1): Job {
  return {
    id,
    number: id,
    version,
    state: "planned",
    incident: "i",
    crew: null,
    department: "d",
    category: "c",
    priority: 3,
    text: "",
    place,
    due_at: null,
    created_at: "2026-01-01T00:00:00Z",
  };
}

function crew(id: string, version = 1, at?: string, lat = 32): Crew {
  return {
    id,
    version,
    code: id,
    name: id,
    kind: "crew",
    departments: [],
    skills: [],
    duty: "on",
    at,
    lat: at ? lat : undefined,
    lon: at ? 34.8 : undefined,
  };
}

function snapshot(
  seq: number,
  ...objects: { incidents?: Incident[]; jobs?: Job[]; crews?: Crew[] }[]
): Snapshot {
  return {
    seq,
    log: "L",
    at: "2026-01-01T00:00:00Z",
    operations: [],
    conflicts: [],
    messages: [],
    plans: [],
    incidents: objects.flatMap(o => o.incidents ?? []),
    jobs: objects.flatMap(o => o.jobs ?? []),
    crews: objects.flatMap(o => o.crews ?? []),
  };
}

function event(seq: number, more: Partial<Event>): Event {
  return { seq, type: "x", at: "2026-01-01T00:00:00Z", ...more };
}

function run(city: City, entries: Entry[]): boolean[] {
  return entries.map(e => fold(city, e, noChange()));
}

function plain(city: City) {
  const sorted = <T extends { id: string }>(m: Map<string, T>) =>
    [...m.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { incidents: sorted(city.incidents), jobs: sorted(city.jobs), crews: sorted(city.crews) };
}

describe("fold", () => {
  it("puts an object under its noun and removes it when it has left", () => {
    const city = fromSnapshot(snapshot(1));
    run(city, [event(2, { incident: incident("a") }), event(3, { job: job("j") })]);
    expect([...city.incidents.keys(), ...city.jobs.keys()]).toEqual(["a", "j"]);
    run(city, [
      event(4, { incident: { id: "a" } as Incident, removed: true }),
      event(5, { job: job("j", 9), removed: true }),
    ]);
    expect(plain(city)).toEqual({ incidents: [], jobs: [], crews: [] });
    expect(city.seq).toBe(5);
  });

  it("leaves out what the city has considered already", () => {
    const city = fromSnapshot(snapshot(7, { incidents: [incident("a", 4)] }));
    run(city, [
      event(6, { incident: incident("a", 3) }),
      event(7, { incident: { id: "a" } as Incident, removed: true }),
    ]);
    expect(city.incidents.get("a")?.version).toBe(4);
  });

  it("goes on from where the server has considered everything", () => {
    const city = fromSnapshot(snapshot(7));
    run(city, [
      { type: "upto", upto: 40 },
      { type: "upto", upto: 30 },
    ]);
    expect(city.seq).toBe(40);
  });

  it("asks for a new picture at resync", () => {
    expect(run(fromSnapshot(snapshot(1)), [{ type: "upto", upto: 2 }, { type: "resync" }])).toEqual([
      true,
      false,
    ]);
  });

  it("moves a crew forward in time only, and knows no crew by its position alone", () => {
    const city = fromSnapshot(snapshot(1, { crews: [crew("c", 1, "2026-01-01T10:00:00Z")] }));
    const change = noChange();
    const to = (id: string, lat: number, at: string): Entry => ({
      type: "positions",
      crews: [{ id, lat, lon: 34, at }],
    });
    fold(city, to("c", 33, "2026-01-01T10:00:05Z"), change);
    fold(city, to("c", 31, "2026-01-01T10:00:02Z"), change);
    fold(city, to("nobody", 31, "2026-01-01T10:00:02Z"), change);
    expect(city.crews.get("c")?.lat).toBe(33);
    expect(city.crews.size).toBe(1);
    expect([...change.positions]).toEqual(["c"]);
  });

  it("keeps the newer position when a crew itself changes", () => {
    const city = fromSnapshot(snapshot(1, { crews: [crew("c", 1, "2026-01-01T10:00:00Z", 33)] }));
    run(city, [
      event(2, { crew: crew("c", 2, "2026-01-01T09:00:00Z", 31) }),
      event(3, { crew: crew("c", 3) }),
    ]);
    expect(city.crews.get("c")).toMatchObject({ version: 3, lat: 33, at: "2026-01-01T10:00:00Z" });
  });

  it("keeps a crew's plan under the crew's id until it has no stop left", () => {
    const city = fromSnapshot(snapshot(1));
    const change = noChange();
    fold(city, event(2, { plan: { id: "c", crew: "c", version: 3 } as Plan }), change);
    expect(city.plans.get("c")?.version).toBe(3);
    expect([...change.plans]).toEqual(["c"]);
    run(city, [event(3, { plan: { id: "c" } as Plan, removed: true })]);
    expect(city.plans.size).toBe(0);
  });

  it("accepts lists that a server left out", () => {
    const city = fromSnapshot({ ...snapshot(1), incidents: null as unknown as [] });
    expect(city.incidents.size).toBe(0);
  });
});

// A server in small: the log of what happened, and the snapshot at any of its
// numbers.
interface Happening {
  noun: "incident" | "job" | "crew";
  id: string;
  removed: boolean;
  seen: boolean;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  noun: fc.constantFrom("incident", "job", "crew"),
  id: fc.constantFrom("a", "b", "c", "d"),
  removed: fc.boolean(),
  // Out of the reader's scope: its number is skipped.
  seen: fc.boolean(),
});

function logOf(happenings: Happening[]): Event[] {
  return happenings.map((h, i) => {
    const seq = i + 1;
    const object =
      h.noun === "incident"
        ? { incident: incident(h.id, seq) }
        : h.noun === "job"
          ? { job: job(h.id, seq) }
          : { crew: crew(h.id, seq) };
    return event(seq, { ...object, ...(h.removed ? { removed: true } : {}) });
  });
}

function snapshotAt(log: Event[], happenings: Happening[], seq: number): Snapshot {
  const city = fromSnapshot(snapshot(0));
  for (const e of log.slice(0, seq)) if (happenings[e.seq - 1]!.seen) fold(city, e, noChange());
  return snapshot(seq, {
    incidents: [...city.incidents.values()],
    jobs: [...city.jobs.values()],
    crews: [...city.crews.values()],
  });
}

describe("fold, for any log", () => {
  it("snapshot + events = fresh snapshot, wherever it joins, however often it comes again and with anything repeated", () => {
    fc.assert(
      fc.property(
        fc.array(happening, { maxLength: 60 }),
        fc.nat(60),
        fc.array(fc.nat(60), { maxLength: 8 }),
        fc.boolean(),
        (happenings, join, drops, upto) => {
          const log = logOf(happenings);
          const from = Math.min(join, log.length);
          const city = fromSnapshot(snapshotAt(log, happenings, from));
          const stops = [
            ...drops.map(d => Math.min(Math.max(d, from), log.length)).sort((a, b) => a - b),
            log.length,
          ];
          for (const stop of stops) {
            // Each reconnection starts after the city's own number, or a little before it.
            const since = Math.max(0, city.seq - (stop % 3));
            for (const e of log.slice(since, stop))
              if (happenings[e.seq - 1]!.seen) fold(city, e, noChange());
            if (upto) fold(city, { type: "upto", upto: stop }, noChange());
          }
          expect(plain(city)).toEqual(plain(fromSnapshot(snapshotAt(log, happenings, log.length))));
          if (upto) expect(city.seq).toBe(log.length);
        },
      ),
    );
  });
});
