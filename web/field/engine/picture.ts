import type { Crew, ID, Message } from "../../shared/api.ts";
import type { City } from "../../shared/fold.ts";
import { ahead, onDuty, read } from "./ahead.ts";
import type { Entry } from "./queue.ts";
import type { FieldJob } from "./seam.ts";

export interface Seen {
  crew: Crew | null;
  jobs: FieldJob[];
  messages: Message[];
}

// Picture is what the screens show: what the server last told, with what waits
// in the queue done to it, in order. What hasn't changed stays the same object,
// so that a screen draws only what has.
export class Picture {
  private made = new Map<ID, { from: FieldJob; by: Entry[]; skewMs: number; job: FieldJob }>();
  private last: Seen = { crew: null, jobs: [], messages: [] };

  // see takes the device's times to the server's by skewMs.
  see(
    city: Pick<City, "jobs" | "crews" | "messages">,
    closed: ReadonlyMap<ID, FieldJob>,
    me: ID | undefined,
    waiting: Entry[],
    skewMs: number,
  ): Seen {
    const at = ({ op }: Entry) => new Date(Date.parse(op.performed_at) - skewMs).toISOString();
    let crew = (me && city.crews.get(me)) || null;
    let messages = [...city.messages.values()].filter(m => m.crew === me);
    const jobs = new Map<ID, FieldJob>();
    for (const job of closed.values()) jobs.set(job.id, job);
    for (const job of city.jobs.values()) if (job.crew === me) jobs.set(job.id, job);
    const by = new Map<ID, Entry[]>();
    for (const e of waiting) {
      const { op } = e;
      if (op.kind === "crew.duty") crew = crew && onDuty(crew, op, at(e));
      else if (op.kind === "message.read") messages = read(messages, op, at(e));
      if (op.job && jobs.has(op.job)) by.set(op.job, [...(by.get(op.job) ?? []), e]);
    }
    for (const [id, entries] of by) {
      const from = jobs.get(id)!;
      const was = this.made.get(id);
      const same = was?.from === from && was.skewMs === skewMs && alike(was.by, entries);
      const job = same ? was.job : entries.reduce((j, e) => ahead(j, e.op, at(e)), from);
      this.made.set(id, { from, by: entries, skewMs, job });
      jobs.set(id, job);
    }
    for (const id of this.made.keys()) if (!by.has(id)) this.made.delete(id);
    const list = [...jobs.values()].filter(j => j.crew === me && j.state !== "cancelled").sort(inOrder);
    messages.sort((a, b) => b.at.localeCompare(a.at));
    this.last = {
      crew,
      jobs: alike(this.last.jobs, list) ? this.last.jobs : list,
      messages: alike(this.last.messages, messages) ? this.last.messages : messages,
    };
    return this.last;
  }
}

// alike says that two lists hold the same objects.
export function alike<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

type Planned = FieldJob & { plan?: { order?: number } };

// inOrder is what comes next first: what is under way, then the plan's order
// where there is one, then what is due; what is done comes last.
export function inOrder(a: FieldJob, b: FieldJob): number {
  const under = rank(a) - rank(b);
  if (under) return under;
  if (a.state === "done") return (b.ended_at ?? "").localeCompare(a.ended_at ?? "");
  const plan = order(a) - order(b);
  if (plan) return plan;
  return due(a) - due(b) || a.priority - b.priority || a.number.localeCompare(b.number);
}

const ranks: Partial<Record<FieldJob["state"], number>> = { arrived: 0, departed: 1, done: 9 };
const rank = (j: FieldJob) => ranks[j.state] ?? 2;
const order = (j: Planned) => j.plan?.order ?? Number.MAX_SAFE_INTEGER;
const due = (j: FieldJob) => (j.due_at ? Date.parse(j.due_at) : Number.MAX_SAFE_INTEGER);
