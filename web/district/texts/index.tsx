import type { Lang } from "../../shared/api.ts";
import { type Language, useMaybe as useAnyMaybe, useT as useConsoleT } from "../../shared/texts/index.tsx";
import { he } from "./he.ts";

export type Key = keyof typeof he;
export type Texts = Record<Key, string>;
export type T = (key: Key, values?: Record<string, string | number>) => string;

// The languages that the page speaks. Hebrew is in the first load.
export const languages: Partial<Record<Lang, Language<Texts>>> = {
  he: { name: "עברית", dir: "rtl", locale: "he-IL", texts: he, load: async () => he },
  en: { name: "English", dir: "ltr", locale: "en-IL", load: async () => (await import("./en.ts")).en },
  ar: {
    name: "العربية",
    dir: "rtl",
    locale: "ar-IL-u-nu-latn",
    load: async () => (await import("./ar.ts")).ar,
  },
  ru: { name: "Русский", dir: "ltr", locale: "ru-IL", load: async () => (await import("./ru.ts")).ru },
};

// useT is the text of one of the page's keys in the chosen language.
export const useT = useConsoleT as unknown as () => T;
export const useMaybe = useAnyMaybe;
