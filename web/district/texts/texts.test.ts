import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import { ar } from "./ar.ts";
import { en } from "./en.ts";
import { he } from "./he.ts";
import { ru } from "./ru.ts";

const values = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\s*[,}]/g)].map(m => m[1]!))].sort();

describe.each(Object.entries({ he, en, ar, ru }))("the district's texts in %s", (lang, texts) => {
  it("have every key and no other", () => {
    expect(Object.keys(texts)).toEqual(Object.keys(he));
  });

  it("read, with the same values as in Hebrew, in their own letters", () => {
    for (const [key, hebrew] of Object.entries(he)) {
      const text = texts[key as keyof typeof he];
      const given = Object.fromEntries(values(hebrew).map(n => [n, 3]));
      expect(() => new IntlMessageFormat(text, lang).format(given), key).not.toThrow();
      expect(values(text), key).toEqual(values(hebrew));
      if (/\p{L}/u.test(text.replace(/\{[^{}]*\}|CSV/g, "")))
        expect(/\p{Script=Hebrew}/u.test(text), key).toBe(lang === "he");
    }
  });
});
