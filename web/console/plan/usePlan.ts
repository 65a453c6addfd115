import { useEffect, useState } from "react";
import type { ID, Plan } from "../../shared/api.ts";
import { call, Problem } from "../../shared/client.ts";
import { useT } from "../../shared/texts/index.tsx";
import { usePicture } from "../state.tsx";
import { useSay } from "../toasts.tsx";
import { newest } from "./places.ts";

// usePlan is a crew's plan, live, and what a dispatcher may do to it. An answer
// shows at once, before the feed tells of it; who was overtaken sees what stands.
export function usePlan(crew: ID) {
  const t = useT();
  const say = useSay();
  const { city } = usePicture();
  const live = city.plans.get(crew);
  const [mine, setMine] = useState<Plan>();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const plan = newest(live, mine);

  // A crew without jobs has no plan in the picture; whether it is so, the server knows.
  useEffect(() => {
    let wanted = true;
    setFailed(false);
    call<{ plan: Plan }>(`/crews/${crew}/plan`).then(
      answer => wanted && setMine(answer.plan),
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
    };
  }, [crew]);
  useEffect(() => {
    if (!live) setMine(now => (now?.stops.length ? undefined : now));
  }, [live]);

  const ask = async (what: "" | "/move" | "/pin" | "/undo", body: object): Promise<Plan | undefined> => {
    if (busy) return undefined;
    setBusy(true);
    try {
      const answer = await call<{ plan: Plan }>(`/crews/${crew}/plan${what}`, {
        body: { base_version: plan?.version ?? 0, ...body },
      });
      setMine(answer.plan);
      return answer.plan;
    } catch (err) {
      if (err instanceof Problem && err.code === "stale") {
        setMine(err.current as Plan);
        say.wrong(t("plan.by-now"));
      } else say.problem(err);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { plan, busy, failed: failed && !plan, ask };
}
