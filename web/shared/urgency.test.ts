import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clock, Incident, Job } from "./api.ts";
import { before, read, reading, sections, standing } from "./urgency.ts";

const t0 = Date.parse("2026-01-01T08:00:00Z");
const hour = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

function clock(hours: number, more: Partial<Clock> = {}): Clock {
  return {
    kind: "response",
    standard: { n: hours, unit: "clock_hours" },
    started_at: iso(t0),
    due_at: iso(t0 + hours * hour),
    ...more,
  };
}

describe("read", () => {
  it.each([
    ["just started", 8, 0, "ontime", 1],
    ["half way", 8, 4, "ontime", 0.5],
    ["the last hour", 8, 7.5, "soon", 0.0625],
    ["the last quarter of a short promise", 1, 0.8, "soon", 0.2],
    ["not yet the last quarter of it", 1, 0.5, "ontime", 0.5],
    ["due", 8, 8, "overdue", 0],
    ["long due", 8, 30, "overdue", 0],
  ] as const)("%s", (_, hours, after, urgency, part) => {
    const r = read(clock(hours), t0 + after * hour);
    expect(r.urgency).toBe(urgency);
    expect(r.part).toBeCloseTo(part, 5);
  });

  it("stands still while paused", () => {
    const paused = clock(8, { pauses: [{ from: iso(t0 + 2 * hour), reason: "x" }] });
    expect(read(paused, t0 + 20 * hour)).toMatchObject({ urgency: "paused", left: 6 * hour });
  });

  it("goes on after the pause has ended", () => {
    const resumed = clock(8, {
      due_at: iso(t0 + 9 * hour),
      pauses: [{ from: iso(t0 + hour), until: iso(t0 + 2 * hour), reason: "x" }],
    });
    expect(read(resumed, t0 + 8 * hour).left).toBe(hour);
  });

  it("reads a stopped clock as it stood", () => {
    expect(read(clock(8, { stopped_at: iso(t0 + hour) }), t0 + 100 * hour)).toMatchObject({
      urgency: "ontime",
      left: 7 * hour,
    });
  });

  it("never leaves its range", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: -5000, max: 5000 }),
        (hours, after) => {
          const { part } = read(clock(hours), t0 + after * 60_000);
          return part >= 0 && part <= 1;
        },
      ),
    );
  });
});

describe("reading", () => {
  it("is the running clock that is due first", () => {
    const clocks = [
      clock(2, { stopped_at: iso(t0 + hour) }),
      clock(24, { kind: "resolution" }),
      clock(48, { kind: "resolution" }),
    ];
    expect(reading({ clocks }, t0).left).toBe(24 * hour);
  });

  it("measures nothing without a clock", () => {
    expect(reading({ clocks: [] }, t0).urgency).toBe("none");
  });
});

const place = {
  lat: 32,
  lon: 34,
  precision: "house",
  score: 1,
  label: "",
  district: null,
  neighbourhood: null,
} as const;

function incident(more: Partial<Incident> = {}): Incident {
  return {
    id: "i",
    number: "1",
    version: 1,
    state: "open",
    category: "c",
    department: "d",
    priority: 3,
    text: "",
    place,
    reports: 1,
    clocks: [clock(8)],
    opened_at: iso(t0),
    ...more,
  };
}

function job(state: Job["state"], more: Partial<Job> = {}): Job {
  return {
    id: "j",
    number: "1",
    version: 1,
    state,
    incident: "i",
    crew: state === "planned" ? null : "k",
    department: "d",
    category: "c",
    priority: 3,
    text: "",
    place,
    due_at: null,
    created_at: iso(t0),
    ...more,
  };
}

describe("standing", () => {
  const late = t0 + 9 * hour;
  it.each([
    [
      "no place",
      incident({ place: { ...place, lat: null, lon: null } }),
      [job("arrived")],
      t0,
      "unplaced",
      "now",
    ],
    ["handed back", incident(), [job("planned", { reason: "no ladder" })], t0, "declined", "now"],
    ["no crew, time enough", incident(), [job("planned")], t0, "unassigned", "waiting"],
    ["no crew, little time", incident(), [job("planned")], t0 + 7.5 * hour, "unassigned", "now"],
    ["no crew, life at risk", incident({ priority: 1 }), [job("planned")], t0, "unassigned", "now"],
    ["no job at all", incident(), [], t0, "unassigned", "waiting"],
    [
      "a crew that doesn't answer",
      incident(),
      [job("assigned", { assigned_at: iso(t0) })],
      t0 + hour,
      "unaccepted",
      "now",
    ],
    [
      "a crew just sent",
      incident(),
      [job("assigned", { assigned_at: iso(t0) })],
      t0 + 60_000,
      "none",
      "moving",
    ],
    ["late in a crew's hands", incident(), [job("arrived")], late, "overdue", "late"],
    ["under way", incident(), [job("departed")], t0, "none", "moving"],
    ["paused work", incident(), [job("paused")], t0, "none", "held"],
    ["withheld", incident({ withheld: "planned work" }), [], late, "none", "held"],
  ] as const)("%s", (_, i, jobs, at, need, section) => {
    expect(standing(i, jobs, at)).toMatchObject({ need, section });
  });

  it("orders a section by life, then by what is due first", () => {
    const item = (i: Incident) => ({ incident: i, standing: standing(i, [job("planned")], t0) });
    const list = [
      incident({ id: "later", clocks: [clock(9)] }),
      incident({ id: "sooner", clocks: [clock(2)] }),
      incident({ id: "life", priority: 1, clocks: [clock(20)] }),
      incident({ id: "never", clocks: [] }),
    ];
    expect(
      list
        .map(item)
        .sort(before)
        .map(x => x.incident.id),
    ).toEqual(["life", "sooner", "later", "never"]);
  });

  it("lists each section once", () => {
    expect(new Set(sections).size).toBe(sections.length);
  });
});
