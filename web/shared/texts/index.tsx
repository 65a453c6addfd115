import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { IntlProvider, type IntlShape, useIntl } from "react-intl";
import type { Lang, Names } from "../api.ts";
import { speak } from "../client.ts";
import { he } from "./he.ts";

export type Key = keyof typeof he;
export type Texts = Record<Key, string>;

export interface Language<T = Record<string, string>> {
  name: string;
  dir: "rtl" | "ltr";
  locale: string;
  // The texts, where they came with the page.
  texts?: T;
  load: () => Promise<T>;
}

// The languages a person can choose on the console. Hebrew is in the first
// load; the others come when they are chosen. A language is listed once all of its texts exist,
// which the type of load makes sure of.
export const languages: Partial<Record<Lang, Language<Texts>>> = {
  he: { name: "עברית", dir: "rtl", locale: "he-IL", texts: he, load: async () => he },
  en: { name: "English", dir: "ltr", locale: "en-IL", load: async () => (await import("./en.ts")).en },
};

const kept = "moked.lang";

function firstLang(languages: Spoken): Lang {
  const saved = localStorage.getItem(kept) as Lang | null;
  return saved && languages[saved] ? saved : "he";
}

// What one page speaks.
type Spoken = Partial<Record<Lang, Language>>;

interface Choice {
  lang: Lang;
  choose: (lang: Lang) => void;
  languages: Spoken;
}

const Chosen = createContext<Choice>({ lang: "he", choose: () => {}, languages: {} });

// Speaking gives its children the texts of the chosen language, and the page
// its direction. The direction is the body's: on the document element it would
// mirror brackets in the map's labels.
export function Speaking({ languages, children }: { languages: Spoken; children: ReactNode }) {
  const [lang, setLang] = useState<Lang>(() => firstLang(languages));
  const language = languages[lang] ?? languages.he!;
  const [texts, setTexts] = useState(language.texts);

  useEffect(() => {
    let wanted = true;
    language.load().then(
      loaded => wanted && setTexts(loaded),
      // Where a language can't be had, a page speaks Hebrew rather than nothing.
      () => wanted && setTexts(had => had ?? languages.he?.texts),
    );
    speak(lang);
    document.documentElement.lang = lang;
    document.body.dir = language.dir;
    return () => {
      wanted = false;
    };
  }, [lang, language, languages]);

  const choose = useCallback((next: Lang) => {
    localStorage.setItem(kept, next);
    setLang(next);
  }, []);
  const chosen = useMemo(() => ({ lang, choose, languages }), [lang, choose, languages]);

  if (!texts) return null;
  return (
    <Chosen value={chosen}>
      <IntlProvider locale={language.locale} messages={texts} defaultLocale="he-IL" timeZone="Asia/Jerusalem">
        {children}
      </IntlProvider>
    </Chosen>
  );
}

// Zoned gives its children's times in the authority's own zone.
export function Zoned({ zone, children }: { zone: string; children: ReactNode }) {
  const { locale, messages, defaultLocale } = useIntl();
  return (
    <IntlProvider
      locale={locale}
      messages={messages as Record<string, string>}
      defaultLocale={defaultLocale}
      timeZone={zone}
    >
      {children}
    </IntlProvider>
  );
}

export function useLanguage() {
  return useContext(Chosen);
}

// usePersonsLanguage speaks a signed-in person's language on a computer where
// none was chosen yet.
export function usePersonsLanguage(lang: Lang | undefined): void {
  const { choose, languages } = useLanguage();
  useEffect(() => {
    if (lang && languages[lang] && !localStorage.getItem(kept)) choose(lang);
  }, [lang, choose, languages]);
}

export type T = (key: Key, values?: Record<string, string | number>) => string;

// A text that says nothing of its values is itself; the others are read once
// and kept, for as long as their language is spoken.
type Said = ReturnType<IntlShape["formatters"]["getMessageFormat"]>;
const read = new WeakMap<object, Map<string, Said>>();

function say(intl: IntlShape, key: string, values?: Record<string, string | number>): string {
  const text = intl.messages[key];
  if (typeof text !== "string") return key;
  if (!/[{'<#]/.test(text)) return text;
  const known = read.get(intl.messages) ?? new Map<string, Said>();
  read.set(intl.messages, known);
  let said = known.get(key);
  if (!said) {
    said = intl.formatters.getMessageFormat(text, intl.locale, undefined, { formatters: intl.formatters });
    known.set(key, said);
  }
  return String(said.format(values));
}

// useT is the text of a key in the chosen language.
export function useT(): T {
  const intl = useIntl();
  return useCallback((key, values) => say(intl, key, values), [intl]);
}

// maybe is the text of a key made up at run time, or undefined where there is
// none: for words of the server that a newer one may add to.
export function useMaybe(): (key: string, values?: Record<string, string | number>) => string | undefined {
  const intl = useIntl();
  return useCallback((key, values) => (key in intl.messages ? say(intl, key, values) : undefined), [intl]);
}

// useName picks a thing's name in the chosen language.
export function useName(): (names: Names | undefined, otherwise?: string) => string {
  const { lang } = useLanguage();
  return useCallback((names, otherwise = "") => names?.[lang] ?? names?.he ?? names?.en ?? otherwise, [lang]);
}
