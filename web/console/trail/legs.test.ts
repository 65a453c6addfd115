import { expect, it } from "vitest";
import { legsOf, shiftDay } from "./legs.ts";

it("tells stops and gaps in the order in which they came", () => {
  const at = (h: number) => `2026-05-05T${String(h).padStart(2, "0")}:00:00Z`;
  const stop = (from: number, to: number) => ({ from: at(from), to: at(to), lat: 32, lon: 34.8 });
  const legs = legsOf({
    stops: [stop(7, 8), stop(11, 12)],
    gaps: [{ from: at(9), to: at(11), metres: 4000 }],
  });
  expect(legs.map(l => [l.kind, l.length / 3_600_000])).toEqual([
    ["stop", 1],
    ["gap", 2],
    ["stop", 1],
  ]);
  expect(legs.flatMap(l => (l.kind === "stop" ? [l.n] : []))).toEqual([0, 1]);
});

it("goes over the ends of months, and over days that have 23 or 25 hours", () => {
  expect(shiftDay("2026-03-01", -1)).toBe("2026-02-28");
  expect(shiftDay("2026-12-31", 1)).toBe("2027-01-01");
  expect(shiftDay("2026-03-26", 1)).toBe("2026-03-27");
  expect(shiftDay("2026-10-25", 1)).toBe("2026-10-26");
});
