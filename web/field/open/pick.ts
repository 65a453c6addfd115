import type { FieldCategory } from "../engine/index.ts";

// plain is a text as it is compared: without marks, points and quotes.
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\p{M}"'׳״]/gu, "")
    .toLowerCase();
}

// pickable is what a crew can choose from: the crew's own departments first,
// then the others, and of them those that the words fit.
export function pickable(
  categories: readonly FieldCategory[],
  own: readonly string[],
  words: string,
  lang: string,
): FieldCategory[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  const fits = (c: FieldCategory) => {
    const said = plain([c.names[lang], c.names.he, c.keywords?.[lang], c.keywords?.he].join(" "));
    return wanted.every(w => said.includes(w));
  };
  return categories
    .filter(c => !c.retired && fits(c))
    .sort((a, b) => Number(own.includes(b.department)) - Number(own.includes(a.department)));
}
