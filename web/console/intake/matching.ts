import type { Category, Lang } from "../../shared/api.ts";

const finals: Record<string, string> = { ך: "כ", ם: "מ", ן: "נ", ף: "פ", ץ: "צ" };

// plain makes words comparable: lower case, without niqqud, quotes and geresh,
// final letters as the others.
export function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\u0300-\u036f\u0591-\u05c7'"`׳״’”]/g, "")
    .replace(/[ךםןףץ]/g, c => finals[c]!)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

// How well one word of the query is found among a category's words: at the
// start of a word of its name, then of a keyword, then inside; a Hebrew prefix
// letter before the word doesn't count against it.
function worth(word: string, names: string[], keywords: string[]): number {
  const starts = (list: string[]) =>
    list.some(
      w => w.startsWith(word) || (w.length > 3 && /^[בלמהושכ]/.test(w) && w.slice(1).startsWith(word)),
    );
  if (names.some(w => w === word)) return 6;
  if (starts(names)) return 5;
  if (keywords.some(w => w === word)) return 4;
  if (starts(keywords)) return 3;
  if (word.length > 2 && [...names, ...keywords].some(w => w.includes(word))) return 1;
  return 0;
}

// matching are the categories that hold every word of a text, the best first;
// an empty text gives all of them in the catalogue's order.
export function matching(categories: readonly Category[], text: string, lang: Lang): Category[] {
  const words = plain(text).split(" ").filter(Boolean);
  const current = categories.filter(c => !c.retired);
  if (words.length === 0) return [...current];
  const scored: { category: Category; score: number; place: number }[] = [];
  current.forEach((category, place) => {
    const split = (s: string | undefined) =>
      plain(s ?? "")
        .split(" ")
        .filter(Boolean);
    const names = [...split(category.names[lang]), ...split(category.names.he)];
    const keywords = [...split(category.keywords?.[lang]), ...split(category.keywords?.he)];
    let score = 0;
    for (const word of words) {
      const w = worth(word, names, keywords);
      if (w === 0) return;
      score += w;
    }
    scored.push({ category, score: score / words.length, place });
  });
  return scored.sort((a, b) => b.score - a.score || a.place - b.place).map(s => s.category);
}
