import type { Clock, Incident, Job } from "./api.ts";

// One scale everywhere. "none" is what no standard measures, "paused" is a
// clock that somebody stopped with a reason.
export type Urgency = "overdue" | "soon" | "ontime" | "paused" | "none";

// Reading is what a clock says at an instant: left is milliseconds to the due
// time (negative when it has passed), part is how much of the promised time
// remains, from 1 (just started) to 0 (due).
export interface Reading {
  urgency: Urgency;
  left: number;
  part: number;
  kind?: Clock["kind"];
  dueAt?: number;
}

const hour = 3_600_000;

const unmeasured: Reading = { urgency: "none", left: Number.POSITIVE_INFINITY, part: 1 };

export function pausedNow(clock: Clock): boolean {
  const last = clock.pauses?.at(-1);
  return last !== undefined && !last.until;
}

// urgencyOf says how pressing what is left of a whole promise is. Due soon is
// the last hour, or the last quarter of a promise shorter than four hours.
export function urgencyOf(left: number, whole: number): Urgency {
  if (left <= 0) return "overdue";
  return left <= Math.min(hour, Math.max(whole / 4, 60_000)) ? "soon" : "ontime";
}

// read says what one clock says. A stopped clock reads as it stood then.
export function read(clock: Clock, at: number): Reading {
  const due = Date.parse(clock.due_at);
  const start = Date.parse(clock.started_at);
  const pause = clock.pauses?.at(-1);
  const paused = pausedNow(clock);
  const upto = clock.stopped_at ? Date.parse(clock.stopped_at) : paused ? Date.parse(pause!.from) : at;
  const left = due - upto;
  const whole = Math.max(due - start, 1);
  const part = Math.min(1, Math.max(0, left / whole));
  let urgency = urgencyOf(left, whole);
  if (paused && !clock.stopped_at && urgency !== "overdue") urgency = "paused";
  return { urgency, left, part, kind: clock.kind, dueAt: due };
}

// reading is what an incident's ring shows: its running clock that is due
// first.
export function reading(incident: Pick<Incident, "clocks">, at: number): Reading {
  let first: Reading | undefined;
  for (const clock of incident.clocks ?? []) {
    if (clock.stopped_at) continue;
    const r = read(clock, at);
    if (!first || (r.dueAt ?? 0) < (first.dueAt ?? 0)) first = r;
  }
  return first ?? unmeasured;
}

// Need is why an incident wants a person, from the most to the least urgent
// reason; "none" wants nobody now.
export type Need = "unplaced" | "declined" | "unassigned" | "unaccepted" | "overdue" | "none";

// Section is a part of the queue, in the order it is read.
export type Section = "now" | "waiting" | "late" | "moving" | "held";

export const sections: readonly Section[] = ["now", "waiting", "late", "moving", "held"];

export interface Standing {
  need: Need;
  section: Section;
  reading: Reading;
}

const acceptWithin = 10 * 60_000;

// standing decides where an incident stands in the queue. What a person must do
// now: find a place, replace a crew that declined or doesn't answer, or send
// one where life is at risk or time is short. Then what waits for a crew, what
// is late in a crew's hands, what moves as promised, and what is held.
export function standing(incident: Incident, jobs: readonly Job[], at: number): Standing {
  const r = reading(incident, at);
  const live = jobs.filter(j => j.state !== "done" && j.state !== "cancelled");
  const planned = live.filter(j => j.state === "planned");
  const under = live.filter(j => j.crew && j.state !== "paused" && j.state !== "planned");
  if (incident.withheld) return { need: "none", section: "held", reading: r };
  if (incident.place.lat === null) return { need: "unplaced", section: "now", reading: r };
  if (planned.some(j => j.reason)) return { need: "declined", section: "now", reading: r };
  if (planned.length > 0 || (live.length === 0 && incident.state === "open")) {
    const pressing = incident.priority <= 1 || r.urgency === "overdue" || r.urgency === "soon";
    return { need: "unassigned", section: pressing ? "now" : "waiting", reading: r };
  }
  const silent = live.some(
    j => j.state === "assigned" && j.assigned_at && at - Date.parse(j.assigned_at) > acceptWithin,
  );
  if (silent) return { need: "unaccepted", section: "now", reading: r };
  if (r.urgency === "overdue") return { need: "overdue", section: "late", reading: r };
  if (r.urgency === "paused" || under.length === 0) return { need: "none", section: "held", reading: r };
  return { need: "none", section: "moving", reading: r };
}

// before orders two incidents of one section: life at risk first, then what is
// due first, then the older.
export function before(
  a: { incident: Incident; standing: Standing },
  b: { incident: Incident; standing: Standing },
): number {
  const life = Number(b.incident.priority <= 1) - Number(a.incident.priority <= 1);
  if (life) return life;
  const due =
    (a.standing.reading.dueAt ?? Number.MAX_SAFE_INTEGER) -
    (b.standing.reading.dueAt ?? Number.MAX_SAFE_INTEGER);
  if (due) return due;
  return a.incident.opened_at < b.incident.opened_at
    ? -1
    : a.incident.opened_at > b.incident.opened_at
      ? 1
      : 0;
}

// Crews whose position is older than this are drawn grey, with the age.
export const silentAfter = 2 * 60_000;
