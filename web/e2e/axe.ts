import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

// still waits until the page has its fonts, nothing that ends is moving, and
// what is there has been drawn.
export async function still(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const moving = () =>
      document.getAnimations().filter(a => Number.isFinite(a.effect?.getComputedTiming().endTime ?? 0));
    await document.fonts.ready;
    await drawn();
    for (let left = moving(); left.length > 0; left = moving().filter(a => a.playState === "running")) {
      await Promise.allSettled(left.map(a => a.finished));
      await drawn();
    }
  });
}

// faults are what axe finds on a page that stands still, or in a part of it:
// each with its rule, its element and what axe says of it.
export async function faults(page: Page, within?: string): Promise<string[]> {
  await still(page);
  const axe = new AxeBuilder({ page }).withTags([
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "best-practice",
  ]);
  const { violations } = await (within ? axe.include(within) : axe).analyze();
  return violations.flatMap(v =>
    v.nodes.map(
      n => `${v.id}: ${n.html.slice(0, 160)} ${[...n.any, ...n.all].map(c => c.message).join("; ")}`,
    ),
  );
}
