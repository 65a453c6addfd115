// What the page shows, as its address keeps it: a link opens what its sender
// saw. Dates are of the authority's calendar, YYYY-MM-DD; a period's end is the
// first day that isn't in it.

export const periods = ["month", "last-month", "quarter", "half", "year"] as const;
export type Preset = (typeof periods)[number];

export const lenses = [
  "reports",
  "per1000",
  "open",
  "overdue",
  "late",
  "median",
  "p90",
  "reopened",
  "respond",
  "hot",
  "emerging",
  "again",
  "readiness",
] as const;
export type Lens = (typeof lenses)[number];

export interface View {
  // A preset, or the dates themselves.
  period: Preset | "own";
  from: string;
  to: string;
  district: string;
  neighbourhood: string;
  category: string;
  channel: string;
  // A part of the week: a day ("d0" is Sunday), three hours of every day ("h9"),
  // or those of one day ("d0h9").
  week: string;
  lens: Lens;
}

export interface Period {
  from: string;
  to: string;
}

const dated = /^\d{4}-\d\d-\d\d$/;
const day = 86_400_000;

const utc = (date: string): Date => new Date(`${date}T00:00:00Z`);
const text = (date: Date): string => date.toISOString().slice(0, 10);

export function addDays(date: string, n: number): string {
  return text(new Date(utc(date).getTime() + n * day));
}

// addMonths is the same day so many months on, or the month's last one.
export function addMonths(date: string, n: number): string {
  const at = utc(date);
  const first = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + n, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(at.getUTCDate(), last));
  return text(first);
}

export const monthOf = (date: string): string => `${date.slice(0, 7)}-01`;

export function days(p: Period): number {
  return Math.round((utc(p.to).getTime() - utc(p.from).getTime()) / day);
}

// today is the date now where the authority is.
export function today(zone: string, at: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(at);
}

export function periodOf(view: Pick<View, "period" | "from" | "to">, now: string): Period {
  const month = monthOf(now);
  const to = addDays(now, 1);
  switch (view.period) {
    case "own":
      return { from: view.from, to: view.to };
    case "last-month":
      return { from: addMonths(month, -1), to: month };
    case "quarter":
      return { from: addMonths(month, -2), to };
    case "half":
      return { from: addMonths(month, -5), to };
    case "year":
      return { from: addMonths(month, -11), to };
    default:
      return { from: month, to };
  }
}

// earlier is the period that one is held against: as many months earlier where
// it begins with a month and spans some, to the same day of the month if it
// isn't over; as many days earlier otherwise.
export function earlier(p: Period): Period {
  if (p.from.endsWith("-01")) {
    const months = monthsOf({ from: p.from, to: addDays(p.to, -1) }).length;
    return {
      from: addMonths(p.from, -months),
      to: p.to.endsWith("-01") ? addMonths(p.to, -months) : addDays(addMonths(addDays(p.to, -1), -months), 1),
    };
  }
  return { from: addDays(p.from, -days(p)), to: p.from };
}

export function yearBefore(p: Period): Period {
  return { from: addMonths(p.from, -12), to: addMonths(p.to, -12) };
}

// monthsOf are the months that a period touches, each by its first day; here
// the period's last day is in it.
export function monthsOf(p: Period): string[] {
  const all: string[] = [];
  for (let m = monthOf(p.from); m <= p.to; m = addMonths(m, 1)) all.push(m);
  return all;
}

const weekly = /^(?=.)(d[0-6])?(h(0|3|6|9|12|15|18|21))?$/;

// hoursOf are the hours of the week, from Sunday's midnight, that a part of it has.
export function hoursOf(week: string): number[] {
  const day = /d(\d)/.exec(week)?.[1];
  const from = /h(\d+)/.exec(week)?.[1];
  const all: number[] = [];
  for (let h = 0; h < 7 * 24; h++) {
    if (day !== undefined && Math.floor(h / 24) !== Number(day)) continue;
    if (from !== undefined && Math.floor((h % 24) / 3) * 3 !== Number(from)) continue;
    all.push(h);
  }
  return all;
}

// readView takes an address apart; what it doesn't know is left at its default.
export function readView(search: string): View {
  const q = new URLSearchParams(search);
  const one = <T extends string>(all: readonly T[], name: string, otherwise: T): T =>
    all.find(v => v === q.get(name)) ?? otherwise;
  const from = q.get("from") ?? "";
  const to = q.get("to") ?? "";
  const real = (date: string) => dated.test(date) && !Number.isNaN(utc(date).getTime());
  const own = real(from) && real(to) && from < to;
  return {
    period: own ? "own" : one(periods, "period", "month"),
    from: own ? from : "",
    to: own ? to : "",
    district: q.get("district") ?? "",
    neighbourhood: q.get("neighbourhood") ?? "",
    category: q.get("category") ?? "",
    channel: q.get("channel") ?? "",
    week: weekly.test(q.get("week") ?? "") ? (q.get("week") ?? "") : "",
    lens: one(lenses, "lens", "reports"),
  };
}

export function writeView(view: View): string {
  const q = new URLSearchParams();
  if (view.period === "own") {
    q.set("from", view.from);
    q.set("to", view.to);
  } else if (view.period !== "month") q.set("period", view.period);
  for (const name of ["district", "neighbourhood", "category", "channel", "week"] as const)
    if (view[name]) q.set(name, view[name]);
  if (view.lens !== "reports") q.set("lens", view.lens);
  const said = q.toString();
  return said ? `?${said}` : "";
}
