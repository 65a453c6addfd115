import type { T } from "../../shared/texts/index.tsx";
import { span } from "../../shared/texts/Words.tsx";

// seen says how long ago a crew or its device was last heard of.
export function seen(t: T, what: "trail" | "trackers", age: number): string {
  if (age < 60_000) return t(`${what}.now`);
  return t(what === "trail" ? "trail.last" : "trackers.seen", { span: span(t, age) });
}
