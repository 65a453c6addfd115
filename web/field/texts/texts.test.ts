import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import { ar } from "./ar.ts";
import { en } from "./en.ts";
import { he } from "./he.ts";
import { ru } from "./ru.ts";

const all = { he, en, ar, ru };
const letters = {
  he: /\p{Script=Hebrew}/u,
  en: /\p{Script=Latin}/u,
  ar: /\p{Script=Arabic}/u,
  ru: /\p{Script=Cyrillic}/u,
};
// Names of other people's apps are what they are, and so are units.
const names = /Waze|Google Maps|m²|m³|kg|kB|MB|GB|м²|м³/g;

interface Part {
  type: number;
  value: string;
  options?: Record<string, { value: Part[] }>;
}

// valuesOf names what a text wants to be told, wherever in it that is.
function valuesOf(parts: Part[]): Set<string> {
  const found = new Set<string>();
  for (const p of parts) {
    if (p.type === 1 || p.type === 6) found.add(p.value);
    for (const option of Object.values(p.options ?? {})) for (const v of valuesOf(option.value)) found.add(v);
  }
  return found;
}

const read = (text: string, lang: string) => new IntlMessageFormat(text, lang).getAst() as unknown as Part[];

describe.each(Object.entries(all))("texts in %s", (lang, texts) => {
  it("have every key and no other", () => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(he).sort());
  });

  it("read, with the same values as in Hebrew", () => {
    for (const [key, hebrew] of Object.entries(he)) {
      const text = texts[key as keyof typeof he];
      expect([...valuesOf(read(text, lang))].sort(), key).toEqual([...valuesOf(read(hebrew, "he"))].sort());
    }
  });

  it("have each form of number that the language has", () => {
    const forms = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
    for (const [key, text] of Object.entries(texts)) {
      for (const part of read(text, lang)) {
        if (part.type !== 6 || part.value === "done") continue;
        // Of Hebrew's and Russian's forms some are for fractions alone, which other says.
        const said = Object.keys(part.options!);
        const whole = forms.filter(f => lang !== "he" || f === "one" || f === "other");
        expect(said, key).toEqual(expect.arrayContaining(whole));
      }
    }
  });

  it("are written in their own letters", () => {
    for (const [key, text] of Object.entries(texts)) {
      const words = text
        .replace(/\{\w+[^{}]*(?=\{)|\{\w+\}|\b(one|two|few|many|zero|other)\b/g, "")
        .replace(names, "");
      if (!/\p{L}/u.test(words)) continue;
      expect(letters[lang as keyof typeof letters].test(words), `${key}: ${words}`).toBe(true);
      if (lang !== "he") expect(/\p{Script=Hebrew}/u.test(text), key).toBe(false);
    }
  });
});
