import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faults, still } from "./axe.ts";
import { sizes, states } from "./field/screens.ts";
import { type FieldStage, fieldStage } from "./field/stage.ts";

let s: FieldStage;

beforeAll(async () => {
  s = await fieldStage();
});
afterAll(() => s.close());

// Each size in its own light, so that every screen is seen in all three.
const looks = [
  { size: "phone", look: "light" },
  { size: "tablet", look: "sun" },
  { size: "tablet on its side", look: "dark" },
] as const;

// What a glove must hit, and doesn't: the controls on screen that are smaller
// than 48 pixels either way, or whose main step is lower than 64.
function small(): string[] {
  const found: string[] = [];
  const top = document.querySelector("dialog[open]") ?? document;
  for (const el of top.querySelectorAll<HTMLElement>("a, button, input, textarea, summary, [role=button]")) {
    if (el.closest(".maplibregl-ctrl")) continue;
    const box = el.getBoundingClientRect();
    if (box.width === 0 || getComputedStyle(el).visibility === "hidden") continue;
    const least = el.matches(".button.main") ? 64 : 48;
    // A pixel's fraction is the layout's rounding.
    if (box.height < least - 0.5 || box.width < 47.5)
      found.push(`${el.outerHTML.slice(0, 120)} ${box.width}x${box.height}`);
  }
  return found;
}

// What is cut off at the side, or makes the page scroll sideways.
function wide(): string[] {
  const found: string[] = [];
  for (const el of document.querySelectorAll<HTMLElement>(
    "main, .page, .card, .sheet, .bar, .nav, .step-bar",
  )) {
    const box = el.getBoundingClientRect();
    if (box.width === 0) continue;
    if (box.left < -1 || box.right > innerWidth + 1 || el.scrollWidth > el.clientWidth + 1)
      found.push(`${el.className} ${el.scrollWidth}>${el.clientWidth}`);
  }
  return found;
}

describe.each(looks)("$size, $look", ({ size, look }) => {
  it.each(Object.keys(states))(
    "%s: axe finds nothing, a glove hits everything, nothing is cut off",
    async name => {
      const { before, ...state } = states[name]!;
      const page = await s.page({ ...sizes[size], look, ...state });
      await still(page);
      await before?.(page);
      const found = await faults(page);
      const seen = await page.evaluate(small);
      const cut = await page.evaluate(wide);
      await page.context().close();
      expect(found).toEqual([]);
      expect(seen).toEqual([]);
      expect(cut).toEqual([]);
      expect(s.errors.splice(0)).toEqual([]);
    },
  );
});
