import { describe, expect, it } from "vitest";
import type { Crew, Job } from "../../shared/api.ts";
import { grouped, groupOf, matches, type Words } from "./groups.ts";

const noon = Date.parse("2026-05-05T12:00:00Z");
const later = "2026-05-05T15:00:00Z";

function crew(code: string, more: Partial<Crew> = {}): Crew {
  return {
    id: code,
    version: 1,
    code,
    name: `צוות ${code}`,
    kind: "crew",
    departments: ["water"],
    skills: ["lift"],
    duty: "on",
    on_until: later,
    ...more,
  };
}

const words: Words = {
  skill: code => ({ lift: "סל הרמה" })[code] ?? code,
  department: code => ({ water: "מים" })[code] ?? code,
  kind: kind => (kind === "contractor" ? "קבלן" : ""),
};

const job = (state: Job["state"]) => [{ state } as Job];

describe("the crews' groups", () => {
  it.each([
    ["free", crew("a"), undefined],
    ["busy", crew("a"), job("departed")],
    ["free", crew("a"), job("paused")],
    ["break", crew("a", { on_break: true }), undefined],
    ["standby", crew("a", { on_until: undefined, standby_until: later }), job("assigned")],
    ["off", crew("a", { on_until: undefined }), undefined],
  ] as const)("%s", (group, k, jobs) => {
    expect(groupOf(k, jobs, noon)).toBe(group);
  });

  it("are searched by whatever a crew is known by, and sorted by call sign", () => {
    const k = crew("ח2", { kind: "contractor", vehicle: "מנוף 7" });
    for (const text of ["ח2", "סל", "מים קבלן", "מנוף 7", " "])
      expect(matches(k, text, words), text).toBe(true);
    expect(matches(k, "מים ביוב", words)).toBe(false);
    const lists = grouped([crew("ח10"), crew("ח2")], new Map(), noon, "", words);
    expect(lists.get("free")!.map(c => c.code)).toEqual(["ח2", "ח10"]);
  });
});
