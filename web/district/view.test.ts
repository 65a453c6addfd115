import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addMonths,
  days,
  earlier,
  hoursOf,
  monthsOf,
  periodOf,
  readView,
  today,
  writeView,
  yearBefore,
} from "./view.ts";

describe("periods", () => {
  it.each([
    ["month", "2026-05-01", "2026-05-15"],
    ["last-month", "2026-04-01", "2026-05-01"],
    ["quarter", "2026-03-01", "2026-05-15"],
    ["half", "2025-12-01", "2026-05-15"],
    ["year", "2025-06-01", "2026-05-15"],
  ] as const)("%s, on 14 May", (period, from, to) => {
    expect(periodOf({ period, from: "", to: "" }, "2026-05-14")).toEqual({ from, to });
  });

  it.each([
    // A month that isn't over is held against the same days of the one before.
    ["2026-05-01", "2026-05-15", "2026-04-01", "2026-04-15"],
    ["2026-05-01", "2026-06-01", "2026-04-01", "2026-05-01"],
    ["2026-03-01", "2026-03-31", "2026-02-01", "2026-03-01"],
    ["2026-03-01", "2026-06-01", "2025-12-01", "2026-03-01"],
    ["2025-06-01", "2026-05-15", "2024-06-01", "2025-05-15"],
    // Days are held against as many days.
    ["2026-05-10", "2026-05-17", "2026-05-03", "2026-05-10"],
  ])("%s to %s is held against %s to %s", (from, to, f, t) => {
    expect(earlier({ from, to })).toEqual({ from: f, to: t });
  });

  it("a year before the leap day is the last of February", () => {
    expect(yearBefore({ from: "2024-02-29", to: "2024-03-01" })).toEqual({
      from: "2023-02-28",
      to: "2023-03-01",
    });
    expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
  });

  it("the period before never overlaps, and ends where the other begins or earlier", () => {
    const date = fc.date({ min: new Date("2015-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.integer({ min: 1, max: 800 }), (d, n) => {
        const from = d.toISOString().slice(0, 10);
        const p = { from, to: new Date(d.getTime() + n * 86_400_000).toISOString().slice(0, 10) };
        const b = earlier(p);
        expect(b.to <= p.from && b.from < b.to).toBe(true);
        expect(Math.abs(days(b) - days(p))).toBeLessThanOrEqual(4);
      }),
    );
  });

  it("lists the months that a period touches", () => {
    expect(monthsOf({ from: "2025-12-31", to: "2026-02-01" })).toEqual([
      "2025-12-01",
      "2026-01-01",
      "2026-02-01",
    ]);
  });

  it("today is the authority's", () => {
    expect(today("Asia/Jerusalem", Date.UTC(2026, 4, 14, 21, 30))).toBe("2026-05-15");
    expect(today("America/New_York", Date.UTC(2026, 4, 14, 21, 30))).toBe("2026-05-14");
  });
});

describe("the address", () => {
  it("keeps what is shown", () => {
    const search = "?from=2026-01-01&to=2026-02-01&district=D1&category=pothole&lens=hot";
    expect(writeView(readView(search))).toBe(search);
    expect(writeView(readView("?period=year&lens=median"))).toBe("?period=year&lens=median");
    expect(writeView(readView(""))).toBe("");
  });

  it("keeps a part of the week", () => {
    expect(writeView(readView("?week=d0h9"))).toBe("?week=d0h9");
    expect(hoursOf("d0h9")).toEqual([9, 10, 11]);
    expect(hoursOf("d6")).toEqual(Array.from({ length: 24 }, (_, h) => 144 + h));
    expect(hoursOf("h21")).toHaveLength(21);
  });

  it.each([
    "?week=d7",
    "?week=h1",
    "?week=",
    "?from=2026-02-01&to=2026-01-01",
    "?from=x&to=y",
    "?period=ever",
    "?lens=shoe",
    "?from=2026-13-01&to=2027-01-01",
  ])("takes %s for nothing", search => {
    expect(writeView(readView(search))).toBe("");
  });
});
