import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { Closure, ID } from "../../shared/api.ts";
import { call } from "../../shared/client.ts";
import { useT } from "../../shared/texts/index.tsx";
import { useDesk } from "../state.tsx";
import { useSay } from "../toasts.tsx";

const key = ["closures"];
const none: Closure[] = [];

// useClosures are the roads that are closed, or will be, kept by the feed's news.
export function useClosures(): { closures: Closure[]; failed: boolean } {
  const { feed } = useDesk();
  const queries = useQueryClient();
  useEffect(() => feed.onGeography(() => void queries.invalidateQueries({ queryKey: key })), [feed, queries]);
  const { data, isError } = useQuery({
    queryKey: key,
    queryFn: async () => (await call<{ closures: Closure[] }>("/closures")).closures,
  });
  return { closures: data ?? none, failed: isError && !data };
}

export interface ClosureDraft {
  through: [number, number][];
  reason: string;
  from?: string;
  until?: string;
}

// useClosing is closing roads and opening them again; each says whether it was
// done.
export function useClosing() {
  const t = useT();
  const say = useSay();
  const queries = useQueryClient();
  return useMemo(() => {
    const run = async (change: () => Promise<unknown>): Promise<boolean> => {
      try {
        await change();
        return true;
      } catch (err) {
        say.problem(err);
        return false;
      } finally {
        void queries.invalidateQueries({ queryKey: key });
      }
    };
    const lift = (id: ID) => run(() => call(`/closures/${id}/lift`, { body: {} }));
    return {
      lift: async (id: ID) => {
        const done = await lift(id);
        if (done) say.done(t("closure.lifted"));
        return done;
      },
      close: async (draft: ClosureDraft) => {
        let made: Closure | undefined;
        const done = await run(async () => {
          made = (await call<{ closure: Closure }>("/closures", { body: draft })).closure;
        });
        if (made) {
          const { id } = made;
          say.done(t("closure.done"), { label: t("closure.undo"), run: () => void lift(id) });
        }
        return done;
      },
    };
  }, [say, t, queries]);
}
