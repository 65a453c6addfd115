import { useQuery } from "@tanstack/react-query";
import { Fragment, useEffect, useRef, useState } from "react";
import type { Crew, ID, Job, Recommendation } from "../../shared/api.ts";
import { call } from "../../shared/client.ts";
import { useT } from "../../shared/texts/index.tsx";
import { span } from "../../shared/texts/Words.tsx";
import { CrewTag } from "../CrewTag.tsx";
import { useHands } from "../hands.tsx";
import { usePicture } from "../state.tsx";
import { useSay } from "../toasts.tsx";
import { useActions } from "../useActions.ts";

// Recommend ranks the crews for a job and says why for each. The suitable ones
// come first; the others are there for who knows better.
export function Recommend({ job, focus, onDone }: { job: Job; focus: number; onDone: () => void }) {
  const t = useT();
  const say = useSay();
  const { open } = useHands();
  const { city, jobsBy } = usePicture();
  const { step } = useActions();
  const [all, setAll] = useState(false);
  const [busy, setBusy] = useState<ID>();
  const list = useRef<HTMLUListElement>(null);
  const query = useQuery({
    queryKey: ["recommend", job.id, job.version],
    queryFn: () => call<{ crews: Recommendation[] }>(`/jobs/${job.id}/recommend`),
    staleTime: 15_000,
    refetchInterval: 30_000,
  });
  const ranked = (query.data?.crews ?? []).filter(r => r.crew !== job.crew && city.crews.has(r.crew));
  const suitable = ranked.filter(r => r.suitable);
  const others = ranked.filter(r => !r.suitable);
  const shown = all ? [...suitable, ...others] : suitable.slice(0, 4);
  const more = ranked.length - shown.length;

  const ready = query.isSuccess;
  useEffect(() => {
    if (focus && ready) list.current?.querySelector("button")?.focus();
  }, [focus, ready]);

  const assign = async (crew: Crew) => {
    setBusy(crew.id);
    if (await step(job, "assign", { crew: crew.id })) {
      say.done(t("assign.done", { crew: crew.code }), { label: t("do.open"), run: () => open(job.incident) });
      onDone();
    }
    setBusy(undefined);
  };

  const walk = (e: React.KeyboardEvent) => {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>("button") ?? [])];
    const here = buttons.indexOf(document.activeElement as HTMLElement);
    const next = buttons[here + (e.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    e.preventDefault();
    next.focus();
  };

  if (query.isPending)
    return (
      <div className="skeleton short" aria-busy="true">
        <div />
        <div />
      </div>
    );
  return (
    <div className="recommend">
      <h4 className="recommend-title">{t("recommend.title")}</h4>
      {suitable.length === 0 && (
        <p className="dim">{query.isError ? t("recommend.failed") : t("recommend.none")}</p>
      )}
      <ul ref={list} onKeyDown={walk}>
        {shown.map((r, i) => {
          const crew = city.crews.get(r.crew)!;
          return (
            <li key={r.crew}>
              <button
                type="button"
                className={`candidate ${i === 0 && r.suitable ? "best" : ""} ${r.suitable ? "" : "unsuitable"}`}
                disabled={!!busy}
                onClick={() => void assign(crew)}
              >
                <CrewTag crew={crew} look={jobsBy.has(crew.id) ? undefined : "free"} />
                <span className="candidate-text">
                  <strong>
                    <bdi>{crew.name}</bdi>
                  </strong>
                  <span className="candidate-why">
                    {(r.text ?? []).map((reason, k) => (
                      <Fragment key={reason}>
                        {k > 0 && " · "}
                        <bdi>{reason}</bdi>
                      </Fragment>
                    ))}
                  </span>
                </span>
                <span className="candidate-time">
                  {r.seconds != null && r.seconds >= 0
                    ? span(t, Math.max(1, Math.ceil(r.seconds / 60)) * 60_000)
                    : ""}
                  <span className="candidate-do">{busy === crew.id ? "…" : t("act.assign")}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {more > 0 && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {t("recommend.more", { n: more })}
        </button>
      )}
    </div>
  );
}
