import { useMemo } from "react";
import { useIntl } from "react-intl";
import { rowsOf } from "./Categories.tsx";
import { useCity } from "./city.tsx";
import { type Row, useColumns } from "./columns.tsx";
import type { Group, Reporting } from "./figures.ts";
import { Grid } from "./Grid.tsx";
import { ofArea } from "./lens.ts";
import { useT } from "./texts/index.tsx";
import type { View } from "./view.ts";
import { useNames } from "./words.ts";

interface Props {
  view: View;
  groups: Group[] | undefined;
  was: Group[] | undefined;
  reporting: Reporting[] | undefined;
  onChange: (change: Partial<View>) => void;
}

// Compare is the neighbourhoods side by side, with how readily each reports:
// what the counts alone don't tell.
export function Compare({ view, groups, was, reporting, onChange }: Props) {
  const t = useT();
  const intl = useIntl();
  const city = useCity();
  const names = useNames();
  const c = useColumns();
  const ready = useMemo(() => new Map((reporting ?? []).map(r => [r.code, r])), [reporting]);
  const rows = useMemo(() => rowsOf(groups, was, g => g.neighbourhood ?? ""), [groups, was]);
  const n = (v: number) => intl.formatNumber(v, { maximumFractionDigits: 2 });
  const readiness = (r: Row) => ofArea("readiness", undefined, undefined, ready.get(r.code));
  const per1000 = (r: Row) => ofArea("per1000", r.figures, city.neighbourhoods.get(r.code), undefined);
  return (
    <Grid<Row>
      id="neighbourhoods"
      title={t("compare.title")}
      rows={rows}
      keyOf={r => r.code}
      first="received"
      few={12}
      chosen={view.neighbourhood}
      onChoose={r => onChange({ neighbourhood: r.code === view.neighbourhood ? "" : r.code })}
      columns={[
        {
          key: "name",
          name: t("compare.name"),
          sort: r => names.neighbourhood(r.code, r.figures.district ?? ""),
        },
        c.received,
        c.change,
        {
          key: "per1000",
          name: t("col.per1000"),
          sort: per1000,
          show: r => {
            const v = per1000(r);
            return v === undefined ? "–" : <bdi>{intl.formatNumber(v, { maximumFractionDigits: 1 })}</bdi>;
          },
        },
        c.kept,
        c.median,
        c.open,
        c.overdue,
        {
          key: "readiness",
          name: t("compare.readiness"),
          sort: readiness,
          show: r => {
            const v = readiness(r);
            const of = ready.get(r.code);
            if (v === undefined || !of) return "–";
            return (
              <span className="readiness">
                <bdi>{n(v)}</bdi>{" "}
                <bdi className="quiet">{t("compare.interval", { low: n(of.low), high: n(of.high) })}</bdi>
              </span>
            );
          },
        },
      ]}
    />
  );
}
