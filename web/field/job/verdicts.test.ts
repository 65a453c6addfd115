import { describe, expect, it } from "vitest";
import type { FieldJob, QueueItem } from "../engine/index.ts";
import { jobReading } from "./urgency.ts";
import { deedsOf, grouped, noteworthy, signOf, sumOf } from "./verdicts.ts";

let n = 0;
const item = (more: Partial<QueueItem>): QueueItem => ({
  id: `q${++n}`,
  kind: "job.material",
  job: "a",
  performed_at: "2026-11-26T08:00:00Z",
  state: "waiting",
  data: {},
  ...more,
});

describe("the queue", () => {
  it("adds up taps on one stepper, and nothing else", () => {
    const lamp = { code: "lamp", add: 1 };
    const rows = grouped([
      item({ data: lamp }),
      item({ data: lamp }),
      item({ data: { code: "lamp", add: -1 } }),
      item({ data: { code: "cable", add: 1 } }),
      item({ data: lamp, job: "b" }),
      item({ data: lamp, job: "b", state: "done", status: "applied" }),
      item({ kind: "job.note", data: { text: "x" } }),
      item({ kind: "job.note", data: { text: "x" } }),
    ]);
    expect(rows.map(r => r.items.length)).toEqual([3, 1, 1, 1, 1, 1]);
    expect(sumOf(rows[0]!.items)).toBe(1);
    expect(rows.flatMap(r => r.items)).toHaveLength(8);
  });

  it.each([
    [{ state: "waiting" }, "waiting", false],
    [{ state: "sending" }, "sending", false],
    [{ state: "done", status: "applied" }, "applied", false],
    [{ state: "done", status: "applied", reason: "clock" }, "applied", false],
    [{ state: "done", status: "merged" }, "merged", false],
    [{ state: "done", status: "merged", reason: "closed_by_other" }, "merged", true],
    [{ state: "done", status: "kept", reason: "reassigned" }, "kept", true],
    [{ state: "done", status: "refused", reason: "state" }, "refused", true],
  ] as const)("%o reads as %s", (more, sign, told) => {
    expect(signOf(item(more))).toBe(sign);
    expect(noteworthy(item(more))).toBe(told);
  });
});

describe("a job's story", () => {
  const job = {
    id: "a",
    state: "done",
    assigned_at: "2026-11-26T07:00:00Z",
    arrived_at: "2026-11-26T07:30:00Z",
    ended_at: "2026-11-26T08:30:00Z",
    record: { notes: [{ id: "n1", text: "שלום", at: "2026-11-26T08:10:00Z" }] },
  } as FieldJob;

  it("tells what this tablet did with its verdicts, and the rest from the job, the newest first", () => {
    const deeds = deedsOf(job, [
      item({ kind: "job.arrive", performed_at: "2026-11-26T07:29:00Z", state: "done", status: "kept" }),
      item({ kind: "job.arrive", job: "b" }),
      item({ kind: "job.check" }),
      item({ id: "n1", kind: "job.note", state: "sending", data: { text: "שלום" } }),
    ]);
    expect(deeds.map(d => [d.what, d.sign])).toEqual([
      ["job.complete", undefined],
      ["job.note", "sending"],
      ["job.arrive", "kept"],
      ["job.assign", undefined],
    ]);
  });
});

describe("a job's clock", () => {
  const at = Date.parse("2026-11-26T08:00:00Z");
  const job = (due: number | null, more: Partial<FieldJob> = {}) =>
    ({
      state: "accepted",
      created_at: new Date(at - 7_200_000).toISOString(),
      assigned_at: new Date(at - 3_600_000).toISOString(),
      due_at: due === null ? null : new Date(at + due).toISOString(),
      ...more,
    }) as FieldJob;
  it.each([
    ["no standard", job(null), "none", 1],
    ["half of two hours", job(3_600_000), "ontime", 0.5],
    ["the last quarter", job(900_000), "soon", 0.2],
    ["late", job(-1), "overdue", 0],
    ["paused", job(3_600_000, { state: "paused" }), "paused", 0.5],
    ["paused and late is late", job(-1, { state: "paused" }), "overdue", 0],
    ["done", job(-1, { state: "done" }), "none", 1],
  ] as const)("%s", (_, j, urgency, part) => {
    const r = jobReading(j, at);
    expect([r.urgency, r.part]).toEqual([urgency, part]);
  });
});
