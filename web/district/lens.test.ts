import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandsFor, bandsOf, colorOf } from "./lens.ts";

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
