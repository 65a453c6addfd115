import { expect, it } from "vitest";
import type { AddedTracker } from "../../shared/api.ts";
import { refusedOf, settingsOf, takenOf } from "./settings.ts";

const added = (secret: AddedTracker["secret"], path: string) => ({ secret, path }) as AddedTracker;

it("tells each program's settings", () => {
  const osmand = settingsOf(added({ id: "a b" }, "/trackers/osmand"), "https://moked.example");
  expect(osmand.map(([, value]) => value)).toEqual([
    "https://moked.example/trackers/osmand",
    "a b",
    "https://moked.example/trackers/osmand?id=a%20b&lat={0}&lon={1}&timestamp={2}&hdop={3}&altitude={4}&speed={5}&bearing={6}",
  ]);
  const own = settingsOf(added({ user: "u", password: "p" }, "/trackers/owntracks"), "https://moked.example");
  expect(own.map(([, value]) => value)).toEqual(["https://moked.example/trackers/owntracks", "u", "p"]);
});

it("counts what was taken, and what was refused by its reason", () => {
  const tracker = { fixes: { moved: 10, late: 2, again: 5, none: 3, jump: 1, island: 4 } };
  expect(takenOf(tracker)).toBe(12);
  expect(refusedOf(tracker)).toEqual([
    ["jump", 1],
    ["island", 4],
  ]);
  expect(refusedOf({ fixes: {} })).toEqual([]);
});
