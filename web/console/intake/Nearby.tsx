import { Button, ToggleButton } from "react-aria-components";
import type { ID, Near } from "../../shared/api.ts";
import { ClockRing } from "../../shared/ClockRing.tsx";
import { now } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useName, useT } from "../../shared/texts/index.tsx";
import { span } from "../../shared/texts/Words.tsx";
import { reading } from "../../shared/urgency.ts";
import { useDesk, usePicture } from "../state.tsx";

interface Props {
  near: Near[] | undefined;
  chosen: ID | undefined;
  onChoose: (id: ID | undefined) => void;
  onOpen: (id: ID) => void;
}

// Nearby asks "is it this one?" of the open incidents at the place, before the
// form is finished.
export function Nearby({ near, chosen, onChoose, onOpen }: Props) {
  const t = useT();
  const name = useName();
  const { categories, departments } = useDesk();
  const { city } = usePicture();
  if (!near?.length) return null;
  return (
    <div className="nearby" role="group" aria-label={t("nearby.title")}>
      <p className="nearby-title">
        <Icon name="merge" size={16} /> {t("nearby.title")}
      </p>
      <ul>
        {near.slice(0, 3).map(({ incident, distance }) => {
          const live = city.incidents.get(incident.id);
          const age = now() - Date.parse(incident.opened_at);
          return (
            <li key={incident.id}>
              <ToggleButton
                className="near"
                data-stop
                isSelected={chosen === incident.id}
                onChange={on => onChoose(on ? incident.id : undefined)}
              >
                <ClockRing
                  reading={reading(live ?? { clocks: [] }, now())}
                  icon={departments.get(incident.department)?.icon ?? "flag"}
                  size={32}
                />
                <span className="near-text">
                  <strong>{name(categories.get(incident.category)?.names, incident.category)}</strong>
                  <span className="dim">
                    {t("merge.far", { n: Math.round(distance) })} · {t("nearby.age", { span: span(t, age) })}
                    {incident.reports > 1 && ` · ${t("nearby.reports", { n: incident.reports })}`}
                  </span>
                </span>
                <span className="near-do">
                  {chosen === incident.id ? t("nearby.chosen") : t("nearby.choose")}
                </span>
              </ToggleButton>
              <Button
                className="icon-button small"
                aria-label={t("do.open")}
                onPress={() => onOpen(incident.id)}
              >
                <Icon name="crosshair" size={16} />
              </Button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
