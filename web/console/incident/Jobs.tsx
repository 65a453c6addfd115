import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import type { Incident, Job, JobAction } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import type { IconName } from "../../shared/icons.ts";
import { useName, useT } from "../../shared/texts/index.tsx";
import { CrewTag } from "../CrewTag.tsx";
import { deedOf, may } from "../may.ts";
import { type About, ReasonDialog } from "../ReasonDialog.tsx";
import { useDesk, usePicture } from "../state.tsx";
import { useActions } from "../useActions.ts";
import { Recommend } from "./Recommend.tsx";
import { Record } from "./Record.tsx";

// What can be done with a job in each state, the likeliest first; the server's
// table decides.
const steps: Record<string, JobAction[]> = {
  planned: ["assign", "cancel"],
  assigned: ["accept", "depart", "assign", "decline", "cancel"],
  accepted: ["depart", "arrive", "assign", "pause", "decline", "cancel"],
  departed: ["arrive", "assign", "complete", "pause", "decline", "cancel"],
  arrived: ["complete", "pause", "decline", "cancel"],
  paused: ["resume", "assign", "decline", "cancel"],
  done: ["reopen"],
  cancelled: ["reopen"],
};

const icons: Record<JobAction, IconName> = {
  assign: "users",
  accept: "check",
  depart: "truck",
  arrive: "pin",
  pause: "pause",
  resume: "play",
  complete: "circle-check",
  decline: "ban",
  cancel: "close",
  reopen: "reopen",
};

const way = ["assigned", "accepted", "departed", "arrived", "done"] as const;

const reasoned: JobAction[] = ["pause", "decline", "cancel", "reopen"];

export function Jobs({ incident, jobs, assigning }: { incident: Incident; jobs: Job[]; assigning: number }) {
  const t = useT();
  const { act } = useActions();
  const { role } = useDesk().session.actor;
  const open = jobs.filter(j => j.state !== "done" && j.state !== "cancelled");
  // The job that the A key means: one without a crew, or else the only one.
  const target = open.find(j => j.state === "planned") ?? open.find(j => j.state !== "arrived");
  return (
    <section className="block" aria-label={t("jobs.title")}>
      <h3 className="section-title">{t("jobs.title")}</h3>
      {jobs.length === 0 && incident.state === "open" && (
        <div className="job">
          <p className="dim">{t("jobs.none")}</p>
          {may(role, "close") && (
            <Button className="button" onPress={() => void act(incident, "jobs")}>
              <Icon name="plus" size={16} /> {t("do.add-job")}
            </Button>
          )}
        </div>
      )}
      <ul className="jobs">
        {jobs.map(job => (
          <JobCard key={job.id} job={job} assigning={job === target ? assigning : 0} />
        ))}
      </ul>
    </section>
  );
}

function JobCard({ job, assigning }: { job: Job; assigning: number }) {
  const t = useT();
  const name = useName();
  const { departments, session } = useDesk();
  const { role } = session.actor;
  const { city } = usePicture();
  const { step } = useActions();
  const [choosing, setChoosing] = useState(false);
  const [asking, setAsking] = useState<About & JobAction>();
  const [busy, setBusy] = useState<JobAction>();
  const crew = job.crew ? city.crews.get(job.crew) : undefined;
  const ended = job.state === "done" || job.state === "cancelled";

  useEffect(() => {
    if (assigning) setChoosing(true);
  }, [assigning]);
  const recommending = may(role, "assign") && !ended && (job.state === "planned" || choosing);

  const make = async (action: JobAction) => {
    if (action === "assign") return setChoosing(c => !c);
    if (reasoned.includes(action)) return setAsking(action as About & JobAction);
    setBusy(action);
    await step(job, action);
    setBusy(undefined);
  };
  const actions = (steps[job.state] ?? []).filter(
    // A planned job has its recommendations open already.
    a => may(role, deedOf(a)) && !(a === "assign" && job.state === "planned"),
  );
  const [first, ...rest] = actions;
  return (
    <li className={`job ${ended ? "ended" : ""}`}>
      <div className="job-head">
        {crew ? (
          <CrewTag crew={crew} />
        ) : (
          <Icon name={job.state === "planned" ? "user" : "truck"} size={20} />
        )}
        <div className="job-who">
          <strong>
            {crew ? (
              <bdi>{crew.name}</bdi>
            ) : job.state === "planned" ? (
              t("jobs.no-crew")
            ) : (
              t("jobs.crew-unknown")
            )}
          </strong>
          <span className="dim">
            <bdi>{job.number}</bdi> · {name(departments.get(job.department)?.names, job.department)}
          </span>
        </div>
        <span className={`job-state ${job.state}`}>{t(`job.${job.state}`)}</span>
      </div>
      {job.reason && (
        <p className="job-reason">
          <Icon name="message" size={14} /> <bdi>{job.reason}</bdi>
        </p>
      )}
      {job.note && (
        <p className="job-reason dim">
          <Icon name="message" size={14} /> <bdi>{job.note}</bdi>
        </p>
      )}
      {job.contested && <Contested job={job} />}
      {!ended && job.state !== "planned" && <Way job={job} />}
      <Record job={job} />
      {recommending && <Recommend job={job} focus={assigning} onDone={() => setChoosing(false)} />}
      {actions.length > 0 && (
        <div className="job-actions">
          {first && (
            <Button
              className={job.state === "planned" || ended ? "button small quiet" : "button small strong"}
              isDisabled={!!busy}
              onPress={() => void make(first)}
            >
              <Icon name={icons[first]} size={16} /> {t(`act.${first}`)}
            </Button>
          )}
          {rest.map(action => (
            <Button
              key={action}
              className="button small quiet"
              isDisabled={!!busy}
              onPress={() => void make(action)}
            >
              {action === "assign" ? t("act.reassign") : t(`act.${action}`)}
            </Button>
          ))}
        </div>
      )}
      {asking && (
        <ReasonDialog
          about={asking}
          onClose={() => setAsking(undefined)}
          onReason={reason => step(job, asking, { reason })}
        />
      )}
    </li>
  );
}

// Contested leads to where the field and the desk disagree about the job.
function Contested({ job }: { job: Job }) {
  const t = useT();
  const { city } = usePicture();
  const conflict = [...city.conflicts.values()].find(c => c.job === job.id);
  return (
    <Link className="contested" to="/console/conflicts" search={conflict ? { conflict: conflict.id } : {}}>
      <Icon name="exchange" size={16} /> {t("conflicts.contested")}
    </Link>
  );
}

// Way is how far the crew has come, as the steps of a walk.
function Way({ job }: { job: Job }) {
  const t = useT();
  const state = job.state === "paused" ? (job.paused_from ?? "accepted") : job.state;
  const here = way.indexOf(state as (typeof way)[number]);
  return (
    <ol className={`way ${job.state === "paused" ? "paused" : ""}`}>
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
  );
}
