import { useCallback } from "react";
import { useIntl } from "react-intl";
import type { Duration } from "../shared/api.ts";
import { useName } from "../shared/texts/index.tsx";
import { useCity } from "./city.tsx";
import { useT } from "./texts/index.tsx";
import { addDays, type Period } from "./view.ts";

// useSpan says how long something took, in the largest unit that fits.
export function useSpan(): (seconds: number) => string {
  const t = useT();
  const intl = useIntl();
  return useCallback(
    seconds => {
      const hours = seconds / 3600;
      const n = (v: number) => (v < 10 ? Math.round(v * 10) / 10 : Math.round(v));
      if (hours < 1)
        return t("time.minutes", { n: intl.formatNumber(Math.max(1, Math.round(seconds / 60))) });
      if (hours < 48) return t("time.hours", { n: n(hours) });
      return t("time.days", { n: n(hours / 24) });
    },
    [t, intl],
  );
}

export function useShare(): (share: number | undefined) => string {
  const intl = useIntl();
  return share =>
    share === undefined ? "–" : intl.formatNumber(share, { style: "percent", maximumFractionDigits: 1 });
}

// useDay says a date of the authority's calendar.
export function useDay(): (date: string, year?: boolean) => string {
  const intl = useIntl();
  return (date, year = false) =>
    intl.formatDate(`${date}T12:00:00Z`, {
      day: "numeric",
      month: "numeric",
      ...(year && { year: "2-digit" }),
      timeZone: "UTC",
    });
}

// useSpanOfDays says a period by its first and last day.
export function useSpanOfDays(): (p: Period) => { from: string; to: string } {
  const say = useDay();
  return p => ({ from: say(p.from, true), to: say(addDays(p.to, -1), true) });
}

// useNames names areas and categories by their codes.
export function useNames() {
  const t = useT();
  const name = useName();
  const city = useCity();
  const district = (code: string) => {
    const area = city.districts.find(d => d.code === code);
    return area ? name(area.names, area.name) : code || t("where.none");
  };
  return {
    district,
    neighbourhood: (code: string, inDistrict = "") => {
      const area = city.neighbourhoods.get(code);
      if (area) return name(area.names, area.name);
      return code || (inDistrict ? district(inDistrict) : t("where.none"));
    },
    category: (code: string) => name(city.categories.get(code)?.names, code),
    department: (code: string) => name(city.departments.get(code)?.names, code),
  };
}

// usePromise says a standard's time.
export function usePromise(): (d: Duration | undefined) => string {
  const t = useT();
  return d => (d && d.n > 0 ? t(`unit.${d.unit}`, { n: d.n }) : t("category.none"));
}
