import { useCallback, useEffect, useMemo, useState } from "react";
import { useIntl } from "react-intl";
import { now } from "../shared/client.ts";
import { useTheme } from "../shared/theme.ts";
import { Bar } from "./Bar.tsx";
import { BehindDialog } from "./Behind.tsx";
import { Categories } from "./Categories.tsx";
import { Compare } from "./Compare.tsx";
import { useCity } from "./city.tsx";
import { Four } from "./Four.tsx";
import { type Mark, useAttention, useFigures, useReporting } from "./figures.ts";
import { LensZone } from "./LensZone.tsx";
import { Look } from "./Look.tsx";
import { Trend } from "./Trend.tsx";
import { useT } from "./texts/index.tsx";
import {
  addMonths,
  earlier,
  monthOf,
  periodOf,
  readView,
  today,
  type View,
  writeView,
  yearBefore,
} from "./view.ts";
import { Week } from "./Week.tsx";
import { useNames } from "./words.ts";

// useView is what the address says, and the way to change it.
function useView(own: { district: string }): [View, (change: Partial<View>) => void] {
  const [view, set] = useState(() => readView(location.search));
  useEffect(() => {
    const back = () => set(readView(location.search));
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  const change = useCallback((change: Partial<View>) => {
    set(had => {
      const next = { ...had, ...change };
      const search = writeView(next);
      if (search !== location.search) history.pushState(null, "", location.pathname + search);
      return next;
    });
  }, []);
  // Who answers for a district sees it, whatever the address says.
  const seen = useMemo(
    () => (own.district ? { ...view, district: own.district } : view),
    [view, own.district],
  );
  return [seen, change];
}

export interface Spot {
  lat: number;
  lon: number;
}

export function Page() {
  const t = useT();
  const intl = useIntl();
  const city = useCity();
  const names = useNames();
  const [theme, onTheme] = useTheme();
  const { actor, authority } = city.session;
  const [view, change] = useView({ district: actor.district ?? "" });
  const date = today(authority.time_zone, now());
  const period = useMemo(() => periodOf(view, date), [view, date]);
  const against = useMemo(() => earlier(period), [period]);
  const [shown, setShown] = useState<Mark>();
  const [spot, setSpot] = useState<Spot>();

  const whole = useFigures(view, period);
  const was = useFigures(view, against);
  const yearAgo = useFigures(view, yearBefore(period));
  const byCategory = useFigures(view, period, "category", "category");
  const byCategoryWas = useFigures(view, against, "category", "category");
  const byHood = useFigures(view, period, "neighbourhood,district", "neighbourhood");
  const byHoodWas = useFigures(view, against, "neighbourhood,district", "neighbourhood");
  const trendFrom = addMonths(monthOf(period.to), -24);
  const trend = useFigures(view, { from: trendFrom, to: addMonths(monthOf(date), 1) }, "month");
  const byHour = useFigures(view, period, "hour", "week");
  const look = useAttention(view, period);
  const reporting = useReporting(view, period);

  const place = view.district
    ? names.district(view.district)
    : actor.department
      ? t("where.department", { name: names.department(actor.department) })
      : t("where.city");
  useEffect(() => {
    document.title = `${place} · ${t("app.title")} · ${t("app.name")}`;
  }, [place, t]);

  const asOf =
    whole.data && intl.formatTime(whole.data.as_of, { hour: "2-digit", minute: "2-digit", hour12: false });
  const offline = !!(whole.error && whole.data);
  return (
    <div className="page" aria-busy={whole.isFetching}>
      <Bar
        view={view}
        period={period}
        date={date}
        place={place}
        asOf={asOf}
        onChange={change}
        theme={theme}
        onTheme={onTheme}
      />
      {offline && (
        <p className="offline" role="status">
          {t("state.offline")}
        </p>
      )}
      <main className="main">
        <Four
          now={whole.data?.total}
          was={was.data?.total}
          yearAgo={yearAgo.data?.total}
          against={against}
          failed={!!whole.error && !whole.data}
          onRetry={() => void whole.refetch()}
          onBehind={setShown}
        />
        <Look places={look.data?.places} onChoose={setSpot} onChange={change} />
        <LensZone
          view={view}
          period={period}
          theme={theme}
          groups={byHood.data?.groups}
          reporting={reporting.data?.areas}
          spot={spot}
          onChange={change}
          onSpot={setSpot}
        />
        <Trend
          groups={trend.data?.groups}
          from={addMonths(
            monthOf(period.to === monthOf(period.to) ? addMonths(period.to, -1) : period.to),
            -11,
          )}
          period={period}
          onChange={change}
        />
        <Week view={view} theme={theme} groups={byHour.data?.groups} onChange={change} />
        <Categories
          view={view}
          groups={byCategory.data?.groups}
          was={byCategoryWas.data?.groups}
          onChange={change}
        />
        <Compare
          view={view}
          groups={byHood.data?.groups}
          was={byHoodWas.data?.groups}
          reporting={reporting.data?.areas}
          onChange={change}
        />
      </main>
      {shown && <BehindDialog view={view} period={period} of={shown} onClose={() => setShown(undefined)} />}
    </div>
  );
}
