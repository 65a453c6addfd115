import { useIntl } from "react-intl";
import type { Time } from "../api.ts";
import type { Reading } from "../urgency.ts";
import { type Key, type T, useT } from "./index.tsx";

const minute = 60_000;

// The few texts that say a length of time; every page has them.
type Say = (key: Extract<Key, `time.${string}` | `urgency.${string}`>, values?: Parameters<T>[1]) => string;

// span is a length of time in the two units that matter: "2 ימ' 3 שע'".
export function span(t: Say, ms: number): string {
  const mins = Math.max(0, Math.round(Math.abs(ms) / minute));
  if (mins < 60) return t("time.minutes", { n: mins });
  const hours = Math.floor(mins / 60);
  if (hours < 24) {
    const rest = mins % 60;
    return rest && hours < 6 ? t("time.hours-minutes", { h: hours, m: rest }) : t("time.hours", { n: hours });
  }
  const days = Math.floor(hours / 24);
  const rest = hours % 24;
  return rest && days < 4 ? t("time.days-hours", { d: days, h: rest }) : t("time.days", { n: days });
}

// remaining says in words what the ring shows.
export function remaining(t: Say, reading: Reading): string {
  switch (reading.urgency) {
    case "none":
      return t("urgency.none");
    case "paused":
      return t("urgency.paused-left", { span: span(t, reading.left) });
    case "overdue":
      return t("urgency.late-by", { span: span(t, reading.left) });
    default:
      return t("urgency.left", { span: span(t, reading.left) });
  }
}

export function Remaining({ reading }: { reading: Reading }) {
  const t = useT();
  return <span className={`remaining ${reading.urgency}`}>{remaining(t, reading)}</span>;
}

// Clock is a time of day, with the day where it isn't today.
export function useMoment(): (time: Time | number, now: number) => string {
  const intl = useIntl();
  return (time, now) => {
    const at = new Date(time);
    const hm = intl.formatTime(at, { hour: "2-digit", minute: "2-digit", hour12: false });
    const day = (d: Date) => intl.formatDate(d, { year: "numeric", month: "numeric", day: "numeric" });
    if (day(at) === day(new Date(now))) return hm;
    return `${intl.formatDate(at, { day: "numeric", month: "numeric" })} ${hm}`;
  };
}
