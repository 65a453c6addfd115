import { useIntl } from "react-intl";
import type { ID } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useName } from "../../shared/texts/index.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import type { FieldJob } from "../engine/index.ts";
import { Banners } from "../frame/Banners.tsx";
import { dayOf } from "../job/steps.ts";
import { Empty } from "../parts/Empty.tsx";
import { Fold } from "../parts/Fold.tsx";
import { hrefOf } from "../route.ts";
import { useCategory, useField, useLater, useNow } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { JobRow } from "./JobRow.tsx";
import { NextCard } from "./NextCard.tsx";

// first is how many of the later jobs the first frame shows.
const first = 1;

// Today is the crew's day. On a wide screen the job that is open lies beside
// it, and the list shows which one that is.
export function Today({ chosen, beside = false }: { chosen?: ID; beside?: boolean }) {
  const t = useT();
  const intl = useIntl();
  const jobs = useField(s => s.jobs);
  const now = useNow();
  const day = dayOf(jobs, now);
  const open = day.rest.length + (day.next ? 1 : 0);
  const later = useLater();
  return (
    <div className="page">
      <Banners />
      <header className="today-head">
        <h1>{intl.formatDate(now, { weekday: "long", day: "numeric", month: "long" })}</h1>
        <p>{t("today.count", { n: open, done: day.done.length })}</p>
      </header>
      {day.next ? (
        <NextCard job={day.next} now={now} beside={beside} chosen={beside && day.next.id === chosen} />
      ) : (
        <Empty icon="circle-check" title={t("today.empty")}>
          {t(day.done.length > 0 ? "today.empty-done" : "today.empty-more")}
        </Empty>
      )}
      {day.rest.length > 0 && (
        <section aria-labelledby="later">
          <h2 className="section-title" id="later">
            {t("today.later")}
          </h2>
          <ol className="job-rows">
            {(later ? day.rest : day.rest.slice(0, first)).map(job => (
              <li key={job.id}>
                <JobRow job={job} place={day.place.get(job.id)!} now={now} chosen={job.id === chosen} />
              </li>
            ))}
          </ol>
        </section>
      )}
      {later && day.done.length > 0 && (
        <Fold icon="circle-check" title={t("today.done", { n: day.done.length })}>
          <ol className="job-rows">
            {day.done.map(job => (
              <li key={job.id}>
                <DoneRow job={job} now={now} />
              </li>
            ))}
          </ol>
        </Fold>
      )}
    </div>
  );
}

function DoneRow({ job, now }: { job: FieldJob; now: number }) {
  const t = useT();
  const name = useName();
  const moment = useMoment();
  const category = useCategory(job.category);
  const missing = job.record_missing?.length ?? 0;
  return (
    <a className="done-row" href={hrefOf({ screen: "job", job: job.id })}>
      <Icon name={category?.icon ?? "flag"} size={24} />
      <span className="job-row-text">
        <strong>{name(category?.names, job.category)}</strong>
        <span className="job-row-where">
          <bdi>{job.place.label || t("place.unknown")}</bdi>
        </span>
      </span>
      {missing > 0 && (
        <span className="flag warn">
          <Icon name="alert" size={16} /> {t("job.lacking", { n: missing })}
        </span>
      )}
      {job.ended_at && <span className="done-when">{moment(job.ended_at, now)}</span>}
    </a>
  );
}
