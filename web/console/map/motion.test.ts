import { describe, expect, it } from "vitest";
import { Motion, turn } from "./motion.ts";

describe("motion", () => {
  it("glides for as long as the last fix took to come", () => {
    const m = new Motion();
    m.to("a", undefined, { lon: 0, lat: 0 }, 0);
    expect(m.to("a", { lon: 0, lat: 0 }, { lon: 0.001, lat: 0 }, 2000)).toBe(true);
    expect(m.step(3000).get("a")!.lon).toBeCloseTo(0.0005, 6);
    expect(m.step(4000).get("a")!.lon).toBeCloseTo(0.001, 9);
    expect(m.moving).toBe(false);
  });

  it("stands at once where it was never drawn, didn't move or came from afar", () => {
    const m = new Motion();
    expect(m.to("a", undefined, { lon: 0, lat: 0 }, 0)).toBe(false);
    expect(m.to("a", { lon: 0, lat: 0 }, { lon: 0, lat: 0 }, 1000)).toBe(false);
    expect(m.to("a", { lon: 0, lat: 0 }, { lon: 1, lat: 0 }, 2000)).toBe(false);
  });

  it.each([
    [350, 10, 0],
    [10, 350, 0],
    [90, 180, 135],
  ])("turns the short way from %i to %i", (from, to, half) => {
    expect(turn(from, to, 0.5)).toBeCloseTo(half, 6);
  });
});
