import type { Lang } from "../shared/api.ts";
import { call } from "../shared/client.ts";
import { Icon } from "../shared/Icon.tsx";
import { useLanguage } from "../shared/texts/index.tsx";
import type { Theme } from "../shared/theme.ts";
import { useCity } from "./city.tsx";
import { type Key, useT } from "./texts/index.tsx";
import { addDays, type Period, type Preset, periods, type View } from "./view.ts";
import { useWeekName } from "./Week.tsx";
import { useNames, useSpanOfDays } from "./words.ts";

interface Props {
  view: View;
  period: Period;
  date: string;
  place: string;
  asOf: string | undefined;
  theme: Theme;
  onTheme: (theme: Theme) => void;
  onChange: (change: Partial<View>) => void;
}

const channels = [
  "phone",
  "web",
  "app",
  "whatsapp",
  "sms",
  "email",
  "desk",
  "field",
  "sensor",
  "camera",
  "integration",
];

// reviewOf is the report of the same period and district, to read and to send on.
function reviewOf(view: View, period: Period, lang: Lang): string {
  const q = new URLSearchParams({ from: period.from, to: period.to, lang });
  if (view.district) q.set("district", view.district);
  return `/review?${q}`;
}

// Bar says whose figures these are and of when, and holds what narrows them.
export function Bar({ view, period, date, place, asOf, theme, onTheme, onChange }: Props) {
  const t = useT();
  const city = useCity();
  const names = useNames();
  const week = useWeekName();
  const span = useSpanOfDays()(period);
  const { lang, choose, languages } = useLanguage();
  const { actor } = city.session;
  const categories = [...city.categories.values()]
    .filter(c => !actor.department || c.department === actor.department)
    .map(c => ({ code: c.code, name: names.category(c.code), retired: !!c.retired }))
    .sort((a, b) => Number(a.retired) - Number(b.retired) || a.name.localeCompare(b.name, lang));
  return (
    <header className="bar">
      <div className="bar-title">
        <h1>{place}</h1>
        <p className="bar-sub">
          {t("app.title")} · <bdi>{t("period.span", span)}</bdi>
          {asOf && (
            <span className="quiet">
              {" "}
              · <bdi>{t("app.as-of", { at: asOf })}</bdi>
            </span>
          )}
        </p>
      </div>
      <div className="bar-tools">
        {city.session.actor.role !== "district" || !actor.district ? (
          <label className="pick">
            <span>{t("where.district")}</span>
            <select
              value={view.district}
              onChange={e => onChange({ district: e.target.value, neighbourhood: "" })}
            >
              <option value="">{t("where.city")}</option>
              {city.districts.map(d => (
                <option key={d.code} value={d.code}>
                  {names.district(d.code)}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <label className="pick">
          <span>{t("period.label")}</span>
          <select
            value={view.period}
            onChange={e =>
              e.target.value === "own"
                ? onChange({ period: "own", ...period })
                : onChange({ period: e.target.value as Preset })
            }
          >
            {periods.map(p => (
              <option key={p} value={p}>
                {t(`period.${p}` as Key)}
              </option>
            ))}
            <option value="own">{t("period.own")}</option>
          </select>
        </label>
        {view.period === "own" && (
          <>
            <label className="pick">
              <span>{t("period.from")}</span>
              <input
                type="date"
                value={view.from}
                max={addDays(view.to, -1)}
                onChange={e =>
                  e.target.value && e.target.value < view.to && onChange({ from: e.target.value })
                }
              />
            </label>
            <label className="pick">
              <span>{t("period.to")}</span>
              <input
                type="date"
                value={addDays(view.to, -1)}
                min={view.from}
                max={date}
                onChange={e =>
                  e.target.value &&
                  e.target.value >= view.from &&
                  onChange({ to: addDays(e.target.value, 1) })
                }
              />
            </label>
          </>
        )}
        <label className="pick">
          <span>{t("filter.category")}</span>
          <select value={view.category} onChange={e => onChange({ category: e.target.value })}>
            <option value="">{t("filter.all-categories")}</option>
            {categories.map(c => (
              <option key={c.code} value={c.code}>
                {c.name}
              </option>
            ))}
          </select>
        </label>
        <label className="pick">
          <span>{t("filter.channel")}</span>
          <select value={view.channel} onChange={e => onChange({ channel: e.target.value })}>
            <option value="">{t("filter.all-channels")}</option>
            {channels.map(c => (
              <option key={c} value={c}>
                {t(`channel.${c}` as Key)}
              </option>
            ))}
          </select>
        </label>
        {view.week && (
          <button
            type="button"
            className="chip"
            aria-label={t("filter.clear", { name: week(view.week) })}
            onClick={() => onChange({ week: "" })}
          >
            <bdi>{week(view.week)}</bdi> <Icon name="close" size={16} />
          </button>
        )}
        {view.neighbourhood && (
          <button
            type="button"
            className="chip"
            aria-label={t("filter.clear", { name: names.neighbourhood(view.neighbourhood) })}
            onClick={() => onChange({ neighbourhood: "" })}
          >
            {names.neighbourhood(view.neighbourhood)} <Icon name="close" size={16} />
          </button>
        )}
        <span className="bar-end">
          <label className="pick small">
            <span className="hidden">{t("app.language")}</span>
            <select
              value={lang}
              onChange={e => {
                choose(e.target.value as Lang);
                void call("/session", { method: "PATCH", body: { lang: e.target.value } }).catch(() => {});
              }}
            >
              {Object.entries(languages).map(([code, language]) => (
                <option key={code} value={code} lang={code}>
                  {language.name}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            className="tool"
            title={t("app.theme")}
            aria-label={t("app.theme")}
            onClick={() => onTheme(theme === "dark" ? "light" : "dark")}
          >
            <Icon name={theme === "dark" ? "sun" : "moon"} />
          </button>
          <a className="button" href={reviewOf(view, period, lang)}>
            {t("app.review")}
          </a>
          <button type="button" className="button" onClick={() => print()}>
            {t("app.print")}
          </button>
          <a className="button" href="/console">
            {t("app.console")}
          </a>
        </span>
      </div>
    </header>
  );
}
