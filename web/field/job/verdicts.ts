import type { ID } from "../../shared/api.ts";
import type { FieldJob, QueueItem } from "../engine/index.ts";

// Sign is how a thing done stands: on its way, taken, or taken otherwise than
// the crew meant.
export type Sign = "waiting" | "sending" | "applied" | "merged" | "kept" | "refused";

export function signOf(item: QueueItem): Sign {
  return item.state === "done" ? (item.status ?? "applied") : item.state;
}

// noteworthy says whether a crew should read the verdict: the thing was kept
// aside, refused, or became part of something else for a reason.
export function noteworthy(item: QueueItem): boolean {
  if (item.state !== "done") return false;
  return item.status === "kept" || item.status === "refused" || (item.status === "merged" && !!item.reason);
}

// Group is one row of the queue: taps on the same stepper make one sum.
export interface Group {
  id: ID;
  items: QueueItem[];
  last: QueueItem;
}

const sameRow = (a: QueueItem, b: QueueItem) =>
  a.kind === "job.material" &&
  b.kind === a.kind &&
  a.job === b.job &&
  a.data.code === b.data.code &&
  signOf(a) === signOf(b);

// grouped puts runs of the same material together, in the order of the queue.
export function grouped(queue: readonly QueueItem[]): Group[] {
  const rows: Group[] = [];
  for (const item of queue) {
    const row = rows.at(-1);
    if (row && sameRow(row.last, item)) {
      row.items.push(item);
      row.last = item;
    } else rows.push({ id: item.id, items: [item], last: item });
  }
  return rows;
}

export const sumOf = (items: readonly QueueItem[]) =>
  items.reduce((sum, i) => sum + Number(i.data.add ?? 0), 0);

// Deed is one line of what was done with a job.
export interface Deed {
  id: string;
  at: string;
  what: string;
  text?: string;
  sign?: Sign;
}

const steps = [
  "job.accept",
  "job.depart",
  "job.arrive",
  "job.pause",
  "job.resume",
  "job.complete",
  "job.decline",
];

// deedsOf is the story of a job as this tablet can tell it: what it did itself,
// with the verdicts, and what the job's own times and record say beside that.
export function deedsOf(job: FieldJob, queue: readonly QueueItem[]): Deed[] {
  const mine = queue.filter(i => i.job === job.id);
  const deeds: Deed[] = mine
    .filter(i => steps.includes(i.kind) || i.kind === "job.transfer")
    .map(i => ({
      id: i.id,
      at: i.performed_at,
      what: i.kind,
      text: [i.data.reason, i.data.note ?? i.data.text].filter(Boolean).join(" · ") || undefined,
      sign: signOf(i),
    }));
  const has = (kind: string) => deeds.some(d => d.what === kind);
  const own = (what: string, at: string | undefined) => {
    if (at && !has(what)) deeds.push({ id: what, at, what });
  };
  own("job.assign", job.assigned_at);
  own("job.accept", job.record?.accepted_at);
  own("job.depart", job.record?.departed_at);
  own("job.arrive", job.record?.arrived_at ?? job.arrived_at);
  if (job.state === "done") own("job.complete", job.ended_at);
  if (job.state === "cancelled") own("job.cancel", job.ended_at);
  for (const note of job.record?.notes ?? []) {
    const sent = mine.find(i => i.id === note.id);
    deeds.push({
      id: note.id,
      at: note.at,
      what: "job.note",
      text: note.text,
      sign: sent && sent.state !== "done" ? sent.state : undefined,
    });
  }
  const signed = job.record?.signature;
  if (signed) deeds.push({ id: signed.op, at: signed.at, what: "job.sign", text: signed.name });
  return deeds.sort((a, b) => (a.at < b.at ? 1 : -1));
}
