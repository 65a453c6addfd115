import { useMemo } from "react";
import { useIntl } from "react-intl";
import type { Theme } from "../shared/theme.ts";
import type { Group } from "./figures.ts";
import { bandsOf, colorOf } from "./lens.ts";
import { useT } from "./texts/index.tsx";
import type { View } from "./view.ts";

interface Props {
  view: View;
  theme: Theme;
  groups: Group[] | undefined;
  onChange: (change: Partial<View>) => void;
}

const bands = [0, 3, 6, 9, 12, 15, 18, 21];
const days = [0, 1, 2, 3, 4, 5, 6];

// Week is when reports come, by day and hour. Its heads and cells choose a part
// of the week.
export function Week({ view, theme, groups, onChange }: Props) {
  const t = useT();
  const intl = useIntl();
  const counts = useMemo(() => {
    const all = new Map<string, number>();
    for (const g of groups ?? []) {
      const h = Number(g.hour);
      const at = `d${Math.floor(h / 24)}h${Math.floor((h % 24) / 3) * 3}`;
      all.set(at, (all.get(at) ?? 0) + g.received);
    }
    return all;
  }, [groups]);
  const ramp = bandsOf([...counts.values()], theme);
  // 4 January 1970 was a Sunday.
  const day = (d: number, long = false) =>
    intl.formatDate(Date.UTC(1970, 0, 4 + d, 12), { weekday: long ? "long" : "short", timeZone: "UTC" });
  const hours = (h: number) => `${h}:00–${h + 3}:00`;
  const choose = (week: string) => onChange({ week: week === view.week ? "" : week });
  return (
    <section className="card week" aria-labelledby="week">
      <h2 id="week">{t("week.title")}</h2>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <td />
              {bands.map(h => (
                <th key={h} scope="col">
                  <button type="button" aria-pressed={view.week === `h${h}`} onClick={() => choose(`h${h}`)}>
                    <bdi>{hours(h)}</bdi>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map(d => (
              <tr key={d}>
                <th scope="row">
                  <button type="button" aria-pressed={view.week === `d${d}`} onClick={() => choose(`d${d}`)}>
                    {day(d)}
                  </button>
                </th>
                {bands.map(h => {
                  const at = `d${d}h${h}`;
                  const n = counts.get(at) ?? 0;
                  return (
                    <td key={h}>
                      <button
                        type="button"
                        className="week-cell"
                        aria-pressed={view.week === at}
                        aria-label={t("week.pick", {
                          day: day(d, true),
                          hours: hours(h),
                          n: intl.formatNumber(n),
                        })}
                        onClick={() => choose(at)}
                      >
                        <i style={{ background: n ? colorOf(ramp, n) : undefined }} aria-hidden="true" />
                        <bdi>{intl.formatNumber(n)}</bdi>
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

// useWeekName says a part of the week.
export function useWeekName(): (week: string) => string {
  const intl = useIntl();
  return week => {
    const d = /d(\d)/.exec(week)?.[1];
    const h = /h(\d+)/.exec(week)?.[1];
    return [
      d === undefined
        ? ""
        : intl.formatDate(Date.UTC(1970, 0, 4 + Number(d), 12), { weekday: "long", timeZone: "UTC" }),
      h === undefined ? "" : `${h}:00–${Number(h) + 3}:00`,
    ]
      .filter(Boolean)
      .join(" ");
  };
}
