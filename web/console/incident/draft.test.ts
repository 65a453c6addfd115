import { describe, expect, it } from "vitest";
import type { Incident } from "../../shared/api.ts";
import { draftOf, meanwhile, patchOf } from "./draft.ts";

const base: Incident = {
  id: "i",
  number: "1",
  version: 3,
  state: "open",
  category: "lamp",
  department: "d",
  priority: 3,
  text: "dark",
  place: {
    lat: 32,
    lon: 34,
    precision: "house",
    score: 1,
    label: "Herzl 1",
    district: null,
    neighbourhood: null,
  },
  reports: 1,
  clocks: [],
  opened_at: "2026-01-01T00:00:00Z",
};

describe("a correction", () => {
  it("sends what was changed and nothing else", () => {
    expect(patchOf(base, draftOf(base))).toEqual({});
    expect(patchOf(base, { ...draftOf(base), text: "very dark" })).toEqual({ text: "very dark" });
  });

  it("sends a found place with its point, and words alone without one", () => {
    expect(patchOf(base, { ...draftOf(base), place: { label: "Herzl 2", lat: 32.1, lon: 34.1 } })).toEqual({
      place: { text: "Herzl 2", lat: 32.1, lon: 34.1 },
    });
    expect(patchOf(base, { ...draftOf(base), place: { label: "by the park" } })).toEqual({
      place: { text: "by the park" },
    });
  });

  it("is in dispute only where both changed one field to different things", () => {
    const now = { ...base, version: 4, text: "all dark", priority: 2 };
    const mine = { ...draftOf(base), text: "very dark", category: "wire" };
    expect(meanwhile(base, now, mine)).toEqual(["text"]);
    expect(meanwhile(base, now, { ...mine, text: "all dark" })).toEqual([]);
    expect(meanwhile(base, { ...now, version: 3 }, mine)).toEqual([]);
  });
});
