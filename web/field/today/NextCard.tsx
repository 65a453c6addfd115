import { ClockRing } from "../../shared/ClockRing.tsx";
import { Icon } from "../../shared/Icon.tsx";
import { useName } from "../../shared/texts/index.tsx";
import { Remaining } from "../../shared/texts/Words.tsx";
import type { FieldJob } from "../engine/index.ts";
import { Arrival } from "../job/Arrival.tsx";
import { StepButton } from "../job/StepBar.tsx";
import { stepsOf } from "../job/steps.ts";
import { jobReading } from "../job/urgency.ts";
import { hrefOf } from "../route.ts";
import { useCategory } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { Directions } from "./Directions.tsx";
import { useFar } from "./words.tsx";

// NextCard is the job that matters now: what, where, how long is left, how to
// get there, and the step that comes next.
export function NextCard({
  job,
  now,
  beside = false,
  chosen = false,
}: {
  job: FieldJob;
  now: number;
  // The job's own page lies beside the list, with its steps.
  beside?: boolean;
  chosen?: boolean;
}) {
  const t = useT();
  const name = useName();
  const category = useCategory(job.category);
  const far = useFar()(job.place);
  const reading = jobReading(job, now);
  const { main } = stepsOf(job.state);
  const href = hrefOf({ screen: "job", job: job.id });
  return (
    <article className={`next ${reading.urgency} ${chosen ? "chosen" : ""}`} aria-labelledby="next-what">
      <a className="next-open" href={href}>
        <ClockRing reading={reading} icon={category?.icon ?? "flag"} size={96} />
        <span className="next-text">
          <span className="next-signs">
            <span className={`flag ${job.state === "assigned" ? "new" : job.state}`}>
              {t(`state.${job.state}`)}
            </span>
            {job.priority <= 1 && (
              <span className="flag life">
                <Icon name="urgent" size={16} /> {t("job.life")}
              </span>
            )}
            <span className="next-number">
              <bdi>{job.number}</bdi>
            </span>
          </span>
          <strong className="next-what" id="next-what">
            {name(category?.names, job.category)}
          </strong>
          <Remaining reading={reading} />
        </span>
      </a>
      <p className="next-where">
        <Icon name="pin" size={24} />
        <span>
          <bdi>{job.place.label || job.place.text || t("place.unknown")}</bdi>
          {far && <span className="dim"> · {far}</span>}
        </span>
      </p>
      {job.text && (
        <p className="next-words" dir="auto">
          {job.text}
        </p>
      )}
      {!chosen && <Arrival job={job} />}
      {!beside && (
        <div className="next-do">
          {main && main !== "complete" && <StepButton job={job} step={main} main />}
          <a className={`button ${main === "complete" ? "main" : ""}`} href={href}>
            <Icon name={main === "complete" ? "checklist" : "clipboard-text"} size={24} />{" "}
            {t(main === "complete" ? "today.work" : "today.open")}
          </a>
          <Directions place={job.place} />
        </div>
      )}
    </article>
  );
}
