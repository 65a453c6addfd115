import { useIntl } from "react-intl";
import { type Figures, kept, type Mark } from "./figures.ts";
import { type Key, useT } from "./texts/index.tsx";
import type { Period } from "./view.ts";
import { useShare, useSpan, useSpanOfDays } from "./words.ts";

interface Props {
  now: Figures | undefined;
  was: Figures | undefined;
  yearAgo: Figures | undefined;
  against: Period;
  failed: boolean;
  onRetry: () => void;
  onBehind: (mark: Mark) => void;
}

// One of the four: value is what is shown, of what the change is reckoned from,
// and better says whether more of it is good, bad or neither.
interface Figure {
  name: Key;
  mark: Mark;
  value: string;
  more: string;
  of: (f: Figures) => number | undefined;
  as: "share" | "points";
  better: 1 | -1 | 0;
}

// Four answers the first question: how are we, against before and the charter.
export function Four({ now, was, yearAgo, against, failed, onRetry, onBehind }: Props) {
  const t = useT();
  const intl = useIntl();
  const share = useShare();
  const span = useSpan();
  const period = useSpanOfDays()(against);
  if (failed) {
    return (
      <section className="four failed" aria-label={t("four.title")}>
        <p>{t("state.failed-detail")}</p>
        <button type="button" className="button primary" onClick={onRetry}>
          {t("state.retry")}
        </button>
      </section>
    );
  }
  const n = (v: number) => intl.formatNumber(v);
  const all: Figure[] = [
    {
      name: "four.received",
      mark: "received",
      value: now ? n(now.received) : "",
      more: now?.reopened ? t("four.reopened", { n: now.reopened }) : "",
      of: f => f.received,
      as: "share",
      better: 0,
    },
    {
      name: "four.kept",
      mark: "late",
      value: now ? share(kept(now)) : "",
      more: now?.judged ? t("four.kept-of", { late: n(now.late), judged: n(now.judged) }) : "",
      of: kept,
      as: "points",
      better: 1,
    },
    {
      name: "four.took",
      mark: "closed",
      value: now ? (now.resolve.n ? span(now.resolve.median_s) : "–") : "",
      more: now?.resolve.n ? t("four.took-more", { p90: span(now.resolve.p90_s) }) : "",
      of: f => (f.resolve.n ? f.resolve.median_s : undefined),
      as: "share",
      better: -1,
    },
    {
      name: "four.overdue",
      mark: "overdue",
      value: now ? n(now.overdue) : "",
      more: now ? t("four.overdue-of", { open: n(now.open) }) : "",
      of: f => f.overdue,
      as: "share",
      better: -1,
    },
  ];
  return (
    <section className="four" aria-label={t("four.title")}>
      {all.map(f => (
        <button
          type="button"
          key={f.name}
          className={now ? "figure" : "figure waiting"}
          aria-label={`${t(f.name)}: ${f.value}. ${f.more}. ${t("four.behind", { name: t(f.name) })}`}
          onClick={() => onBehind(f.mark)}
        >
          <span className="figure-name">{t(f.name)}</span>
          <span className="figure-value">
            <bdi>{f.value || "\u00a0"}</bdi>
          </span>
          <span className="figure-more">{f.more || "\u00a0"}</span>
          <span className="figure-against">
            <Against
              label={t("four.before")}
              title={t("period.before", period)}
              now={now}
              was={was}
              figure={f}
            />
            <Against label={t("four.year-ago")} now={now} was={yearAgo} figure={f} />
          </span>
        </button>
      ))}
    </section>
  );
}

interface AgainstProps {
  label: string;
  title?: string;
  now: Figures | undefined;
  was: Figures | undefined;
  figure: Figure;
}

// Against says how a figure changed; an arrow and a word say it, not the colour alone.
function Against({ label, title, now, was, figure }: AgainstProps) {
  const t = useT();
  const intl = useIntl();
  const a = now && figure.of(now);
  const b = was && figure.of(was);
  let said = t("four.unknown");
  let tone = "";
  if (a !== undefined && b !== undefined && (figure.as === "points" || b > 0)) {
    const by = figure.as === "points" ? (a - b) * 100 : (a / b - 1) * 100;
    const rounded = Math.abs(by) < 10 ? Math.round(by * 10) / 10 : Math.round(by);
    if (rounded === 0) said = t("four.same");
    else {
      const size = intl.formatNumber(Math.abs(rounded));
      said = `${rounded > 0 ? "▲" : "▼"} ${figure.as === "points" ? t("four.points", { n: size }) : `${size}%`}`;
      if (figure.better) tone = Math.sign(rounded) === figure.better ? "good" : "bad";
    }
  }
  return (
    <span title={title}>
      <span className="quiet">{label}</span> <bdi className={tone}>{said}</bdi>
    </span>
  );
}
