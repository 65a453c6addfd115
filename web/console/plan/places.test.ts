import { expect, it } from "vitest";
import type { Plan, Stop } from "../../shared/api.ts";
import { newest, placeOf, step } from "./places.ts";

const stops = ["a", "b", "c", "d"].map((job, n) => ({ job, started: n === 0 }) as Stop);

it("knows where a stop lands, and that nothing goes before what has begun", () => {
  expect(placeOf(stops, "b", "d", "after")).toBe(3);
  expect(placeOf(stops, "b", "d", "before")).toBe(2);
  expect(placeOf(stops, "d", "b", "before")).toBe(1);
  expect(placeOf(stops, "d", "a", "after")).toBe(1);
  expect(placeOf(stops, "d", "a", "before")).toBeUndefined();
  expect(placeOf(stops, "a", "d", "after")).toBeUndefined();
  expect(placeOf(stops, "b", "a", "after")).toBeUndefined(); // where it is
  expect(placeOf(stops, "b", "b", "after")).toBeUndefined();
});

it("steps up and down between what has begun and the end", () => {
  expect([step(stops, "b", 1), step(stops, "b", -1), step(stops, "d", 1), step(stops, "a", 1)]).toEqual([
    2,
    undefined,
    undefined,
    undefined,
  ]);
});

it("shows an answer until the feed has more", () => {
  const of = (version: number) => ({ version }) as Plan;
  expect(newest(of(2), of(3))?.version).toBe(3);
  expect(newest(of(3), of(3))?.version).toBe(3);
  expect(newest(of(4), of(3))?.version).toBe(4);
  expect(newest(undefined, of(1))?.version).toBe(1);
});
