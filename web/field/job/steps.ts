import type { JobState } from "../../shared/api.ts";
import type { FieldCategory, FieldJob } from "../engine/index.ts";

// Step is what a crew does with a job; "trouble" leads to the ways of not
// doing it: a pause, can't, another department.
export type Step = "accept" | "depart" | "arrive" | "pause" | "resume" | "complete" | "trouble";

export interface Steps {
  main?: Step;
  side: Step[];
}

// stepsOf is what can be done with a job now: one likeliest step and at most
// two beside it. What each state allows is the server's table, dispatch/JOB.md.
export function stepsOf(state: JobState): Steps {
  switch (state) {
    case "assigned":
      return { main: "accept", side: ["depart", "trouble"] };
    case "accepted":
      return { main: "depart", side: ["arrive", "trouble"] };
    case "departed":
      return { main: "arrive", side: ["pause", "trouble"] };
    case "arrived":
      return { main: "complete", side: ["pause", "trouble"] };
    case "paused":
      return { main: "resume", side: ["trouble"] };
    default:
      return { side: [] };
  }
}

export function mayPause(state: JobState): boolean {
  return state === "accepted" || state === "departed" || state === "arrived";
}

// Lack is one thing that the category asks for and the record doesn't hold.
export type Lack = "photo.before" | "photo.after" | "signature" | `check.${string}`;

// lacks lists what is missing before a job can be called done, in the order of
// the form.
export function lacks(job: Pick<FieldJob, "record">, category: FieldCategory | undefined): Lack[] {
  const form = category?.field;
  if (!form) return [];
  const { checks = {}, photos = [], signature } = job.record ?? {};
  const found: Lack[] = [];
  if (form.photos.before && !photos.some(p => p.kind === "before")) found.push("photo.before");
  for (const item of form.checklist) {
    if (item.required && !checks[item.code]?.value) found.push(`check.${item.code}`);
  }
  if (form.photos.after && !photos.some(p => p.kind === "after")) found.push("photo.after");
  if (form.signature && !signature) found.push("signature");
  return found;
}

export const ended = (job: Pick<FieldJob, "state">) => job.state === "done" || job.state === "cancelled";

export interface Day {
  // next is the job that the crew is busy with, or else the first of the plan.
  next?: FieldJob;
  rest: FieldJob[];
  done: FieldJob[];
  // place is where each open job stands in the plan, from 1.
  place: Map<string, number>;
}

const busyness: Partial<Record<JobState, number>> = { arrived: 2, departed: 1 };

// dayOf sorts a crew's jobs into now, later and done since midnight. Open jobs
// keep the plan's order, but for the one that the crew stands at or drives to.
export function dayOf(jobs: readonly FieldJob[], at: number): Day {
  const open = jobs.filter(j => !ended(j) && j.state !== "planned");
  let next = open[0];
  for (const job of open) {
    if ((busyness[job.state] ?? 0) > (next ? (busyness[next.state] ?? 0) : 0)) next = job;
  }
  // A paused job waits for something; the first that doesn't comes before it.
  if (next?.state === "paused") next = open.find(j => j.state !== "paused") ?? next;
  const midnight = new Date(at).setHours(0, 0, 0, 0);
  const when = (j: FieldJob) => (j.ended_at ? Date.parse(j.ended_at) : at);
  return {
    next,
    rest: open.filter(j => j !== next),
    done: jobs.filter(j => j.state === "done" && when(j) >= midnight).sort((a, b) => when(b) - when(a)),
    place: new Map(open.map((j, i) => [j.id, i + 1])),
  };
}
