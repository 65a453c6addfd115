import type { Crew, ID, Job } from "../../shared/api.ts";
import { dutyAt, skillsOf } from "../../shared/duty.ts";
import { plain } from "../intake/matching.ts";
import { free } from "../state.tsx";

export type Group = "free" | "busy" | "break" | "standby" | "off";

// In the order of what they can do for you now.
export const groups: readonly Group[] = ["free", "busy", "break", "standby", "off"];

export function groupOf(crew: Crew, jobs: readonly Job[] | undefined, at: number): Group {
  const duty = dutyAt(crew, at);
  if (duty !== "on") return duty;
  return free(crew, jobs, at) ? "free" : "busy";
}

// Words are what the screen calls codes.
export interface Words {
  skill: (code: string) => string;
  department: (code: string) => string;
  kind: (kind: Crew["kind"]) => string;
}

// matches says whether a crew has every word of a search in its call sign,
// name, vehicle, kind, departments, skills or people.
export function matches(crew: Crew, search: string, words: Words): boolean {
  const wanted = plain(search).split(" ").filter(Boolean);
  if (wanted.length === 0) return true;
  const text = plain(
    [
      crew.code,
      crew.name,
      crew.vehicle ?? "",
      crew.shift?.vehicle ?? "",
      words.kind(crew.kind),
      ...(crew.departments ?? []).map(words.department),
      ...skillsOf(crew).map(words.skill),
      ...(crew.shift?.members ?? []).map(m => m.name),
    ].join(" "),
  );
  return wanted.every(w => text.includes(w));
}

// grouped parts the crews that match, each group by call sign.
export function grouped(
  crews: Iterable<Crew>,
  jobsBy: ReadonlyMap<ID, Job[]>,
  at: number,
  search: string,
  words: Words,
): Map<Group, Crew[]> {
  const lists = new Map<Group, Crew[]>(groups.map(g => [g, []]));
  for (const crew of crews) {
    if (matches(crew, search, words)) lists.get(groupOf(crew, jobsBy.get(crew.id), at))!.push(crew);
  }
  for (const list of lists.values())
    list.sort((a, b) => a.code.localeCompare(b.code, undefined, { numeric: true }));
  return lists;
}
