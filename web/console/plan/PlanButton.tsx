import { Button } from "react-aria-components";
import type { Crew } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { useHands } from "../hands.tsx";
import { usePicture } from "../state.tsx";

// PlanButton opens what a crew is to do today. A clock that it will miss shows.
export function PlanButton({ crew }: { crew: Crew }) {
  const t = useT();
  const { showPlan } = useHands();
  const { city } = usePicture();
  const plan = city.plans.get(crew.id);
  if (!plan) return null;
  const late = plan.missed > 0;
  return (
    <Button
      className={`icon-button plan-show ${late ? "plan-late" : ""}`}
      aria-label={t(late ? "plan.show-late" : "plan.show", { crew: crew.code, n: plan.missed })}
      onPress={() => showPlan(crew.id)}
    >
      <Icon name="order" size={16} />
    </Button>
  );
}
