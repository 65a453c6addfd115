import { type PointerEvent, useMemo, useRef, useState } from "react";
import { useIntl } from "react-intl";
import { csv, save } from "./csv.ts";
import { type Group, kept } from "./figures.ts";
import { useT } from "./texts/index.tsx";
import { addMonths, monthOf, monthsOf, type Period, type View } from "./view.ts";
import { useShare, useSpan } from "./words.ts";

interface Props {
  groups: Group[] | undefined;
  // The first of the twelve months that are shown.
  from: string;
  period: Period;
  onChange: (change: Partial<View>) => void;
}

const height = 150;

// Trend is a year by its months, over the year before. Its bars are a brush:
// from one month to another is the period.
export function Trend({ groups, from, period, onChange }: Props) {
  const t = useT();
  const intl = useIntl();
  const share = useShare();
  const span = useSpan();
  const months = useMemo(() => monthsOf({ from, to: addMonths(from, 11) }), [from]);
  const of = useMemo(() => new Map((groups ?? []).map(g => [g.month, g])), [groups]);
  const at = (month: string) => of.get(month.slice(0, 7));
  // A seventh is left free above the highest, for its number.
  const most =
    (7 / 6) *
    Math.max(1, ...months.flatMap(m => [at(m)?.received ?? 0, at(addMonths(m, -12))?.received ?? 0]));
  const [brush, setBrush] = useState<[number, number]>();
  const bars = useRef<HTMLDivElement>(null);
  const name = (month: string, long = false) =>
    intl.formatDate(`${month}T12:00:00Z`, {
      month: long ? "long" : "short",
      ...(long && { year: "numeric" }),
      timeZone: "UTC",
    });
  const first = monthOf(period.from);
  const inPeriod = (n: number) =>
    brush
      ? n >= Math.min(...brush) && n <= Math.max(...brush)
      : months[n]! >= first && months[n]! < period.to;
  const choose = (a: number, b: number) => {
    const [lo, hi] = [Math.min(a, b), Math.max(a, b)];
    onChange({ period: "own", from: months[lo]!, to: addMonths(months[hi]!, 1) });
  };
  const under = (e: PointerEvent): number => {
    const all = [...(bars.current?.children ?? [])];
    return all.findIndex(bar => {
      const r = bar.getBoundingClientRect();
      return e.clientX >= r.left && e.clientX < r.right;
    });
  };
  const line = months
    .map((m, n) => {
      const v = at(addMonths(m, -12))?.received;
      return v === undefined ? undefined : { n, y: height - (v / most) * height };
    })
    .filter(p => p !== undefined);
  const rows = months.map(m => {
    const g = at(m);
    return [
      name(m, true),
      g?.received ?? 0,
      g?.closed ?? 0,
      share(g && kept(g)),
      g?.resolve.n ? span(g.resolve.median_s) : "–",
      at(addMonths(m, -12))?.received ?? 0,
    ] as const;
  });
  const head = [
    t("trend.month"),
    t("trend.received"),
    t("trend.closed"),
    t("trend.kept"),
    t("col.median"),
    t("trend.year-ago"),
  ];
  return (
    <section className="card trend" aria-labelledby="trend">
      <div className="card-head">
        <h2 id="trend">{t("trend.title")}</h2>
        <button
          type="button"
          className="button small"
          aria-label={t("export.title", { name: t("trend.title") })}
          onClick={() => save("trend.csv", csv([head, ...rows]))}
        >
          {t("export.csv")}
        </button>
      </div>
      <p className="quiet no-print">{t("trend.more")}</p>
      {/* Left to right in time, whatever the language: as people here read charts of months. */}
      <div className="trend-chart">
        <svg
          className="trend-line"
          viewBox={`0 0 12 ${height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          style={{ blockSize: height }}
        >
          <polyline
            points={line.map(p => `${p.n + 0.5},${p.y}`).join(" ")}
            vectorEffect="non-scaling-stroke"
          />
        </svg>
        <div
          className="trend-bars"
          ref={bars}
          onPointerDown={e => {
            const n = under(e);
            if (n < 0 || e.button !== 0) return;
            e.currentTarget.setPointerCapture(e.pointerId);
            setBrush([n, n]);
          }}
          onPointerMove={e => {
            const n = under(e);
            if (brush && n >= 0) setBrush([brush[0], n]);
          }}
          onPointerUp={() => {
            if (brush) choose(...brush);
            setBrush(undefined);
          }}
          onPointerCancel={() => setBrush(undefined)}
        >
          {months.map((m, n) => {
            const g = at(m);
            return (
              <button
                type="button"
                key={m}
                className={inPeriod(n) ? "bar-month on" : "bar-month"}
                aria-pressed={inPeriod(n)}
                aria-label={t("trend.pick", { month: name(m, true), n: intl.formatNumber(g?.received ?? 0) })}
                onClick={e => {
                  // The pointer's own choice was made when it was let go.
                  if (e.detail === 0) choose(n, n);
                }}
              >
                <span className="bar-room" style={{ blockSize: height }}>
                  <span className="bar-n">{g?.received ? intl.formatNumber(g.received) : ""}</span>
                  <span className="bar-fill" style={{ blockSize: `${(100 * (g?.received ?? 0)) / most}%` }}>
                    <span
                      className="bar-late"
                      style={{ blockSize: g?.received ? `${(100 * g.late) / g.received}%` : 0 }}
                    />
                  </span>
                </span>
                <span className="bar-label">{name(m)}</span>
              </button>
            );
          })}
        </div>
      </div>
      <p className="legend">
        <span className="swatch">
          <i className="sw-received" />
          {t("trend.received")}
        </span>
        <span className="swatch">
          <i className="sw-late" />
          {t("mark.late")}
        </span>
        <span className="swatch">
          <i className="sw-line" />
          {t("trend.year-ago")}
        </span>
      </p>
      <details>
        <summary>
          {t("trend.title")} · {t("trend.month")}
        </summary>
        <div className="scroll">
          <table>
            <thead>
              <tr>
                {head.map(h => (
                  <th key={h} scope="col">
                    {h}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(r => (
                <tr key={r[0]}>
                  <th scope="row">{r[0]}</th>
                  {r.slice(1).map((v, n) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
                    <td key={n}>
                      <bdi>{typeof v === "number" ? intl.formatNumber(v) : v}</bdi>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
