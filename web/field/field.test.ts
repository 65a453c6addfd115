import { describe, expect, it } from "vitest";
import { Problem } from "../shared/client.ts";
import { refusal } from "./door/SignInForm.tsx";
import type { FieldCategory } from "./engine/index.ts";
import { exportName } from "./export.ts";
import { dutyOf } from "./frame/Duty.tsx";
import { pickable } from "./open/pick.ts";
import { hrefOf, type Route, readRoute } from "./route.ts";
import { guides, hrefTo } from "./today/guides.ts";

describe("the address", () => {
  const routes: Route[] = [
    { screen: "today" },
    { screen: "map" },
    { screen: "inbox" },
    { screen: "waiting" },
    { screen: "new" },
    { screen: "device" },
    { screen: "job", job: "0190a000-0000-7000-8000-000000000612" },
    { screen: "job", job: "a/b#c" },
  ];
  it.each(routes)("%o comes back as it went", route => {
    expect(readRoute(hrefOf(route))).toEqual(route);
  });
  it.each(["", "#", "#/", "#/nowhere", "#/job", "#/job/", "#job/x"])("%s is today", hash => {
    expect(readRoute(hash)).toEqual({ screen: "today" });
  });
});

describe("duty", () => {
  const at = Date.parse("2026-11-26T08:00:00Z");
  const later = "2026-11-26T09:00:00Z";
  const before = "2026-11-26T07:00:00Z";
  it.each([
    [null, "off"],
    [{}, "off"],
    [{ on_until: before }, "off"],
    [{ on_until: later }, "on"],
    [{ on_until: later, on_break: true }, "break"],
    [{ on_until: later, on_break: true, break_until: before }, "on"],
    [{ on_until: before, on_break: true }, "off"],
    [{ standby_until: later }, "standby"],
    [{ standby_until: before }, "off"],
  ] as const)("%o is %s", (crew, duty) => {
    expect(dutyOf(crew, at)).toBe(duty);
  });
});

it("names the file of unsent work by whose it is and from when", () => {
  const name = exportName({ crew: { code: "ח/3" } as never, me: null }, Date.parse("2026-11-26T08:05:09Z"));
  expect(name).toBe("moked-ח-3-2026-11-26-08-05.json");
  expect(exportName({ crew: null, me: null }, 0)).toBe("moked-tablet-1970-01-01-00-00.json");
});

describe("the way to a place", () => {
  const at = { lat: 32.3255, lon: 34.8655, label: "הרצל 5 (כניסה ב')" };
  it.each(guides)("%s is told both numbers, latitude first", guide => {
    expect(decodeURIComponent(hrefTo(guide, at))).toContain("32.325500,34.865500");
  });
  it("keeps a label's brackets out of geo:", () => {
    expect(hrefTo("geo", at).match(/[()]/g)).toEqual(["(", ")"]);
  });
});

describe("what to report", () => {
  const c = (code: string, department: string, he: string, more: Partial<FieldCategory> = {}) =>
    ({
      code,
      department,
      names: { he, ar: `ع ${code}` },
      keywords: { he: "תאורה" },
      ...more,
    }) as FieldCategory;
  const all = [
    c("tree", "gardens", "עץ שנפל"),
    c("lamp", "electricity", "פנס כבוי"),
    c("old", "roads", "ישן", { retired: true }),
  ];
  const codes = (words: string, lang = "he") => pickable(all, ["electricity"], words, lang).map(x => x.code);
  it("puts the crew's own first, and nothing that is no longer reported", () => {
    expect(codes("")).toEqual(["lamp", "tree"]);
  });
  it.each([
    ["פנס", ["lamp"]],
    ["תאורה עץ", ["tree"]],
    ["קרקס", []],
  ])("finds %s", (words, found) => {
    expect(codes(words)).toEqual(found);
  });
  it("finds in the language that is spoken, and in Hebrew", () => {
    expect(codes("ع tree", "ar")).toEqual(["tree"]);
    expect(codes("פנס", "ar")).toEqual(["lamp"]);
  });
});

it.each([
  [new Problem(0, "offline", ""), "door.offline"],
  [new Problem(401, "unauthenticated", ""), "door.wrong"],
  [new Problem(401, "device-revoked", ""), "door.revoked"],
  [new Problem(403, "forbidden", ""), "door.not-crew"],
  [new Problem(429, "too-many", ""), "door.too-many"],
  [new Problem(503, "unavailable", ""), "door.away"],
  [new Error("x"), "problem.other"],
])("a sign-in that fails says why: %s", (err, key) => {
  expect(refusal(err)).toBe(key);
});
