import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Attention } from "./figures.ts";
import { around, bandsFor, bandsOf, colorOf, timesExpected } from "./lens.ts";

describe("bands", () => {
  it("hold every value, rise, and differ in colour", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1 }), values => {
        const bands = bandsOf(values, "dark");
        expect(bands.length).toBeGreaterThan(0);
        expect(bands.length).toBeLessThanOrEqual(5);
        for (const [n, band] of bands.entries()) {
          if (n > 0) expect(band.from).toBeGreaterThan(bands[n - 1]!.from);
          expect(band.to).toBe(bands[n + 1]?.from);
        }
        expect(new Set(bands.map(b => b.color)).size).toBe(bands.length);
        for (const v of values) expect(colorOf(bands, v)).toBeDefined();
        expect(Math.min(...values)).toBeGreaterThanOrEqual(bands[0]!.from);
      }),
    );
  });

  it("are none of nothing", () => {
    expect(bandsOf([], "light")).toEqual([]);
    expect(colorOf([], 3)).toBeUndefined();
  });

  it("of readiness are the same everywhere", () => {
    const bands = bandsFor("readiness", [0.1, 9], "light");
    expect(bands.map(b => b.from)).toEqual([0, 0.5, 0.8, 1.25, 2]);
    expect(colorOf(bands, 1)).toBe(colorOf(bands, 1.2));
    expect(colorOf(bands, 1)).not.toBe(colorOf(bands, 0.7));
  });
});

describe("what stands out", () => {
  const place = (neighbourhood: string, n: number, expected: number): Attention => ({
    why: "more",
    district: "d",
    neighbourhood,
    category: "c",
    n,
    expected,
    surprise: 4,
  });

  it("is the most times as much as was expected, of each neighbourhood", () => {
    const times = timesExpected([place("a", 10, 4), place("a", 30, 5), place("b", 6, 2), place("", 9, 1)]);
    expect([...times]).toEqual([
      ["a", 6],
      ["b", 3],
    ]);
  });

  it("is drawn about its spot, as wide as it is high", () => {
    const [ring] = around(34.85, 32.3, 120).coordinates;
    expect(ring![0]).toEqual(ring!.at(-1));
    const high = (ring![2]![1]! - ring![0]![1]!) * 111_320;
    const wide = (ring![1]![0]! - ring![0]![0]!) * 111_320 * Math.cos((32.3 * Math.PI) / 180);
    expect(high).toBeCloseTo(120, 3);
    expect(wide).toBeCloseTo(120, 3);
  });
});
