import { useRef, useState } from "react";
import { Button } from "react-aria-components";
import type { ID, Plan } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useLanguage, useT } from "../../shared/texts/index.tsx";
import { span, useMoment } from "../../shared/texts/Words.tsx";
import { CrewTag } from "../CrewTag.tsx";
import { useHands } from "../hands.tsx";
import { may } from "../may.ts";
import { Empty } from "../States.tsx";
import { useDesk, useNow, usePicture } from "../state.tsx";
import { useSay } from "../toasts.tsx";
import { StopList } from "./StopList.tsx";
import { usePlan } from "./usePlan.ts";
import { useRoute } from "./useRoute.ts";

// PlanPanel is what a crew is to do today: its jobs in order with the times
// expected, the clocks that will be kept and missed, and why. A dispatcher drags,
// pins and undoes; everybody sees each change as it comes.
export function PlanPanel({ id, onClose }: { id: ID; onClose: () => void }) {
  const t = useT();
  const say = useSay();
  const { lang } = useLanguage();
  const at = useNow(30_000);
  const moment = useMoment();
  const { session } = useDesk();
  const { city } = usePicture();
  const { show } = useHands();
  const [chosen, setChosen] = useState<ID>();
  const spoken = useRef<HTMLParagraphElement>(null);
  const crew = city.crews.get(id);
  const { plan, busy, failed, ask } = usePlan(id);
  const stops = plan?.stops ?? [];
  const mine = may(session.actor.role, "plan");
  const n = stops.findIndex(s => s.job === chosen);
  useRoute(crew, stops, city.jobs, n < 0 ? undefined : n);

  const announce = (text: string) => {
    if (spoken.current) spoken.current.textContent = text;
  };
  // told says what came of a change to those who don't see it.
  const told = (after: Plan | undefined, job: ID) => {
    const place = after?.stops.findIndex(s => s.job === job) ?? -1;
    const s = after?.stops[place];
    if (!s) return;
    announce(
      t(s.late_seconds ? "plan.moved-late" : "plan.moved-to", {
        number: s.number,
        place: place + 1,
        of: after!.stops.length,
        time: moment(s.arrive, at),
        late: span(t, (s.late_seconds ?? 0) * 1000),
      }),
    );
  };
  const undo = async () => {
    if (await ask("/undo", {})) announce(t("plan.undone"));
  };
  const move = async (job: ID, to: number) => {
    const after = await ask("/move", { job, to });
    if (!after) return;
    told(after, job);
    say.done(t("plan.moved-done", { number: after.stops.find(s => s.job === job)?.number ?? "" }));
  };
  const pin = async (job: ID, pinned: boolean, clock?: string) => {
    const after = await ask("/pin", {
      job,
      pinned,
      ...(clock && { at: `${plan?.day}T${clock}` }),
    });
    if (after) told(after, job);
  };
  const choose = (job: ID) => {
    setChosen(job);
    const place = city.jobs.get(job)?.place;
    if (place?.lat != null && place.lon != null) show(place.lat, place.lon, 15);
  };
  const why = plan?.why?.[lang] ?? plan?.why?.he;
  return (
    <section className="plan-panel" aria-label={t("plan.title", { crew: crew?.code ?? "" })}>
      <div className="side-head">
        <h2 className="trail-title">
          {crew && <CrewTag crew={crew} look="busy" />}
          <span className="plan-head">
            <bdi>{crew?.name}</bdi>
            <span className="dim">{t("plan.day")}</span>
          </span>
        </h2>
        <Button className="icon-button" aria-label={t("do.close")} onPress={onClose} autoFocus>
          <Icon name="close" size={20} />
        </Button>
      </div>
      <p className="sr" role="status" ref={spoken} />
      {!plan && !failed && (
        <div className="skeleton" aria-busy="true">
          <div />
          <div />
        </div>
      )}
      {failed && (
        <Empty icon="offline" title={t("trail.failed")}>
          {t("plan.failed")}
        </Empty>
      )}
      {plan && stops.length === 0 && (
        <Empty icon="circle-check" title={t("plan.empty")}>
          {t("plan.empty-more")}
        </Empty>
      )}
      {plan && stops.length > 0 && (
        <>
          <dl className="trail-figures">
            <div>
              <dt>{t("plan.jobs")}</dt>
              <dd>
                {stops.length}
                {!!plan.further && <span className="dim"> {t("plan.further", { n: plan.further })}</span>}
              </dd>
            </div>
            <div>
              <dt>{t("trail.driven")}</dt>
              <dd>{span(t, plan.drive_seconds * 1000)}</dd>
            </div>
            <div className={plan.missed ? "plan-missed" : "plan-kept"}>
              <dt>{t(plan.missed ? "plan.missed" : "plan.clocks")}</dt>
              <dd>
                <Icon name={plan.missed ? "alert" : "circle-check"} size={16} />{" "}
                {plan.missed
                  ? t("plan.missed-by", { n: plan.missed, span: span(t, plan.late_seconds * 1000) })
                  : t("plan.all-kept")}
              </dd>
            </div>
          </dl>
          {why && (
            <p className="plan-why">
              <Icon name="history" size={14} />
              <span>
                <bdi>{why}</bdi>{" "}
                <span className="dim">
                  {moment(plan.made_at, at)}
                  {plan.by.name
                    ? ` · ${plan.by.name}`
                    : plan.by.role === "system"
                      ? ` · ${t("plan.itself")}`
                      : ""}
                </span>
              </span>
            </p>
          )}
          {mine && (
            <div className="plan-tools">
              <Button className="button small" isDisabled={busy || !plan.undo} onPress={() => void undo()}>
                <Icon name="undo" size={16} /> {t("plan.undo")}
              </Button>
              <Button className="button small" isDisabled={busy} onPress={() => void ask("", {})}>
                <Icon name="refresh" size={16} /> {t("plan.anew")}
              </Button>
            </div>
          )}
          <StopList
            plan={plan}
            at={at}
            mine={mine}
            busy={busy}
            chosen={chosen}
            onChoose={choose}
            onMove={(job, to) => void move(job, to)}
            onStay={() => announce(t("plan.stays"))}
            onPin={(job, pinned, clock) => void pin(job, pinned, clock)}
          />
          {plan.ends && <p className="trail-note">{t("plan.ends", { time: moment(plan.ends, at) })}</p>}
          {mine && <p className="trail-note">{t("plan.keys")}</p>}
        </>
      )}
    </section>
  );
}
