import { useIntl } from "react-intl";
import { type Group, kept } from "./figures.ts";
import type { Column } from "./Grid.tsx";
import { useT } from "./texts/index.tsx";
import { useShare, useSpan } from "./words.ts";

export interface Row {
  code: string;
  figures: Group;
  was: Group | undefined;
}

const grew = (r: Row): number | undefined =>
  r.was && r.was.received > 0 ? r.figures.received / r.was.received - 1 : undefined;

// useColumns are the figures that both tables have.
export function useColumns(): Record<
  "received" | "change" | "kept" | "median" | "p90" | "open" | "overdue",
  Column<Row>
> {
  const t = useT();
  const intl = useIntl();
  const share = useShare();
  const span = useSpan();
  const n = (v: number) => <bdi>{intl.formatNumber(v)}</bdi>;
  return {
    received: {
      key: "received",
      name: t("col.received"),
      sort: r => r.figures.received,
      show: r => n(r.figures.received),
    },
    change: {
      key: "change",
      name: t("col.change"),
      sort: grew,
      show: r => {
        const by = grew(r);
        if (by === undefined) return "–";
        const said = intl.formatNumber(Math.abs(by), { style: "percent", maximumFractionDigits: 0 });
        return <bdi>{Math.abs(by) < 0.005 ? "=" : `${by > 0 ? "▲" : "▼"} ${said}`}</bdi>;
      },
    },
    kept: {
      key: "kept",
      name: t("col.kept"),
      sort: r => kept(r.figures),
      show: r => {
        const k = kept(r.figures);
        return k === undefined ? (
          "–"
        ) : (
          <span className="meter">
            <bdi>{share(k)}</bdi>
            <i aria-hidden="true">
              <b
                className={k < 0.8 ? "bad" : k < 0.9 ? "fair" : "good"}
                style={{ inlineSize: `${k * 100}%` }}
              />
            </i>
          </span>
        );
      },
    },
    median: {
      key: "median",
      name: t("col.median"),
      sort: r => (r.figures.resolve.n ? r.figures.resolve.median_s : undefined),
      show: r => (r.figures.resolve.n ? <bdi>{span(r.figures.resolve.median_s)}</bdi> : "–"),
    },
    p90: {
      key: "p90",
      name: t("col.p90"),
      sort: r => (r.figures.resolve.n ? r.figures.resolve.p90_s : undefined),
      show: r => (r.figures.resolve.n ? <bdi>{span(r.figures.resolve.p90_s)}</bdi> : "–"),
    },
    open: { key: "open", name: t("col.open"), sort: r => r.figures.open, show: r => n(r.figures.open) },
    overdue: {
      key: "overdue",
      name: t("col.overdue"),
      sort: r => r.figures.overdue,
      show: r => <span className={r.figures.overdue ? "bad" : ""}>{n(r.figures.overdue)}</span>,
    },
  };
}
