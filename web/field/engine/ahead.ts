import type { Crew, ID, JobState, Message, Time } from "../../shared/api.ts";
import type { FieldJob, JobRecord, OpKind, PhotoKind } from "./seam.ts";

// Op is one thing done on this tablet, as the server will read it.
// performed_at is by the device's own clock.
export interface Op {
  id: ID;
  device: ID;
  kind: OpKind;
  job?: ID;
  base_version: number;
  performed_at: Time;
  data: Record<string, unknown>;
}

// Data is what ops carry, each by its kind.
interface Data {
  code: string;
  value: boolean;
  add: number;
  text: string;
  sha256: string;
  kind: PhotoKind;
  caption?: string;
  name: string;
  reason?: string;
  note?: string;
}

const progress: JobState[] = ["assigned", "accepted", "departed", "arrived", "done"];
const reaches: Partial<Record<OpKind, JobState>> = {
  "job.accept": "accepted",
  "job.depart": "departed",
  "job.arrive": "arrived",
};

// ahead is the job as it will be once the server has heard of the op, by the
// rules of dispatch.Job.Apply for the crew that has the job: progress only
// grows, the record only grows, and what has happened already changes nothing.
// at is when it was done by the server's clock. The version stays the server's.
export function ahead(job: FieldJob, op: Op, at: Time): FieldJob {
  const d = op.data as unknown as Data;
  if (recorded.has(op.kind)) return { ...job, record: written(job.record ?? {}, op, at) };
  if (job.state === "done" || job.state === "cancelled" || job.state === "planned") return job;
  const to = reaches[op.kind];
  if (to) return reached(job, to, at);
  const noted = d.note ? { ...job, note: d.note } : job;
  switch (op.kind) {
    case "job.pause": {
      if (job.state === "paused") return { ...noted, reason: d.reason };
      const from = job.state === "assigned" ? "accepted" : job.state;
      return { ...noted, state: "paused", paused_from: from, reason: d.reason };
    }
    case "job.resume":
      if (job.state !== "paused") return job;
      return { ...noted, state: job.paused_from || "accepted", paused_from: undefined, reason: undefined };
    case "job.complete":
      return {
        ...noted,
        state: "done",
        paused_from: undefined,
        reason: undefined,
        ended_at: at,
        arrived_at: job.arrived_at ?? at,
      };
    case "job.decline":
      return {
        ...noted,
        state: "planned",
        crew: null,
        paused_from: undefined,
        reason: d.reason,
        assigned_at: undefined,
        arrived_at: undefined,
      };
  }
  return job;
}

function reached(job: FieldJob, to: JobState, at: Time): FieldJob {
  const now = job.state === "paused" ? job.paused_from || "accepted" : job.state;
  if (progress.indexOf(to) <= progress.indexOf(now as JobState)) return job;
  const arrived_at = to === "arrived" ? at : job.arrived_at;
  if (job.state === "paused") return { ...job, paused_from: to, arrived_at };
  return { ...job, state: to, reason: undefined, arrived_at };
}

const recorded = new Set<OpKind>(["job.note", "job.check", "job.material", "job.photo", "job.sign"]);

function written(record: JobRecord, op: Op, at: Time): JobRecord {
  const d = op.data as unknown as Data;
  switch (op.kind) {
    case "job.check": {
      const was = record.checks?.[d.code];
      if (was && Date.parse(was.at) > Date.parse(at)) return record;
      return { ...record, checks: { ...record.checks, [d.code]: { value: d.value, at, op: op.id } } };
    }
    case "job.material": {
      const sum = (record.materials?.[d.code] ?? 0) + d.add;
      return { ...record, materials: { ...record.materials, [d.code]: Math.round(sum * 1000) / 1000 } };
    }
    case "job.note": {
      if (record.notes?.some(n => n.id === op.id)) return record;
      return { ...record, notes: [...(record.notes ?? []), { id: op.id, text: d.text, at }] };
    }
    case "job.photo": {
      if (record.photos?.some(p => p.sha256 === d.sha256 && p.kind === d.kind)) return record;
      const photo = { sha256: d.sha256, kind: d.kind, at, ...(d.caption ? { caption: d.caption } : {}) };
      return { ...record, photos: [...(record.photos ?? []), photo] };
    }
    case "job.sign":
      if (record.signature && Date.parse(record.signature.at) > Date.parse(at)) return record;
      return { ...record, signature: { sha256: d.sha256, name: d.name, at, op: op.id } };
  }
  return record;
}

// onDuty is the crew as its own word about its shift makes it. Whoever is on
// duty without saying until when is so for a shift.
export function onDuty(crew: Crew, op: Op, at: Time): Crew {
  const { state, until } = op.data as { state?: string; until?: Time };
  const shift = until ?? crew.on_until ?? new Date(Date.parse(at) + 10 * 3_600_000).toISOString();
  switch (state) {
    case "off":
      return { ...crew, on_until: undefined, on_break: false };
    case "break":
      return { ...crew, on_until: shift, on_break: true };
    case "on":
    case "standby":
      return { ...crew, on_until: shift, on_break: false };
  }
  return crew;
}

export function read(messages: Message[], op: Op, at: Time): Message[] {
  return messages.map(m => (m.id === op.data.message && !m.read_at ? { ...m, read_at: at } : m));
}
