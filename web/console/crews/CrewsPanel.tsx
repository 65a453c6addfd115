import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Button } from "react-aria-components";
import { Icon } from "../../shared/Icon.tsx";
import { useName, useT } from "../../shared/texts/index.tsx";
import { Empty } from "../States.tsx";
import { useDesk, useNow, usePicture } from "../state.tsx";
import { TabletsButton } from "../tablets/TabletsButton.tsx";
import { TrackersButton } from "../trackers/TrackersButton.tsx";
import { CrewRow } from "./CrewRow.tsx";
import { grouped, groups, type Words } from "./groups.ts";

// CrewsPanel is what the left zone shows while no incident is open: every crew,
// by what it can do for you now. Arrows walk it, and what is written above it
// narrows it.
export function CrewsPanel() {
  const t = useT();
  const name = useName();
  const at = useNow(10_000);
  const [away, setAway] = useState(false);
  const [search, setSearch] = useState("");
  const { city, jobsBy } = usePicture();
  const { departments, skills } = useDesk();
  const words = useMemo<Words>(
    () => ({
      skill: code => name(skills.get(code)?.names, code),
      department: code => name(departments.get(code)?.names, code),
      kind: kind => t(`crew.kind-${kind}`),
    }),
    [name, skills, departments, t],
  );
  const lists = useMemo(
    () => grouped(city.crews.values(), jobsBy, at, search, words),
    [city, jobsBy, at, search, words],
  );
  const some = groups.some(g => lists.get(g)!.length > 0);

  const walk = (e: React.KeyboardEvent<HTMLDivElement>) => {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    const rows = [...e.currentTarget.querySelectorAll<HTMLElement>(".crew-search input, .crew-main")];
    const here = rows.indexOf(document.activeElement as HTMLElement);
    if (here < 0) return;
    e.preventDefault();
    rows[here + (e.key === "ArrowDown" ? 1 : -1)]?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows only move the focus among its buttons
    <div className="side-body" onKeyDown={walk}>
      <div className="side-head">
        <h2>{t("side.crews")}</h2>
        <div className="side-tools">
          <TabletsButton />
          <TrackersButton />
          <Link className="button small quiet" to="/console/roster">
            <Icon name="list" size={16} /> {t("roster.title")}
          </Link>
        </div>
      </div>
      {city.crews.size === 0 ? (
        <Empty icon="truck" title={t("crews.empty")}>
          {t("crews.empty-more")}
        </Empty>
      ) : (
        <>
          <label className="input-with-icon crew-search">
            <Icon name="search" size={16} />
            <input
              className="input"
              type="search"
              dir="auto"
              aria-label={t("crews.search")}
              placeholder={t("crews.search")}
              value={search}
              onChange={e => setSearch(e.target.value)}
            />
          </label>
          {!some && (
            <Empty icon="search" title={t("crews.none")}>
              <Button className="link" onPress={() => setSearch("")}>
                {t("crews.clear")}
              </Button>
            </Empty>
          )}
          {groups
            .filter(g => lists.get(g)!.length > 0)
            .map(group => {
              const hidden = group === "off" && !away && !search;
              return (
                <section key={group} className="crew-group" aria-label={t(`crews.${group}`)}>
                  <h3 className="section-title">
                    {t(`crews.${group}`)} <bdi className="queue-count">{lists.get(group)!.length}</bdi>
                    {group === "off" && !search && (
                      <Button className="link" aria-expanded={away} onPress={() => setAway(!away)}>
                        {t(away ? "crews.hide" : "crews.show")}
                      </Button>
                    )}
                  </h3>
                  <ul>
                    {(hidden ? [] : lists.get(group)!).map(crew => (
                      <CrewRow
                        key={crew.id}
                        crew={crew}
                        group={group}
                        jobs={jobsBy.get(crew.id) ?? []}
                        words={words}
                        at={at}
                      />
                    ))}
                  </ul>
                </section>
              );
            })}
        </>
      )}
    </div>
  );
}
