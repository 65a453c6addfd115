import { describe, expect, it } from "vitest";
import type { Crew } from "./api.ts";
import { dutyAt, endsAt, skillsOf } from "./duty.ts";

const noon = Date.parse("2026-05-05T12:00:00Z");
const in1h = "2026-05-05T13:00:00Z";
const past = "2026-05-05T12:00:00Z";

function crew(more: Partial<Crew>): Crew {
  return {
    id: "c",
    version: 1,
    code: "c",
    name: "c",
    kind: "crew",
    departments: [],
    skills: ["a"],
    duty: "off",
    ...more,
  };
}

describe("a crew's duty", () => {
  it.each([
    ["off", {}, undefined],
    ["on", { on_until: in1h }, in1h],
    ["off", { on_until: past }, undefined],
    ["break", { on_until: in1h, on_break: true }, undefined],
    ["break", { on_until: in1h, on_break: true, break_until: in1h }, in1h],
    ["on", { on_until: in1h, on_break: true, break_until: past }, in1h],
    ["standby", { standby_until: in1h }, in1h],
    ["off", { standby_until: past }, undefined],
  ] as const)("is %s with %j", (duty, more, ends) => {
    expect(dutyAt(crew(more), noon)).toBe(duty);
    expect(endsAt(crew(more), noon)).toBe(ends);
  });

  it("brings the shift's skills", () => {
    const shift = { skills: ["b", "a"] } as unknown as NonNullable<Crew["shift"]>;
    expect(skillsOf(crew({ shift }))).toEqual(["a", "b"]);
  });
});
