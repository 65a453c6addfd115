import { useQueries } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { Crew, Job, Stop } from "../../shared/api.ts";
import { call, query } from "../../shared/client.ts";
import { useHands } from "../hands.tsx";

interface Way {
  line: [number, number][];
}

// useRoute draws a plan on the map: the stops with their numbers, and the drive
// from each to the next, straight where no road is known. chosen is the stop that
// the list is at.
export function useRoute(
  crew: Crew | undefined,
  stops: readonly Stop[],
  jobs: ReadonlyMap<string, Job>,
  chosen: number | undefined,
) {
  const { setTrail } = useHands();
  const name = `plan ${crew?.id}`;
  const places = stops.map(s => jobs.get(s.job)?.place);
  const start = crew?.lat !== undefined && crew.lon !== undefined ? [crew.lon, crew.lat] : undefined;
  const points = places.flatMap(p => (p?.lat != null && p.lon != null ? [[p.lon, p.lat]] : []));
  const through = start ? [start, ...points] : points;
  const key = JSON.stringify(through.map(p => p.map(v => v.toFixed(4))));
  const legs = through.slice(1).map((to, i) => [through[i]!, to] as const);
  const ways = useQueries({
    queries: legs.map(([a, b]) => {
      const [from, to] = [a, b].map(p => `${p[1]!.toFixed(4)},${p[0]!.toFixed(4)}`);
      return {
        queryKey: ["route", from, to],
        queryFn: () => call<Way>(`/route${query({ from, to })}`),
        staleTime: 60_000,
        retry: false,
      };
    }),
    combine: results => results.map(r => r.data?.line),
  });
  const known = ways.filter(Boolean).length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: key and known say all that is drawn
  const drawn = useMemo(
    () => ({
      line: { coordinates: legs.map(([a, b], i) => ways[i] ?? [a, b]) },
      stops: places.map(p => ({ lat: p?.lat ?? undefined, lon: p?.lon ?? undefined })),
    }),
    [key, known],
  );
  useEffect(() => setTrail({ name, trail: drawn, stop: chosen }), [name, drawn, chosen, setTrail]);
  useEffect(() => () => setTrail(undefined), [setTrail]);
}
