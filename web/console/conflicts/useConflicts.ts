import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { Conflict, ID, Settlement } from "../../shared/api.ts";
import { call, Problem } from "../../shared/client.ts";
import { useT } from "../../shared/texts/index.tsx";
import { useDesk, usePicture } from "../state.tsx";
import { useSay } from "../toasts.tsx";

const key = ["conflicts"];

export interface Conflicts {
  open: Conflict[];
  settled: Conflict[];
  loading: boolean;
  failed: boolean;
  retry: () => void;
}

// useConflicts is what waits for a person, from the live picture, and what was
// settled in the last week.
export function useConflicts(): Conflicts {
  const { feed } = useDesk();
  const { city } = usePicture();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: key,
    queryFn: () => call<{ conflicts: Conflict[] }>("/conflicts?settled=true"),
    staleTime: 0,
  });
  useEffect(
    () =>
      feed.listen((_, change) => {
        if (change === "all" || change.conflicts.size > 0) void queries.invalidateQueries({ queryKey: key });
      }),
    [feed, queries],
  );
  return useMemo(() => {
    const open = [...city.conflicts.values()].sort((a, b) => a.opened_at.localeCompare(b.opened_at));
    const settled = (query.data?.conflicts ?? [])
      .filter(c => c.settled_at && !city.conflicts.has(c.id))
      .sort((a, b) => b.settled_at!.localeCompare(a.settled_at!));
    return {
      ...{ open, settled, loading: query.isPending, failed: !!query.error },
      retry: () => void query.refetch(),
    };
  }, [city, query]);
}

// useSettle settles a conflict; busy is the one that is on its way. What
// somebody else has settled meanwhile is said, and not done again.
export function useSettle() {
  const t = useT();
  const say = useSay();
  const queries = useQueryClient();
  const [busy, setBusy] = useState<ID>();
  const settle = async (conflict: Conflict, choice: Settlement, note: string): Promise<boolean> => {
    setBusy(conflict.id);
    try {
      await call(`/conflicts/${conflict.id}/settle`, { body: { choice, ...(note && { note }) } });
      say.done(t("conflicts.done", { choice: t(`conflicts.${choice}`) }));
      return true;
    } catch (err) {
      if (err instanceof Problem && err.status === 409) say.wrong(t("conflicts.by-now"));
      else say.problem(err);
      return false;
    } finally {
      setBusy(undefined);
      void queries.invalidateQueries({ queryKey: key });
    }
  };
  return { busy, settle };
}
