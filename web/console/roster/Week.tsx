import { type DragEvent, type KeyboardEvent, useMemo, useRef, useState } from "react";
import { useIntl } from "react-intl";
import type { Crew, Roster, Shift } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { CrewTag } from "../CrewTag.tsx";
import type { Words } from "../crews/groups.ts";
import { useDesk, useNow } from "../state.tsx";
import { useSay } from "../toasts.tsx";
import { ShiftForm } from "./ShiftForm.tsx";
import type { useShifts } from "./useRoster.ts";
import { cellsOf, clock, dayOf, hours, span, step } from "./week.ts";

interface Props {
  roster: Roster;
  crews: Crew[];
  words: Words;
  mine: boolean;
  shifts: ReturnType<typeof useShifts>;
}

interface Open {
  crew: Crew;
  day: number;
  shift?: Shift;
}

// Week is the grid of crews and days. One cell takes the keyboard: arrows move
// it, Enter opens its shift or a new one, Ctrl-C and Ctrl-V copy a shift to
// another cell, Delete removes it. With the mouse a shift is dragged, and
// copied with Ctrl.
export function Week({ roster, crews, words, mine, shifts }: Props) {
  const t = useT();
  const say = useSay();
  const intl = useIntl();
  const at = useNow(60_000);
  const { session } = useDesk();
  const zone = session.authority.time_zone;
  const { days } = roster;
  const cells = useMemo(() => cellsOf(days, roster.shifts), [days, roster.shifts]);
  const [here, setHere] = useState<[number, number]>([0, 0]);
  const [open, setOpen] = useState<Open>();
  const held = useRef<Shift>(undefined);
  const dragged = useRef<Shift>(undefined);
  const table = useRef<HTMLTableElement>(null);

  // At noon, so that no zone or change of the clock makes it another date.
  const dayName = (n: number, long = true) =>
    intl.formatDate(Date.parse(days[n]!.from) + 12 * 3_600_000, {
      weekday: long ? "long" : "short",
      day: "numeric",
      month: "numeric",
    });
  const times = (s: Shift) => `${clock(s.from, zone)}–${clock(s.until, zone)}`;
  const focus = (row: number, day: number) => {
    setHere([row, day]);
    table.current?.querySelector<HTMLElement>(`[data-cell="${row}.${day}"]`)?.focus();
  };
  const put = (s: Shift, crew: Crew, day: number) =>
    shifts.plan({
      crew: crew.id,
      ...span(days[day]!.date, clock(s.from, zone), clock(s.until, zone)),
      state: s.state,
      members: s.members,
      vehicle: s.vehicle,
      skills: s.skills,
      note: s.note,
    });

  const press = (e: KeyboardEvent, row: number, day: number, crew: Crew, inCell: Shift[]) => {
    const to = step(e.key, [row, day], [crews.length, days.length], document.body.dir === "rtl");
    if (to && !e.altKey && !e.metaKey) {
      e.preventDefault();
      return focus(...to);
    }
    if (!mine) return;
    const shift =
      inCell.find(s => s.id === (document.activeElement as HTMLElement).dataset.shift) ?? inCell[0];
    if ((e.ctrlKey || e.metaKey) && e.code === "KeyC" && shift) {
      held.current = shift;
      say.done(t("roster.copied"));
    } else if ((e.ctrlKey || e.metaKey) && e.code === "KeyV" && held.current) {
      void put(held.current, crew, day);
    } else if (e.key === "Delete" && shift) {
      void shifts.remove(shift);
    } else if (e.key === "Enter" && e.target === e.currentTarget) {
      setOpen({ crew, day, shift });
    } else return;
    e.preventDefault();
  };

  const drop = (e: DragEvent, crew: Crew, day: number) => {
    e.preventDefault();
    const s = dragged.current;
    dragged.current = undefined;
    if (!s || (s.crew === crew.id && dayOf(days, s) === day)) return;
    if (e.ctrlKey || e.metaKey) void put(s, crew, day);
    else {
      void shifts.change(s, {
        crew: crew.id,
        ...span(days[day]!.date, clock(s.from, zone), clock(s.until, zone)),
      });
    }
  };

  const row = Math.min(here[0], Math.max(0, crews.length - 1));
  return (
    <div className="roster-scroll">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the cells take the keyboard */}
      <table className="week" role="grid" aria-label={t("roster.title")} ref={table}>
        <thead>
          <tr>
            <th scope="col">{t("roster.crew")}</th>
            {days.map((d, n) => (
              <th
                scope="col"
                key={d.date}
                className={Date.parse(d.from) <= at && at < Date.parse(d.until) ? "today" : undefined}
              >
                {dayName(n, false)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {crews.map((crew, r) => {
            const of = cells.get(crew.id) ?? days.map(() => []);
            const sum = hours(days, of.flat());
            return (
              <tr key={crew.id}>
                <th scope="row">
                  <span className="week-crew">
                    <CrewTag crew={crew} look="free" />
                    <span className="crew-text">
                      <strong>
                        <bdi>{crew.name}</bdi>
                      </strong>
                      <span className="crew-doing">
                        {crew.kind !== "crew" && `${words.kind(crew.kind)} · `}
                        {sum > 0 ? t("roster.hours", { n: sum }) : "–"}
                      </span>
                    </span>
                  </span>
                </th>
                {of.map((inCell, d) => {
                  const label = inCell.length
                    ? t("roster.cell-some", {
                        crew: crew.name,
                        day: dayName(d),
                        shifts: inCell
                          .map(s => `${t(`roster.state-${s.state as "on"}`)} ${times(s)}`)
                          .join(", "),
                      })
                    : t("roster.cell-none", { crew: crew.name, day: dayName(d) });
                  return (
                    <td
                      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of the grid above
                      role="gridcell"
                      key={days[d]!.date}
                      data-cell={`${r}.${d}`}
                      aria-label={label}
                      tabIndex={r === row && d === here[1] ? 0 : -1}
                      onFocus={() => setHere([r, d])}
                      onKeyDown={e => press(e, r, d, crew, inCell)}
                      onDoubleClick={() => mine && setOpen({ crew, day: d })}
                      onDragOver={e => mine && e.preventDefault()}
                      onDrop={e => drop(e, crew, d)}
                    >
                      {inCell.map(s => (
                        <button
                          type="button"
                          key={s.id}
                          tabIndex={-1}
                          className={`turn ${s.state}`}
                          data-shift={s.id}
                          disabled={!mine}
                          draggable={mine}
                          onDragStart={e => {
                            dragged.current = s;
                            e.dataTransfer.effectAllowed = "copyMove";
                            e.dataTransfer.setData("text/plain", times(s));
                          }}
                          onClick={() => setOpen({ crew, day: d, shift: s })}
                        >
                          <span className="turn-time">
                            {s.state === "standby" && <Icon name="standby" size={14} />}
                            <bdi dir="ltr">{times(s)}</bdi>
                          </span>
                          {(s.vehicle || s.members.length > 0) && (
                            <span className="turn-who">
                              <bdi>
                                {[s.vehicle, ...s.members.map(m => m.name)].filter(Boolean).join(", ")}
                              </bdi>
                            </span>
                          )}
                        </button>
                      ))}
                      {mine && inCell.length === 0 && (
                        <button
                          type="button"
                          className="turn-add"
                          tabIndex={-1}
                          aria-label={t("roster.add")}
                          onClick={() => setOpen({ crew, day: d })}
                        >
                          <Icon name="plus" size={16} />
                        </button>
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t("roster.on-duty")}</th>
            {days.map((d, n) => (
              <td key={d.date}>
                {crews.filter(c => cells.get(c.id)?.[n]?.some(s => s.state === "on")).length}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
      {roster.shifts.length === 0 && (
        <p className="roster-empty">
          <strong>{t("roster.empty")}</strong> <span className="dim">{mine && t("roster.empty-more")}</span>
        </p>
      )}
      {open && (
        <ShiftForm
          crew={open.crew}
          date={days[open.day]!.date}
          day={dayName(open.day)}
          shift={open.shift}
          shifts={shifts}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}
