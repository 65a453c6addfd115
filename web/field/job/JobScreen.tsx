import { memo, useDeferredValue, useState } from "react";
import type { ID } from "../../shared/api.ts";
import { ClockRing } from "../../shared/ClockRing.tsx";
import { Icon } from "../../shared/Icon.tsx";
import { useName } from "../../shared/texts/index.tsx";
import { Remaining, useMoment } from "../../shared/texts/Words.tsx";
import type { FieldJob } from "../engine/index.ts";
import { useMayRaise } from "../may.ts";
import { Empty } from "../parts/Empty.tsx";
import { hrefOf } from "../route.ts";
import { useCategory, useDepartments, useField, useLater, useNow } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { Directions } from "../today/Directions.tsx";
import { useFar } from "../today/words.tsx";
import { Arrival } from "./Arrival.tsx";
import { Checklist } from "./Checklist.tsx";
import { lackWords } from "./FinishSheet.tsx";
import { Materials } from "./Materials.tsx";
import { Notes } from "./Notes.tsx";
import { Photos } from "./Photos.tsx";
import { Signature } from "./Signature.tsx";
import { StepBar } from "./StepBar.tsx";
import { Story } from "./Story.tsx";
import { ended, type Lack } from "./steps.ts";
import { TransferSheet } from "./TransferSheet.tsx";
import { jobReading } from "./urgency.ts";
import { Verdicts } from "./Verdicts.tsx";

const way = ["assigned", "accepted", "departed", "arrived", "done"] as const;

export function JobScreen({ id, alone }: { id: ID; alone: boolean }) {
  const t = useT();
  const job = useField(s => s.jobs.find(j => j.id === id));
  if (!job) {
    return (
      <div className="job">
        {alone && <Back />}
        <Empty icon="lock" title={t("job.gone")} whole>
          {t("job.gone-more")}
        </Empty>
      </div>
    );
  }
  return <Job key={job.id} job={job} alone={alone} />;
}

// Job shows a step that was taken in its head and its steps first. What is
// filled in follows.
function Job({ job, alone }: { job: FieldJob; alone: boolean }) {
  const later = useDeferredValue(job);
  return (
    <div className="job">
      <div className="job-scroll">
        <Head job={job} alone={alone} />
        <Verdicts job={job} />
        <Arrival job={job} />
        <Body job={later} />
      </div>
      <StepBar job={job} />
    </div>
  );
}

// Body is where it is, what is known of it and what is filled in. It comes a
// frame after the rest.
const Body = memo(function Body({ job }: { job: FieldJob }) {
  if (!useLater()) return null;
  return (
    <>
      <Where job={job} />
      <Missing job={job} />
      <Photos job={job} />
      <Checklist id={job.id} />
      <Materials id={job.id} />
      <Signature job={job} />
      <Notes job={job} />
      <More job={job} />
      <Story job={job} />
    </>
  );
});

function Back() {
  const t = useT();
  return (
    <a className="back" href={hrefOf({ screen: "today" })}>
      <Icon name="chevron" size={24} /> {t("nav.today")}
    </a>
  );
}

function Head({ job, alone }: { job: FieldJob; alone: boolean }) {
  const t = useT();
  const name = useName();
  const moment = useMoment();
  const category = useCategory(job.category);
  const departments = useDepartments();
  const now = useNow();
  const reading = jobReading(job, now);
  const state = job.state === "paused" ? (job.paused_from ?? "accepted") : job.state;
  const here = way.indexOf(state as (typeof way)[number]);
  return (
    <header className={`job-head ${reading.urgency}`}>
      {alone && <Back />}
      <div className="job-title">
        <ClockRing reading={reading} icon={category?.icon ?? "flag"} size={80} />
        <div>
          <h1>{name(category?.names, job.category)}</h1>
          <p className="job-under">
            <bdi>{job.number}</bdi> · {name(departments.get(job.department)?.names, job.department)}
          </p>
          {ended(job) ? (
            <p className="remaining">
              {t(`state.${job.state}`)} {job.ended_at && moment(job.ended_at, now)}
            </p>
          ) : (
            <p className="job-left">
              <Remaining reading={reading} />
              {job.due_at && <span className="dim"> · {t("job.due", { at: moment(job.due_at, now) })}</span>}
            </p>
          )}
        </div>
        {job.priority <= 1 && (
          <span className="flag life">
            <Icon name="urgent" size={20} /> {t("job.life")}
          </span>
        )}
      </div>
      {here >= 0 && (
        <ol className={`way ${job.state === "paused" ? "paused" : ""}`} aria-label={t("job.way")}>
          {way.map((stop, i) => (
            <li
              key={stop}
              className={i < here ? "past" : i === here ? "here" : ""}
              aria-current={i === here ? "step" : undefined}
            >
              <span>{t(`way.${stop}`)}</span>
            </li>
          ))}
        </ol>
      )}
      {job.state === "paused" && (
        <p className="job-reason">
          <Icon name="pause" size={20} />
          <span>
            {t("state.paused")}
            {job.reason && (
              <>
                : <bdi>{job.reason}</bdi>
              </>
            )}
          </span>
        </p>
      )}
    </header>
  );
}

function Where({ job }: { job: FieldJob }) {
  const t = useT();
  const far = useFar()(job.place);
  const { label, text, precision, lat } = job.place;
  const vague = precision === "street" || precision === "area" || precision === "unplaced";
  return (
    <section className="card where" aria-label={t("where.title")}>
      <div className="where-line">
        <Icon name={lat === null ? "unplaced" : "pin"} size={28} />
        <div>
          <p className="where-label">
            <bdi>{label || t("place.unknown")}</bdi>
          </p>
          {text && text !== label && (
            <p className="dim" dir="auto">
              {text}
            </p>
          )}
          <p className="dim">
            {[far && t("far.line", { far }), vague && t(`precision.${precision}`)]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        <Directions place={job.place} />
      </div>
      {job.text && (
        <p className="where-words" dir="auto">
          {job.text}
        </p>
      )}
      {job.note && (
        <p className="where-note" dir="auto">
          <Icon name="message" size={20} /> {job.note}
        </p>
      )}
    </section>
  );
}

function Missing({ job }: { job: FieldJob }) {
  const t = useT();
  const name = useName();
  const category = useCategory(job.category);
  const missing = (job.record_missing ?? []) as Lack[];
  if (job.state !== "done" || missing.length === 0) return null;
  return (
    <div className="verdict kept">
      <Icon name="alert" size={28} />
      <div>
        <strong>{t("job.lacking", { n: missing.length })}</strong>
        <p>{missing.map(l => lackWords(t, name, l, category)).join(", ")}</p>
      </div>
    </div>
  );
}

// More is what a crew may want beside its own work on the job.
function More({ job }: { job: FieldJob }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const linked = useField(s => s.jobs.find(j => j.id === job.linked));
  const raises = useMayRaise() && !ended(job);
  if (!raises && !linked) return null;
  return (
    <div className="more">
      {linked && (
        <a className="row-link" href={hrefOf({ screen: "job", job: linked.id })}>
          <Icon name="exchange" size={24} />
          <span>
            {t("job.linked")} <bdi>{linked.number}</bdi>
          </span>
        </a>
      )}
      {raises && (
        <button type="button" className="row-link" aria-haspopup="dialog" onClick={() => setOpen(true)}>
          <Icon name="exchange" size={24} />
          <span>{t("trouble.transfer")}</span>
        </button>
      )}
      {open && <TransferSheet job={job} onClose={() => setOpen(false)} />}
    </div>
  );
}
