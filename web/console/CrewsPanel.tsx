import { useMemo, useState } from "react";
import { Button } from "react-aria-components";
import type { Crew, Job } from "../shared/api.ts";
import { Icon } from "../shared/Icon.tsx";
import { useName, useT } from "../shared/texts/index.tsx";
import { span } from "../shared/texts/Words.tsx";
import { silentAfter } from "../shared/urgency.ts";
import { CrewTag } from "./CrewTag.tsx";
import { useHands } from "./hands.tsx";
import { Empty } from "./States.tsx";
import { free, useDesk, useNow, usePicture } from "./state.tsx";
import { TrackersButton } from "./trackers/TrackersButton.tsx";
import { TrailButton } from "./trail/TrailButton.tsx";

type Group = "free" | "busy" | "break" | "off";

const groups: readonly Group[] = ["free", "busy", "break", "off"];
const stages = ["assigned", "paused", "accepted", "departed", "arrived"];

// CrewsPanel is what the left zone shows while no incident is open: every crew,
// by what it can do for you now.
export function CrewsPanel() {
  const t = useT();
  const at = useNow(10_000);
  const [away, setAway] = useState(false);
  const { city, jobsBy } = usePicture();
  const byGroup = useMemo(() => {
    const lists = new Map<Group, Crew[]>(groups.map(g => [g, []]));
    for (const crew of city.crews.values()) {
      const on = !!crew.on_until && Date.parse(crew.on_until) > at;
      const group = !on
        ? "off"
        : crew.on_break
          ? "break"
          : free(crew, jobsBy.get(crew.id), at)
            ? "free"
            : "busy";
      lists.get(group)!.push(crew);
    }
    for (const list of lists.values())
      list.sort((a, b) => a.code.localeCompare(b.code, undefined, { numeric: true }));
    return lists;
  }, [city, jobsBy, at]);

  if (city.crews.size === 0) {
    return (
      <div className="side-body">
        <Head />
        <Empty icon="truck" title={t("crews.empty")}>
          {t("crews.empty-more")}
        </Empty>
      </div>
    );
  }
  return (
    <div className="side-body">
      <Head />
      {groups
        .filter(g => byGroup.get(g)!.length > 0)
        .map(group => (
          <section key={group} className="crew-group">
            <h3 className="section-title">
              {t(`crews.${group}`)} <bdi className="queue-count">{byGroup.get(group)!.length}</bdi>
              {group === "off" && (
                <Button className="link" aria-expanded={away} onPress={() => setAway(!away)}>
                  {t(away ? "crews.hide" : "crews.show")}
                </Button>
              )}
            </h3>
            <ul>
              {(group === "off" && !away ? [] : byGroup.get(group)!).map(crew => (
                <CrewRow key={crew.id} crew={crew} group={group} jobs={jobsBy.get(crew.id) ?? []} at={at} />
              ))}
            </ul>
          </section>
        ))}
    </div>
  );
}

function Head() {
  const t = useT();
  return (
    <div className="side-head">
      <h2>{t("side.crews")}</h2>
      <TrackersButton />
    </div>
  );
}

function CrewRow({ crew, group, jobs, at }: { crew: Crew; group: Group; jobs: Job[]; at: number }) {
  const t = useT();
  const name = useName();
  const { departments, categories } = useDesk();
  const { open, showCrew } = useHands();
  const job = [...jobs].sort((a, b) => stages.indexOf(b.state) - stages.indexOf(a.state))[0];
  const age = crew.at ? at - Date.parse(crew.at) : undefined;
  const silent = group !== "off" && (age === undefined || age > silentAfter);
  const look = group === "off" ? "off" : silent ? "silent" : group === "free" ? "free" : "busy";
  const doing = job
    ? t(`job.${job.state}`)
    : (crew.departments ?? []).map(code => name(departments.get(code)?.names, code)).join(", ");
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
          <strong>
            <bdi>{crew.name}</bdi>
          </strong>
          <span className="crew-doing">
            {doing}
            {job && (
              <>
                {" · "}
                {name(categories.get(job.category)?.names, job.category)} · <bdi>{job.place.label}</bdi>
              </>
            )}
          </span>
        </span>
        {jobs.length > 1 && <span className="crew-queue">{t("crew.jobs", { n: jobs.length })}</span>}
        {silent && (
          <span className="crew-age">
            {age === undefined ? t("crew.never") : t("crew.age", { span: span(t, age) })}
          </span>
        )}
      </button>
      {crew.lat !== undefined && group !== "off" && (
        <Button
          className="icon-button"
          aria-label={t("crew.show", { crew: crew.code })}
          onPress={() => showCrew(crew.id)}
        >
          <Icon name="crosshair" size={16} />
        </Button>
      )}
      <TrailButton crew={crew} />
    </li>
  );
}
