import { Button } from "react-aria-components";
import type { Crew } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { useHands } from "../hands.tsx";

// TrailButton opens a crew's day.
export function TrailButton({ crew }: { crew: Crew }) {
  const t = useT();
  const { showTrail } = useHands();
  if (!crew.at) return null;
  return (
    <Button
      className="icon-button"
      aria-label={t("trail.show", { crew: crew.code })}
      onPress={() => showTrail(crew.id)}
    >
      <Icon name="route" size={16} />
    </Button>
  );
}
