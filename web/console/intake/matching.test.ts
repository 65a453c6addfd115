import { describe, expect, it } from "vitest";
import type { Category } from "../../shared/api.ts";
import { matching, plain } from "./matching.ts";

function category(code: string, he: string, keywords = "", en = code): Category {
  return {
    code,
    department: "d",
    version: 1,
    domain: "d",
    names: { he, en },
    keywords: { he: keywords },
    icon: "flag",
    field: {
      checklist: [],
      photos: { before: false, after: false },
      materials: [],
      signature: false,
      public_photos: false,
      photo_place: false,
    },
    priority: 3,
    skills: [],
    work_minutes: 30,
    questions: [],
    response: { default: { n: 1, unit: "clock_hours" } },
    resolution: { default: { n: 1, unit: "clock_hours" } },
  };
}

const all = [
  category("lamp", "פנס רחוב לא דולק", "תאורה חושך עמוד", "Street light out"),
  category("pothole", "בור בכביש", "שקיעה אספלט", "Pothole"),
  category("pavement", "מדרכה שבורה", "מרצפת, בור", "Broken pavement"),
  category("stray", "כלב משוטט", "", "Stray dog"),
  { ...category("old", "פנס ישן"), retired: true },
];

const codes = (text: string, lang: "he" | "en" = "he") => matching(all, text, lang).map(c => c.code);

describe("matching", () => {
  it.each([
    ["פנ", ["lamp"]],
    ["חושך", ["lamp"]],
    ["בור", ["pothole", "pavement"]],
    ["כביש", ["pothole"]],
    ["פנס רחוב", ["lamp"]],
    ["רחוב פנס", ["lamp"]],
    ["פנס כלב", []],
    ["פָּנָס", ["lamp"]],
    ["זזז", []],
  ])("%s", (text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  it("finds by the name in the reader's language, and in Hebrew still", () => {
    expect(codes("light", "en")).toEqual(["lamp"]);
    expect(codes("פנס", "en")).toEqual(["lamp"]);
  });

  it("lists what is in use when nothing is asked", () => {
    expect(codes("")).toEqual(["lamp", "pothole", "pavement", "stray"]);
  });
});

describe("plain", () => {
  it.each([
    ["רח' הרצל", "רח הרצל"],
    ['צה"ל', "צהל"],
    ["שָׁלוֹם", "שלומ"],
    ["  A-b,c ", "a b c"],
  ])("%s", (text, expected) => {
    expect(plain(text)).toBe(expected);
  });
});
