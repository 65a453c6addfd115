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

// seen is what the screens show: what the server last told, with what waits in
// the queue done to it, in order. skewMs takes the device's times to the
// server's.
export function seen(
  city: Pick<City, "jobs" | "crews" | "messages">,
  closed: ReadonlyMap<ID, FieldJob>,
  me: ID | undefined,
  waiting: Entry[],
  skewMs: number,
): Seen {
  let crew = (me && city.crews.get(me)) || null;
  let messages = [...city.messages.values()].filter(m => m.crew === me);
  const jobs = new Map<ID, FieldJob>();
  for (const job of closed.values()) jobs.set(job.id, job);
  for (const job of city.jobs.values()) if (job.crew === me) jobs.set(job.id, job);
  for (const { op } of waiting) {
    const at = new Date(Date.parse(op.performed_at) - skewMs).toISOString();
    if (op.kind === "crew.duty") crew = crew && onDuty(crew, op, at);
    else if (op.kind === "message.read") messages = read(messages, op, at);
    const job = op.job && jobs.get(op.job);
    if (job) jobs.set(job.id, ahead(job, op, at));
  }
  return {
    crew,
    jobs: [...jobs.values()].filter(j => j.crew === me && j.state !== "cancelled").sort(inOrder),
    messages: messages.sort((a, b) => b.at.localeCompare(a.at)),
  };
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
