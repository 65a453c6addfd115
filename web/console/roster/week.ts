import type { ID, RosterDay, Shift } from "../../shared/api.ts";

// plus is a date so many days on.
export function plus(date: string, days: number): string {
  const d = new Date(`${date}T00:00:00Z`);
  d.setUTCDate(d.getUTCDate() + days);
  return d.toISOString().slice(0, 10);
}

// dayOf is the column of a shift: the day that it begins on, or the first for
// one that reaches in from the week before.
export function dayOf(days: readonly RosterDay[], shift: Shift): number {
  const from = Date.parse(shift.from);
  const n = days.findIndex(d => from < Date.parse(d.until));
  return n < 0 ? days.length - 1 : n;
}

// cellsOf parts a week's shifts by crew and day, each cell by time.
export function cellsOf(days: readonly RosterDay[], shifts: readonly Shift[]): Map<ID, Shift[][]> {
  const rows = new Map<ID, Shift[][]>();
  for (const s of [...shifts].sort((a, b) => Date.parse(a.from) - Date.parse(b.from))) {
    let row = rows.get(s.crew);
    if (!row) {
      row = days.map(() => []);
      rows.set(s.crew, row);
    }
    row[dayOf(days, s)]!.push(s);
  }
  return rows;
}

// hours is how long shifts of a state last, within the week.
export function hours(
  days: readonly RosterDay[],
  shifts: readonly Shift[],
  state: Shift["state"] = "on",
): number {
  const first = Date.parse(days[0]!.from);
  const last = Date.parse(days[days.length - 1]!.until);
  const ms = shifts
    .filter(s => s.state === state)
    .reduce(
      (sum, s) =>
        sum + Math.max(0, Math.min(last, Date.parse(s.until)) - Math.max(first, Date.parse(s.from))),
      0,
    );
  return Math.round(ms / 360_000) / 10;
}

// span is the from and until that the server takes, by the clock on the wall: an
// end that isn't after its begin is on the next day.
export function span(date: string, from: string, until: string): { from: string; until: string } {
  return { from: `${date}T${from}`, until: `${until > from ? date : plus(date, 1)}T${until}` };
}

// timeOf reads a time of day as people type it: 7, 730, 07:30, 7.30. It is
// undefined for what is none.
export function timeOf(text: string): string | undefined {
  const m = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(text.trim());
  if (!m || Number(m[1]) > 23 || Number(m[2] ?? 0) > 59) return undefined;
  return `${m[1]!.padStart(2, "0")}:${m[2] ?? "00"}`;
}

// clock is the time of day of an instant in a zone, "07:00".
export function clock(time: string, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(Date.parse(time));
}

// step is the cell that an arrow leads to; in a page that reads from the right,
// the left arrow leads on.
export function step(
  key: string,
  at: readonly [row: number, day: number],
  size: readonly [rows: number, days: number],
  rtl: boolean,
): [number, number] | undefined {
  const [row, day] = at;
  const moves: Record<string, [number, number]> = {
    ArrowUp: [row - 1, day],
    ArrowDown: [row + 1, day],
    ArrowLeft: [row, day + (rtl ? 1 : -1)],
    ArrowRight: [row, day + (rtl ? -1 : 1)],
    Home: [row, 0],
    End: [row, size[1] - 1],
  };
  const to = moves[key];
  if (!to) return undefined;
  return [Math.min(size[0] - 1, Math.max(0, to[0])), Math.min(size[1] - 1, Math.max(0, to[1]))];
}
