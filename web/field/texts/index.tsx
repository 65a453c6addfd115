import type { Lang } from "../../shared/api.ts";
import { type Language, useT as useConsoleT } from "../../shared/texts/index.tsx";
import { he } from "./he.ts";

export type Key = keyof typeof he;
export type Texts = Record<Key, string>;
export type T = (key: Key, values?: Record<string, string | number>) => string;

// The tablet's languages. Hebrew is in the first load, the others come when
// they are chosen, and the service worker keeps all of them.
export const languages: Partial<Record<Lang, Language<Texts>>> = {
  he: { name: "עברית", dir: "rtl", locale: "he-IL", texts: he, load: async () => he },
};

// useT is the text of one of the tablet's keys in the chosen language.
export const useT = useConsoleT as unknown as () => T;
