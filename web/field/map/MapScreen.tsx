import { lazy, Suspense, useMemo, useState } from "react";
import type { ID } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useName } from "../../shared/texts/index.tsx";
import { remaining } from "../../shared/texts/Words.tsx";
import { Guard } from "../Guard.tsx";
import { dayOf } from "../job/steps.ts";
import { jobReading } from "../job/urgency.ts";
import { Empty } from "../parts/Empty.tsx";
import { hrefOf } from "../route.ts";
import { useEngine, useField, useNow } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { Directions } from "../today/Directions.tsx";
import { JobRow } from "../today/JobRow.tsx";
import type { Stop } from "./FieldMap.ts";

// inSight brings the row of the job that was tapped on the map into the list's view.
function inSight(row: HTMLLIElement | null): void {
  row?.scrollIntoView({ block: "nearest" });
}

// MapScreen is the day in order on the ground, and as a list beside it, which
// needs no map.
export function MapScreen() {
  const t = useT();
  const name = useName();
  const engine = useEngine();
  const jobs = useField(s => s.jobs);
  const categories = useField(s => s.categories);
  const archive = useField(s => s.map.state);
  const offline = useField(s => s.link.state === "offline");
  const now = useNow(30_000);
  const [chosen, setChosen] = useState<ID>();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks for the chunk anew
  const MapView = useMemo(() => lazy(() => import("./MapView.tsx")), [attempt]);
  const day = useMemo(() => dayOf(jobs, now), [jobs, now]);
  const open = useMemo(() => jobs.filter(j => day.place.has(j.id)), [jobs, day]);
  const stops = useMemo<Stop[]>(
    () =>
      open.flatMap(job => {
        const { lat, lon, label } = job.place;
        if (lat === null || lon === null) return [];
        const reading = jobReading(job, now);
        const place = day.place.get(job.id)!;
        const what = name(categories.find(c => c.code === job.category)?.names, job.category);
        return [
          {
            id: job.id,
            lat,
            lon,
            place,
            urgency: reading.urgency,
            label: t("map.stop", { place, what, where: label, left: remaining(t, reading) }),
          },
        ];
      }),
    [open, day, now, categories, name, t],
  );
  return (
    <div className="map-screen">
      <div className="map-box">
        <Guard
          engine={engine}
          place={archive}
          instead={retry => (
            <div className="map-coming" role="status">
              <p>{t("map.failed")}</p>
              <button
                type="button"
                className="button"
                onClick={() => {
                  setAttempt(n => n + 1);
                  retry();
                }}
              >
                <Icon name="refresh" size={24} /> {t("do.retry")}
              </button>
            </div>
          )}
        >
          <Suspense fallback={<p className="map-coming">{t("map.coming")}</p>}>
            <MapView stops={stops} chosen={chosen} onStop={setChosen} />
          </Suspense>
        </Guard>
        {offline && archive !== "ready" && archive !== "stale" && (
          <p className="map-note">
            <Icon name="offline" size={24} />
            <span>{t("map.no-archive")}</span>
            <a href={hrefOf({ screen: "device" })}>{t("map.get-archive")}</a>
          </p>
        )}
      </div>
      <section className="map-list" aria-label={t("map.list")}>
        <h1 className="section-title">{t("map.list")}</h1>
        {open.length === 0 ? (
          <Empty icon="map" title={t("today.empty")} />
        ) : (
          <ol className="job-rows">
            {open.map(job => (
              <li key={job.id} className="map-row" ref={job.id === chosen ? inSight : undefined}>
                <JobRow job={job} place={day.place.get(job.id)!} now={now} chosen={job.id === chosen} />
                <div className="map-row-do">
                  {job.place.lat !== null && (
                    <button
                      type="button"
                      className="button small"
                      aria-pressed={job.id === chosen}
                      aria-label={t("map.show", { number: job.number })}
                      onClick={() => setChosen(job.id === chosen ? undefined : job.id)}
                    >
                      <Icon name="pin" size={20} /> {t("map.on")}
                    </button>
                  )}
                  <Directions place={job.place} small />
                </div>
              </li>
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}
