import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { ID, Roster, Shift, WeekCopied } from "../../shared/api.ts";
import { call, Problem, query } from "../../shared/client.ts";
import { useT } from "../../shared/texts/index.tsx";
import { useDesk } from "../state.tsx";
import { useSay } from "../toasts.tsx";

export interface ShiftDraft {
  crew: ID;
  from: string;
  until: string;
  state?: Shift["state"];
  members?: Shift["members"];
  vehicle?: string;
  skills?: string[];
  note?: string;
}

// useRoster is one week's shifts, kept by the feed's news.
export function useRoster(week: string | undefined) {
  const { feed } = useDesk();
  const queries = useQueryClient();
  useEffect(
    () =>
      feed.hear(entry => {
        if (entry.type.startsWith("shift.")) void queries.invalidateQueries({ queryKey: ["roster"] });
      }),
    [feed, queries],
  );
  return useQuery({
    queryKey: ["roster", week ?? ""],
    queryFn: () => call<Roster>(`/shifts${query({ week })}`),
    placeholderData: before => before,
  });
}

// useShifts are the changes of a roster; each says whether it was made.
export function useShifts() {
  const t = useT();
  const say = useSay();
  const queries = useQueryClient();
  return useMemo(() => {
    async function run<T>(change: () => Promise<T>): Promise<T | undefined> {
      try {
        return await change();
      } catch (err) {
        if (err instanceof Problem && err.code === "stale") say.wrong(t("problem.stale"));
        else say.problem(err);
        return undefined;
      } finally {
        void queries.invalidateQueries({ queryKey: ["roster"] });
      }
    }
    const remove = (shift: Shift) =>
      run(async () => {
        await call(`/shifts/${shift.id}${query({ base_version: shift.version })}`, { method: "DELETE" });
        return true;
      });
    const plan = (draft: ShiftDraft) =>
      run(async () => (await call<{ shift: Shift }>("/shifts", { body: draft })).shift);
    const change = (shift: Shift, draft: Partial<ShiftDraft>) =>
      run(
        async () =>
          (
            await call<{ shift: Shift }>(`/shifts/${shift.id}`, {
              method: "PATCH",
              body: { base_version: shift.version, ...draft },
            })
          ).shift,
      );
    return {
      plan: async (draft: ShiftDraft) => {
        const made = await plan(draft);
        if (made) say.done(t("roster.planned"), { label: t("roster.undo"), run: () => void remove(made) });
        return !!made;
      },
      change: async (shift: Shift, draft: Partial<ShiftDraft>) => {
        const after = await change(shift, draft);
        const { crew, from, until, state, members, vehicle = "", skills, note = "" } = shift;
        if (after)
          say.done(t("roster.changed"), {
            label: t("roster.undo"),
            run: () => void change(after, { crew, from, until, state, members, vehicle, skills, note }),
          });
        return !!after;
      },
      remove: async (shift: Shift) => {
        const { crew, from, until, state, members, vehicle, skills, note } = shift;
        const done = await remove(shift);
        if (done)
          say.done(t("roster.removed"), {
            label: t("roster.undo"),
            run: () => void plan({ crew, from, until, state, members, vehicle, skills, note }),
          });
        return !!done;
      },
      copyWeek: (from: string, to: string, weeks: number) =>
        run(() => call<WeekCopied>("/shifts/copy", { body: { from, to, weeks } })),
    };
  }, [say, t, queries]);
}
