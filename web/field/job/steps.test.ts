import { describe, expect, it } from "vitest";
import type { JobState } from "../../shared/api.ts";
import type { FieldCategory, FieldJob } from "../engine/index.ts";
import { dayOf, lacks, mayPause, stepsOf } from "./steps.ts";

const states: JobState[] = [
  "planned",
  "assigned",
  "accepted",
  "departed",
  "arrived",
  "paused",
  "done",
  "cancelled",
];

// What the server's table allows a crew from each state: dispatch/JOB.md.
const allowed: Record<JobState, string[]> = {
  planned: [],
  assigned: ["accept", "depart", "decline"],
  accepted: ["depart", "arrive", "pause", "complete", "decline"],
  departed: ["arrive", "pause", "complete", "decline"],
  arrived: ["pause", "complete", "decline"],
  paused: ["resume", "decline"],
  done: [],
  cancelled: [],
};

describe("the steps of a job", () => {
  it.each(states)("%s: at most three, and each one that the server takes", state => {
    const { main, side } = stepsOf(state);
    const all = main ? [main, ...side] : side;
    expect(all.length).toBeLessThanOrEqual(3);
    expect(new Set(all).size).toBe(all.length);
    for (const step of all) if (step !== "trouble") expect(allowed[state]).toContain(step);
    expect(mayPause(state)).toBe(allowed[state].includes("pause"));
    // Whatever can be declined has a way to say so.
    expect(all.includes("trouble")).toBe(allowed[state].includes("decline"));
  });
});

const form: FieldCategory["field"] = {
  checklist: [
    { code: "off", names: {}, required: true },
    { code: "nice", names: {}, required: false },
  ],
  photos: { before: true, after: true },
  materials: [],
  signature: true,
  public_photos: false,
  photo_place: false,
};
const category = { code: "x", field: form } as FieldCategory;
const at = "2026-11-26T08:00:00Z";

describe("what a job lacks", () => {
  const cases: [string, FieldJob["record"], FieldCategory | undefined, string[]][] = [
    ["nothing is asked", undefined, { code: "x" } as FieldCategory, []],
    ["an unknown category asks nothing", undefined, undefined, []],
    [
      "all of it, in the form's order",
      undefined,
      category,
      ["photo.before", "check.off", "photo.after", "signature"],
    ],
    [
      "a tick taken back is missing again",
      { checks: { off: { op: "o", value: false, at } } },
      category,
      ["photo.before", "check.off", "photo.after", "signature"],
    ],
    [
      "other photos stand for neither before nor after",
      { photos: [{ sha256: "a", kind: "other", at }] },
      category,
      ["photo.before", "check.off", "photo.after", "signature"],
    ],
    [
      "nothing, when all is there",
      {
        checks: { off: { op: "o", value: true, at } },
        photos: [
          { sha256: "a", kind: "before", at },
          { sha256: "b", kind: "after", at },
        ],
        signature: { op: "o", sha256: "c", name: "רות", at },
      },
      category,
      [],
    ],
  ];
  it.each(cases)("%s", (_, record, asked, missing) => {
    expect(lacks({ record }, asked)).toEqual(missing);
  });
});

describe("the day", () => {
  const now = Date.parse("2026-11-26T10:00:00");
  const job = (id: string, state: JobState, more: Partial<FieldJob> = {}) =>
    ({ id, state, ...more }) as FieldJob;
  const ids = (jobs: FieldJob[]) => jobs.map(j => j.id).join("");

  const cases: [string, FieldJob[], string | undefined, string, string][] = [
    ["nothing", [], undefined, "", ""],
    ["the plan's first", [job("a", "assigned"), job("b", "assigned")], "a", "b", ""],
    [
      "the one on the way before the plan's first",
      [job("a", "assigned"), job("b", "departed")],
      "b",
      "a",
      "",
    ],
    ["the one at work before one on the way", [job("a", "departed"), job("b", "arrived")], "b", "a", ""],
    ["a paused one waits", [job("a", "paused"), job("b", "assigned")], "b", "a", ""],
    ["a paused one, when there is no other", [job("a", "paused")], "a", "", ""],
    [
      "planned and cancelled ones are nobody's",
      [job("a", "planned"), job("b", "cancelled")],
      undefined,
      "",
      "",
    ],
    [
      "done today, the last first, and not yesterday's",
      [
        job("a", "done", { ended_at: new Date(now - 3_600_000).toISOString() }),
        job("b", "done", { ended_at: new Date(now - 60_000).toISOString() }),
        job("c", "done", { ended_at: new Date(now - 24 * 3_600_000).toISOString() }),
      ],
      undefined,
      "",
      "ba",
    ],
  ];
  it.each(cases)("%s", (_, jobs, next, rest, done) => {
    const day = dayOf(jobs, now);
    expect(day.next?.id).toBe(next);
    expect(ids(day.rest)).toBe(rest);
    expect(ids(day.done)).toBe(done);
  });

  it("keeps each job's place in the plan, whichever comes first", () => {
    const day = dayOf([job("a", "assigned"), job("b", "done"), job("c", "arrived")], now);
    expect([...day.place]).toEqual([
      ["a", 1],
      ["c", 2],
    ]);
    expect(day.next?.id).toBe("c");
  });
});
