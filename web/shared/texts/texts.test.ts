import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import { en } from "./en.ts";
import { he } from "./he.ts";

const all = { he, en };

function values(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\s*[,}]/g)].map(m => m[1]!))].sort();
}

describe.each(Object.entries(all))("texts in %s", (lang, texts) => {
  it("have every key and no other", () => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(he).sort());
  });

  it("read, with the same values as in Hebrew", () => {
    for (const [key, hebrew] of Object.entries(he)) {
      const text = texts[key as keyof typeof he];
      const given = Object.fromEntries(values(hebrew).map(n => [n, 3]));
      expect(() => new IntlMessageFormat(text, lang).format(given), key).not.toThrow();
      expect(values(text), key).toEqual(values(hebrew));
    }
  });

  it("are written in their own letters", () => {
    for (const [key, text] of Object.entries(texts)) {
      if (!/\p{L}/u.test(text.replace(/\{[^{}]*\}/g, ""))) continue;
      expect(/\p{Script=Hebrew}/u.test(text), key).toBe(lang === "he");
    }
  });
});

it("says what is left as people do", () => {
  const say = (key: keyof typeof he, given: object) =>
    new IntlMessageFormat(he[key], "he").format({ ...given });
  expect(say("urgency.left", { span: say("time.minutes", { n: 40 }) as string })).toBe("נותרו 40 דק'");
  expect(say("time.hours", { n: 2 })).toBe("שעתיים");
});
