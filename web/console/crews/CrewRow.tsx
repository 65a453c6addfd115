import type { Crew, Job } from "../../shared/api.ts";
import { dutyAt, endsAt, skillsOf } from "../../shared/duty.ts";
import { useName, useT } from "../../shared/texts/index.tsx";
import { span, useMoment } from "../../shared/texts/Words.tsx";
import { silentAfter } from "../../shared/urgency.ts";
import { CrewTag } from "../CrewTag.tsx";
import { useHands } from "../hands.tsx";
import { PlanButton } from "../plan/PlanButton.tsx";
import { useDesk } from "../state.tsx";
import { TrailButton } from "../trail/TrailButton.tsx";
import { DutyMenu } from "./DutyMenu.tsx";
import type { Group, Words } from "./groups.ts";

const stages = ["assigned", "paused", "accepted", "departed", "arrived"];

interface Props {
  crew: Crew;
  group: Group;
  jobs: Job[];
  words: Words;
  at: number;
}

// CrewRow is who a crew is, what it does and where, and until when.
export function CrewRow({ crew, group, jobs, words, at }: Props) {
  const t = useT();
  const name = useName();
  const moment = useMoment();
  const { categories } = useDesk();
  const { open, showCrew } = useHands();
  const job = [...jobs].sort((a, b) => stages.indexOf(b.state) - stages.indexOf(a.state))[0];
  const age = crew.at ? at - Date.parse(crew.at) : undefined;
  const watched = group === "free" || group === "busy" || group === "break";
  const silent = watched && (age === undefined || age > silentAfter);
  const look = group === "off" ? "off" : silent ? "silent" : group === "free" ? "free" : "busy";
  const ends = endsAt(crew, at);
  const vehicle = crew.shift?.vehicle || crew.vehicle;
  const able = skillsOf(crew).map(words.skill);
  const who = [vehicle, able.slice(0, 4).join(", ") + (able.length > 4 ? "…" : "")].filter(Boolean);
  const until = () => {
    if (group === "break")
      return ends ? t("crew.back-at", { time: moment(ends, at) }) : t("crew.back-unknown");
    return ends && t("crew.until", { time: moment(ends, at) });
  };
  return (
    <li className="crew-row">
      <button
        type="button"
        className="crew-main"
        data-crew={crew.id}
        onClick={() => (job ? open(job.incident) : showCrew(crew.id))}
      >
        <CrewTag crew={crew} look={look} />
        <span className="crew-text">
          <span className="crew-name">
            <strong>
              <bdi>{crew.name}</bdi>
            </strong>
            {crew.kind !== "crew" && (
              <span className={`crew-kind ${crew.kind}`}>{words.kind(crew.kind)}</span>
            )}
          </span>
          <span className="crew-doing">
            {job ? (
              <>
                {t(`job.${job.state}`)} · {name(categories.get(job.category)?.names, job.category)} ·{" "}
                <bdi>{job.place.label}</bdi>
              </>
            ) : (
              (crew.departments ?? []).map(words.department).join(", ")
            )}
          </span>
          {!job && who.length > 0 && (
            <span className="crew-doing">
              {who.map((part, n) => (
                <bdi key={part}>
                  {n > 0 && " · "}
                  {part}
                </bdi>
              ))}
            </span>
          )}
        </span>
        <span className="crew-side">
          {until() && <span className="crew-until">{until()}</span>}
          {jobs.length > 1 && <span className="crew-queue">{t("crew.jobs", { n: jobs.length })}</span>}
          {silent && (
            <span className="crew-age">
              {age === undefined ? t("crew.never") : t("crew.age", { span: span(t, age) })}
            </span>
          )}
        </span>
      </button>
      <PlanButton crew={crew} />
      <TrailButton crew={crew} />
      <DutyMenu crew={crew} duty={dutyAt(crew, at)} jobs={jobs} at={at} />
    </li>
  );
}
