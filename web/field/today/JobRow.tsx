import { ClockRing } from "../../shared/ClockRing.tsx";
import { Icon } from "../../shared/Icon.tsx";
import { useName } from "../../shared/texts/index.tsx";
import { Remaining } from "../../shared/texts/Words.tsx";
import type { FieldJob } from "../engine/index.ts";
import { jobReading } from "../job/urgency.ts";
import { hrefOf } from "../route.ts";
import { useCategory } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { useFar } from "./words.tsx";

interface Props {
  job: FieldJob;
  place: number;
  now: number;
  chosen?: boolean;
}

// JobRow is a job in the day's order.
export function JobRow({ job, place, now, chosen = false }: Props) {
  const t = useT();
  const name = useName();
  const category = useCategory(job.category);
  const far = useFar()(job.place);
  const reading = jobReading(job, now);
  return (
    <a
      className={`job-row ${reading.urgency} ${chosen ? "chosen" : ""}`}
      href={hrefOf({ screen: "job", job: job.id })}
      aria-current={chosen ? "true" : undefined}
    >
      <span className="job-place" aria-hidden="true">
        {place}
      </span>
      <ClockRing reading={reading} icon={category?.icon ?? "flag"} size={52} />
      <span className="job-row-text">
        <strong>{name(category?.names, job.category)}</strong>
        <span className="job-row-where">
          <bdi>{job.place.label || t("place.unknown")}</bdi>
        </span>
        <span className="job-row-more">
          <Remaining reading={reading} />
          {far && <span> · {far}</span>}
        </span>
      </span>
      <span className="job-row-end">
        {job.priority <= 1 && (
          <span className="flag life">
            <Icon name="urgent" size={16} /> {t("job.life")}
          </span>
        )}
        {job.contested && (
          <span className="flag warn">
            <Icon name="alert" size={16} /> {t("job.contested")}
          </span>
        )}
        {job.state !== "assigned" ? (
          <span className={`flag ${job.state}`}>{t(`state.${job.state}`)}</span>
        ) : (
          <span className="flag new">{t("state.assigned")}</span>
        )}
      </span>
    </a>
  );
}
