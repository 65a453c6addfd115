import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useIntl } from "react-intl";
import type { ID, Trail } from "../../shared/api.ts";
import { call, query } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useName, useT } from "../../shared/texts/index.tsx";
import { span } from "../../shared/texts/Words.tsx";
import { CrewTag } from "../CrewTag.tsx";
import { useHands } from "../hands.tsx";
import { Empty } from "../States.tsx";
import { useDesk, useNow, usePicture } from "../state.tsx";
import { type Leg, legsOf, shiftDay } from "./legs.ts";
import { seen } from "./seen.ts";

// TrailPanel is where one crew was on a day: the figures, and its stops in
// order beside their numbers on the map. Arrows walk the list, and the map
// follows; Page Up and Page Down go a day back and on.
export function TrailPanel({ id, onClose }: { id: ID; onClose: () => void }) {
  const t = useT();
  const at = useNow(10_000);
  const intl = useIntl();
  const { session } = useDesk();
  const { city } = usePicture();
  const { setTrail } = useHands();
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: session.authority.time_zone }).format(at);
  const [day, setDay] = useState(today);
  const [stop, setStop] = useState<number>();
  const crew = city.crews.get(id);
  const trail = useQuery({
    queryKey: ["trail", id, day],
    queryFn: () => call<Trail>(`/crews/${id}/trail${query({ day })}`),
    refetchInterval: day === today ? 30_000 : false,
  });
  const found = trail.data;

  useEffect(
    () => setTrail(found && { name: `trail ${found.crew} ${found.day}`, trail: found, stop }),
    [found, stop, setTrail],
  );
  useEffect(() => () => setTrail(undefined), [setTrail]);

  const go = (by: number) => {
    const next = shiftDay(day, by);
    if (next > today) return;
    setStop(undefined);
    setDay(next);
  };
  return (
    <section
      className="trail"
      aria-label={t("trail.title", { crew: crew?.code ?? "" })}
      onKeyDown={e => {
        if (e.key === "PageUp" || e.key === "PageDown") {
          e.preventDefault();
          go(e.key === "PageUp" ? -1 : 1);
        }
      }}
    >
      <div className="side-head">
        <h2 className="trail-title">
          {crew && <CrewTag crew={crew} look="busy" />}
          <bdi>{crew?.name}</bdi>
        </h2>
        <Button className="icon-button" aria-label={t("do.close")} onPress={onClose} autoFocus>
          <Icon name="close" size={20} />
        </Button>
      </div>
      {crew?.at && (
        <p className="trail-last">
          <Icon name="pin" size={14} /> {seen(t, "trail", at - Date.parse(crew.at))}
        </p>
      )}
      <div className="trail-day">
        <Button className="button small" onPress={() => go(-1)}>
          {t("trail.before")}
        </Button>
        <input
          type="date"
          className="input"
          aria-label={t("trail.day")}
          value={day}
          max={today}
          onChange={e => {
            if (!e.target.value) return;
            setStop(undefined);
            setDay(e.target.value);
          }}
        />
        <Button className="button small" isDisabled={day >= today} onPress={() => go(1)}>
          {t("trail.after")}
        </Button>
      </div>
      {trail.isPending && (
        <div className="skeleton" aria-busy="true">
          <div />
          <div />
        </div>
      )}
      {trail.isError && (
        <Empty icon="offline" title={t("trail.failed")}>
          <Button className="button" onPress={() => void trail.refetch()}>
            {t("do.retry")}
          </Button>
        </Empty>
      )}
      {found && !found.from && (
        <Empty icon="route" title={t("trail.empty")}>
          {t(found.off_duty > 0 ? "trail.off-duty" : "trail.empty-more")}
        </Empty>
      )}
      {found?.from && (
        <>
          <dl className="trail-figures">
            <div>
              <dt>{t("trail.driven")}</dt>
              <dd>
                {t("trail.km", { n: intl.formatNumber(found.metres / 1000, { maximumFractionDigits: 1 }) })}
              </dd>
            </div>
            <div>
              <dt>{t("trail.moving")}</dt>
              <dd>{span(t, found.moving_seconds * 1000)}</dd>
            </div>
            <div>
              <dt>{t("trail.standing")}</dt>
              <dd>{span(t, found.standing_seconds * 1000)}</dd>
            </div>
          </dl>
          <Legs trail={found} stop={stop} onStop={setStop} />
          {(found.doubted > 0 || found.off_duty > 0) && (
            <p className="trail-note">
              {found.doubted > 0 && t("trail.doubted", { n: found.doubted })}{" "}
              {found.off_duty > 0 && t("trail.hidden", { n: found.off_duty })}
            </p>
          )}
        </>
      )}
    </section>
  );
}

function Legs({
  trail,
  stop,
  onStop,
}: {
  trail: Trail;
  stop: number | undefined;
  onStop: (n: number) => void;
}) {
  const t = useT();
  const intl = useIntl();
  const name = useName();
  const { categories } = useDesk();
  const { show, open } = useHands();
  const list = useRef<HTMLOListElement>(null);
  const legs = useMemo(() => legsOf(trail), [trail]);
  const time = (at: string) => intl.formatTime(at, { hour: "2-digit", minute: "2-digit", hour12: false });
  const walk = (e: React.KeyboardEvent) => {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>(".trail-stop") ?? [])];
    const next =
      buttons[buttons.indexOf(document.activeElement as HTMLElement) + (e.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    e.preventDefault();
    next.focus();
  };
  const look = (leg: Leg) => {
    if (leg.kind !== "stop") return;
    onStop(leg.n);
    show(leg.stop.lat, leg.stop.lon, 15);
  };
  if (legs.length === 0) return <p className="trail-note">{t("trail.no-stops")}</p>;
  return (
    <ol className="trail-legs" ref={list} onKeyDown={walk} aria-label={t("trail.stops")}>
      {legs.map(leg =>
        leg.kind === "gap" ? (
          <li key={leg.from} className="trail-gap">
            <span className="trail-when">
              <bdi>{time(leg.from)}</bdi>
            </span>
            <span>
              {t("trail.gap", {
                span: span(t, leg.length),
                n: intl.formatNumber(leg.metres / 1000, { maximumFractionDigits: 1 }),
              })}
            </span>
          </li>
        ) : (
          <li key={leg.from}>
            <button
              type="button"
              className="trail-stop"
              aria-current={leg.n === stop}
              onClick={() => look(leg)}
              onFocus={e => e.currentTarget.matches(":focus-visible") && look(leg)}
            >
              <span className="trail-when">
                <bdi>{time(leg.from)}</bdi>
              </span>
              <span className="trail-n">{leg.n + 1}</span>
              <span className="trail-where">
                <strong>
                  <bdi>{leg.stop.label || t("trail.somewhere")}</bdi>
                </strong>
                <span className="dim">
                  {t("trail.stood", { span: span(t, leg.length), until: time(leg.stop.to) })}
                </span>
              </span>
            </button>
            {leg.stop.job && (
              <Button className="link trail-job" onPress={() => open(leg.stop.job!.incident)}>
                {name(categories.get(leg.stop.job.category)?.names, leg.stop.job.category)}{" "}
                <bdi>{leg.stop.job.number}</bdi>
              </Button>
            )}
          </li>
        ),
      )}
    </ol>
  );
}
