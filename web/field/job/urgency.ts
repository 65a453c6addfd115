import { type Reading, urgencyOf } from "../../shared/urgency.ts";
import type { FieldJob } from "../engine/index.ts";

// jobReading is what a job's ring shows: the time until it is due, of all the
// time since the crew got it.
export function jobReading(job: FieldJob, at: number): Reading {
  if (!job.due_at || job.state === "done" || job.state === "cancelled") {
    return { urgency: "none", left: Number.POSITIVE_INFINITY, part: 1 };
  }
  const due = Date.parse(job.due_at);
  const whole = Math.max(due - Date.parse(job.assigned_at ?? job.created_at), 1);
  const left = due - at;
  const urgency = urgencyOf(left, whole);
  return {
    urgency: job.state === "paused" && urgency !== "overdue" ? "paused" : urgency,
    left,
    part: Math.min(1, Math.max(0, left / whole)),
    kind: job.arrived_at ? "resolution" : "response",
    dueAt: due,
  };
}
