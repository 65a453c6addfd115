import type { Conflict, Settlement, Time } from "../../shared/api.ts";

// skewed is how far the device's clock is from when the thing was done, as far
// as that can be known, where the difference is worth a word.
export function skewed({ op }: Conflict): boolean {
  return Math.abs(Date.parse(op.performed_at) - Date.parse(op.at)) > 60_000;
}

// first is the side whose deed came first; none where the desk's isn't known.
export function first({ op, other }: Conflict): "field" | "desk" | undefined {
  if (!other.at) return undefined;
  return Date.parse(op.at) <= Date.parse(other.at) ? "field" : "desk";
}

// delay is how long what was done took to reach the server, in milliseconds.
export function delay({ op }: { op: { at: Time; received_at: Time } }): number {
  return Math.max(0, Date.parse(op.received_at) - Date.parse(op.at));
}

// fieldWords are the crew's own words.
export function fieldWords({ op }: Conflict): string {
  const { reason, note, text } = op.data;
  return [reason, note, text].filter(Boolean).join(" · ");
}

// choiceOf is the choice at a digit key: 1 is the first.
export function choiceOf(conflict: Conflict, key: string): Settlement | undefined {
  return /^[1-9]$/.test(key) ? (conflict.choices[Number(key) - 1] as Settlement | undefined) : undefined;
}

// apart keeps a name's own direction within a sentence of another.
export function apart(name: string): string {
  return `\u2068${name}\u2069`;
}
