import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call, query } from "../shared/client.ts";
import type { components } from "../shared/schema.ts";
import { hoursOf, type Period, type View } from "./view.ts";

type Schemas = components["schemas"];
export type Figures = Schemas["Figures"];
export type Group = Schemas["Group"];
export type Answer = Schemas["Answer"];
export type Attention = Schemas["Attention"];
export type Reporting = Schemas["Reporting"];
export type Heat = Schemas["HeatMap"];
export type Square = Schemas["HeatSquare"];
export type Behind = Schemas["BehindBody"];

// narrowed are the view's filters, as the API names them.
function narrowed(view: View, ...but: (keyof View)[]): Record<string, string> {
  const q: Record<string, string> = {};
  for (const name of ["district", "neighbourhood", "category", "channel"] as const)
    if (view[name] && !but.includes(name)) q[name] = view[name];
  if (view.week && !but.includes("week")) q.hour = hoursOf(view.week).join(",");
  return q;
}

function useAsked<T>(path: string, params: Record<string, string | number>, enabled = true) {
  return useQuery({
    queryKey: [path, params],
    queryFn: ({ signal }) => call<T>(path + query(params), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
    enabled,
  });
}

export const useFigures = (view: View, p: Period, by = "", ...but: (keyof View)[]) =>
  useAsked<Answer>("/figures", { ...p, ...narrowed(view, ...but), ...(by && { by }) });

export const useAttention = (view: View, p: Period) =>
  useAsked<{ places: Attention[] }>("/figures/attention", { ...p, ...narrowed(view), limit: 5 });

// useStanding are the places that stand out for one reason, most surprising first.
export const useStanding = (view: View, p: Period, why: "more" | "again", enabled: boolean) =>
  useAsked<{ places: Attention[] }>(
    "/figures/attention",
    { ...p, ...narrowed(view), why, limit: 100 },
    enabled,
  );

export const useReporting = (view: View, p: Period) =>
  useAsked<{ areas: Reporting[] }>("/figures/reporting", {
    ...p,
    ...narrowed(view, "neighbourhood", "channel"),
    by: "neighbourhood",
  });

export const useHeat = (
  view: View,
  p: Period,
  cell: number,
  of: string,
  significant: boolean,
  enabled: boolean,
) =>
  useAsked<Heat>(
    "/heat",
    { ...p, ...narrowed(view), cell, of, ...(significant && { significant: "true" }) },
    enabled,
  );

export type Mark = "received" | "late" | "closed" | "open" | "overdue";

export const behind = (view: View, p: Period, of: Mark, skip: number) =>
  call<Behind>(`/figures/reports${query({ ...p, ...narrowed(view), of, skip, limit: 50 })}`);

// kept is the share done within the standard, or undefined where none is decided.
export const kept = (f: Pick<Figures, "judged" | "late">): number | undefined =>
  f.judged > 0 ? 1 - f.late / f.judged : undefined;
