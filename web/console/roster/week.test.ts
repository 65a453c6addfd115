import { describe, expect, it } from "vitest";
import type { RosterDay, Shift } from "../../shared/api.ts";
import { cellsOf, clock, hours, plus, span, step, timeOf } from "./week.ts";

// The week in which Israel's clock goes forward, on Friday 27 March 2026.
const midnights = ["21T22", "22T22", "23T22", "24T22", "25T22", "26T22", "27T21", "28T21"];
const days: RosterDay[] = midnights.slice(0, 7).map((m, n) => ({
  date: `2026-03-${22 + n}`,
  from: `2026-03-${m}:00:00Z`,
  until: `2026-03-${midnights[n + 1]}:00:00Z`,
}));

function shift(id: string, from: string, until: string, state: Shift["state"] = "on"): Shift {
  return { id, version: 1, crew: "k", state, from, until, members: [], skills: [] };
}

describe("the week", () => {
  const reachesIn = shift("a", "2026-03-21T20:00:00Z", "2026-03-22T05:00:00Z");
  const night = shift("b", "2026-03-26T21:00:00Z", "2026-03-27T04:00:00Z");
  const friday = shift("c", "2026-03-27T05:00:00Z", "2026-03-27T09:00:00Z");
  const home = shift("d", "2026-03-27T20:59:00Z", "2026-03-28T03:00:00Z", "standby");

  it("has each shift on the day that it begins", () => {
    const row = cellsOf(days, [home, friday, night, reachesIn]).get("k")!;
    expect(row.map(cell => cell.map(s => s.id).join(""))).toEqual(["a", "", "", "", "b", "cd", ""]);
  });

  it("counts the hours that lie in it, by the state", () => {
    expect(hours(days, [reachesIn, night, friday, home])).toBe(7 + 7 + 4);
    expect(hours(days, [home], "standby")).toBe(6);
  });

  it("reads and writes by the clock on the wall", () => {
    expect(clock(night.from, "Asia/Jerusalem")).toBe("23:00");
    expect(clock(night.until, "Asia/Jerusalem")).toBe("07:00");
    expect(span("2026-03-26", "23:00", "07:00")).toEqual({
      from: "2026-03-26T23:00",
      until: "2026-03-27T07:00",
    });
    expect(span("2026-12-31", "07:00", "07:00").until).toBe("2027-01-01T07:00");
    expect(plus("2026-03-01", -1)).toBe("2026-02-28");
  });

  it.each([
    ["7", "07:00"],
    ["23", "23:00"],
    ["730", "07:30"],
    ["07:30", "07:30"],
    ["7.05", "07:05"],
    ["24", undefined],
    ["7:60", undefined],
    ["", undefined],
    ["בוקר", undefined],
  ])("reads %s as %s", (text, time) => {
    expect(timeOf(text)).toBe(time);
  });

  it("is walked by arrows in the direction of reading", () => {
    expect(step("ArrowLeft", [1, 2], [3, 7], true)).toEqual([1, 3]);
    expect(step("ArrowLeft", [1, 2], [3, 7], false)).toEqual([1, 1]);
    expect(step("ArrowUp", [0, 2], [3, 7], true)).toEqual([0, 2]);
    expect(step("End", [0, 2], [3, 7], true)).toEqual([0, 6]);
    expect(step("x", [0, 2], [3, 7], true)).toBeUndefined();
  });
});
