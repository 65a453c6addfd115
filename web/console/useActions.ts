import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ID, Incident, Job, JobAction } from "../shared/api.ts";
import { call, Problem } from "../shared/client.ts";
import { useT } from "../shared/texts/index.tsx";
import { useHands } from "./hands.tsx";
import { useSay } from "./toasts.tsx";

export interface StepBody {
  crew?: ID;
  reason?: string;
  note?: string;
}

export interface Actions {
  // step makes a step of a job on the version that is on screen; it says
  // whether it was made.
  step: (job: Job, action: JobAction, body?: StepBody) => Promise<boolean>;
  // act does something to an incident, on the version that is on screen.
  act: (incident: Incident, action: string, body?: Record<string, unknown>) => Promise<boolean>;
}

// useActions are the changes that dispatchers make. A change that was made on an
// old version is not repeated blindly: the person sees what is new and decides.
export function useActions(): Actions {
  const t = useT();
  const say = useSay();
  const { touch } = useHands();
  const queries = useQueryClient();
  return useMemo(() => {
    const run = async (incident: ID, change: () => Promise<unknown>) => {
      try {
        await change();
        touch(incident);
        return true;
      } catch (err) {
        if (err instanceof Problem && err.code === "stale") say.wrong(t("problem.stale"));
        else say.problem(err);
        return false;
      } finally {
        void queries.invalidateQueries({ queryKey: ["incident", incident] });
      }
    };
    return {
      step: (job, action, body) =>
        run(job.incident, () =>
          call(`/jobs/${job.id}/${action}`, { body: { base_version: job.version, ...body } }),
        ),
      act: (incident, action, body) =>
        run(incident.id, () =>
          call(`/incidents/${incident.id}/${action}`, { body: { base_version: incident.version, ...body } }),
        ),
    };
  }, [t, say, touch, queries]);
}
