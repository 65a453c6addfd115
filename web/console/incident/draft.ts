import type { Incident } from "../../shared/api.ts";

// Draft is what a person may correct of an incident. A place without a point is
// one that was written and not yet found: the server finds it.
export interface Draft {
  category: string;
  priority: number;
  text: string;
  place: { label: string; lat?: number; lon?: number };
}

export type Field = keyof Draft;

export const fields: readonly Field[] = ["category", "priority", "place", "text"];

export function draftOf(incident: Incident): Draft {
  const { lat, lon, label, text } = incident.place;
  const at = lat === null || lon === null ? {} : { lat, lon };
  return {
    category: incident.category,
    priority: incident.priority,
    text: incident.text,
    place: { label: label || text || "", ...at },
  };
}

function same(field: Field, a: Draft, b: Draft): boolean {
  if (field !== "place") return a[field] === b[field];
  return a.place.label === b.place.label && a.place.lat === b.place.lat && a.place.lon === b.place.lon;
}

// meanwhile lists the fields that somebody else changed since base and that the
// person changed too, to something else. What only the others changed isn't
// touched by the patch and so is in nobody's way.
export function meanwhile(base: Incident, current: Incident, draft: Draft): Field[] {
  if (base.version === current.version) return [];
  const was = draftOf(base);
  const is = draftOf(current);
  return fields.filter(f => !same(f, was, is) && !same(f, was, draft) && !same(f, is, draft));
}

// patchOf is what the person changed, and nothing else.
export function patchOf(base: Incident, draft: Draft): Record<string, unknown> {
  const was = draftOf(base);
  const patch: Record<string, unknown> = {};
  for (const f of fields) {
    if (same(f, was, draft)) continue;
    const { label, lat, lon } = draft.place;
    if (f === "place") patch.place = lat === undefined ? { text: label } : { text: label, lat, lon };
    else patch[f] = draft[f];
  }
  return patch;
}
