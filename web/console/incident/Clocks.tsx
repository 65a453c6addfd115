import type { Clock, Incident } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { span, useMoment } from "../../shared/texts/Words.tsx";
import { read } from "../../shared/urgency.ts";

// Clocks shows each promise: what was promised, when it is due, how much of it
// is used, and every pause with its reason.
export function Clocks({ incident, at }: { incident: Incident; at: number }) {
  const t = useT();
  if (!incident.clocks?.length) return null;
  return (
    <section className="block" aria-label={t("clocks.title")}>
      <h3 className="section-title">{t("clocks.title")}</h3>
      <ul className="clocks">
        {incident.clocks.map(clock => (
          <ClockRow key={clock.kind} clock={clock} at={at} />
        ))}
      </ul>
    </section>
  );
}

function ClockRow({ clock, at }: { clock: Clock; at: number }) {
  const t = useT();
  const moment = useMoment();
  const r = read(clock, at);
  const late = r.left <= 0;
  const words = clock.stopped_at
    ? late
      ? t("clocks.met-late", { span: span(t, r.left) })
      : t("clocks.met", { at: moment(clock.stopped_at, at) })
    : r.urgency === "paused"
      ? t("urgency.paused-left", { span: span(t, r.left) })
      : late
        ? t("urgency.late-by", { span: span(t, r.left) })
        : t("urgency.left", { span: span(t, r.left) });
  const look = clock.stopped_at ? (late ? "overdue met" : "met") : r.urgency;
  return (
    <li className={`clock ${look}`}>
      <div className="clock-line">
        <strong>{t(`clock.${clock.kind}`)}</strong>
        <span className={`remaining ${clock.stopped_at && !late ? "ontime" : r.urgency}`}>
          {clock.stopped_at && !late && <Icon name="check" size={14} />} {words}
        </span>
      </div>
      <div className="clock-bar" aria-hidden="true">
        <span style={{ inlineSize: `${Math.round((1 - r.part) * 100)}%` }} />
      </div>
      <p className="dim">
        {t("clocks.standard", { standard: t(`unit.${clock.standard.unit}`, { n: clock.standard.n }) })} ·{" "}
        {t("clocks.due", { at: moment(clock.due_at, at) })}
      </p>
      {clock.pauses?.map(pause => (
        <p className="clock-pause" key={pause.from}>
          <Icon name="pause" size={14} />
          <span>
            <bdi>{pause.reason}</bdi> · {moment(pause.from, at)}
            {pause.until ? `–${moment(pause.until, at)}` : ` · ${t("clocks.still-paused")}`}
          </span>
        </p>
      ))}
    </li>
  );
}
