import type { CSSProperties } from "react";
import { ClockRing } from "../../shared/ClockRing.tsx";
import { Icon } from "../../shared/Icon.tsx";
import { useName, useT } from "../../shared/texts/index.tsx";
import { remaining } from "../../shared/texts/Words.tsx";
import { CrewTag } from "../CrewTag.tsx";
import { type Item, useDesk, usePicture } from "../state.tsx";

interface Props {
  item: Item;
  at: number;
  style: CSSProperties;
  position: number;
  total: number;
  cursor: boolean;
  opened: boolean;
  onPress: () => void;
}

const progress: Record<string, number> = {
  planned: 0,
  assigned: 1,
  paused: 2,
  accepted: 3,
  departed: 4,
  arrived: 5,
};

// QueueRow answers at a glance: what, where, how long is left, and who is on it
// or why it wants a person.
export function QueueRow({ item, style, position, total, cursor, opened, onPress }: Props) {
  const t = useT();
  const name = useName();
  const { categories, departments } = useDesk();
  const { city } = usePicture();
  const { incident, jobs, standing } = item;
  const { reading, need } = standing;
  const title = name(categories.get(incident.category)?.names, incident.category);
  const where = incident.place.label || incident.place.text || t("place.unknown");
  const job = [...jobs].sort((a, b) => (progress[b.state] ?? 0) - (progress[a.state] ?? 0))[0];
  const crew = job?.crew ? city.crews.get(job.crew) : undefined;
  const left = remaining(t, reading);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys
    <div
      className={`queue-row ${reading.urgency} ${cursor ? "cursor" : ""} ${opened ? "opened" : ""}`}
      style={style}
      id={`queue-${incident.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={opened}
      aria-posinset={position}
      aria-setsize={total}
      onClick={onPress}
    >
      <span className="queue-ring">
        <ClockRing reading={reading} icon={departments.get(incident.department)?.icon ?? "flag"} size={40} />
        {incident.reports > 1 && (
          <bdi className="queue-badge">
            <span className="sr">{t("incident.reports")}: </span>
            {incident.reports}
          </bdi>
        )}
      </span>
      <span className="queue-main">
        <span className="queue-top">
          <strong className="queue-title">
            {incident.priority <= 1 && <Icon name="urgent" size={16} />}
            <span>{title}</span>
          </strong>
          <span className={`remaining ${reading.urgency}`}>{left}</span>
        </span>
        <span className="queue-where">
          <bdi>{where}</bdi>
          {incident.place.district && (
            <span className="queue-district">
              {" · "}
              <bdi>{incident.place.district.name}</bdi>
            </span>
          )}
        </span>
        <span className="queue-foot">
          {need !== "none" && need !== "overdue" ? (
            <span className={`need ${need}`}>{t(`need.${need}`)}</span>
          ) : incident.withheld ? (
            <span className="need held">{t("need.withheld")}</span>
          ) : null}
          {jobs.some(j => j.contested) && (
            <span className="need contested">
              <Icon name="exchange" size={14} /> {t("conflicts.contested")}
            </span>
          )}
          {crew && <CrewTag crew={crew} />}
          {crew && job && need !== "unaccepted" && (
            <span className="queue-state">{t(`job.${job.state}`)}</span>
          )}
          <bdi className="queue-number">{incident.number}</bdi>
        </span>
      </span>
    </div>
  );
}
