import { useIntl } from "react-intl";
import { Icon } from "../shared/Icon.tsx";
import { useCity } from "./city.tsx";
import type { Attention } from "./figures.ts";
import type { Spot } from "./Page.tsx";
import { type Key, useT } from "./texts/index.tsx";
import type { View } from "./view.ts";
import { useNames } from "./words.ts";

interface Props {
  places: Attention[] | undefined;
  onChoose: (spot: Spot) => void;
  onChange: (change: Partial<View>) => void;
}

// The lens in which a reason is to be seen.
const lensOf = { more: "reports", late: "late", overdue: "overdue", again: "reports" } as const;

// Look is the second answer: where to look, and why there.
export function Look({ places, onChoose, onChange }: Props) {
  const t = useT();
  const intl = useIntl();
  const names = useNames();
  const city = useCity();
  const n = (v = 0) => intl.formatNumber(v, { maximumFractionDigits: v < 10 ? 1 : 0 });
  const why = (a: Attention): string => {
    switch (a.why) {
      case "more":
        return t("look.more", { n: n(a.n), expected: n(a.expected), low: n(a.low), high: n(a.high) });
      case "late":
        return t("look.late", { n: n(a.n), of: n(a.of), expected: n(a.expected) });
      case "overdue":
        return t("look.overdue", {
          n: n(a.n),
          of: n(a.of),
          oldest: a.oldest
            ? intl.formatDate(a.oldest, { day: "numeric", month: "numeric", year: "2-digit" })
            : "",
        });
      default:
        return t("look.again", { n: n(a.n) });
    }
  };
  return (
    <section className="card look" aria-labelledby="look">
      <h2 id="look">{t("look.title")}</h2>
      {places?.length === 0 && <p className="quiet">{t("look.none")}</p>}
      <ol>
        {places?.map(a => {
          const place = names.neighbourhood(a.neighbourhood, a.district);
          const category = names.category(a.category);
          const hood = city.neighbourhoods.get(a.neighbourhood);
          return (
            <li key={`${a.why} ${a.neighbourhood} ${a.category} ${a.lat ?? ""}`}>
              <button
                type="button"
                className={`place ${a.why}`}
                aria-label={`${t("look.open", { category, place })}. ${t(`look.${a.why}-title` as Key)}. ${why(a)}`}
                onClick={() => {
                  onChange({ category: a.category, lens: lensOf[a.why] });
                  const [lon, lat] = a.lat ? [a.lon!, a.lat] : (hood?.center ?? []);
                  if (lat !== undefined && lon !== undefined) onChoose({ lat, lon });
                }}
              >
                <Icon name={city.categories.get(a.category)?.icon ?? "alert"} size={24} />
                <span className="place-what">
                  {category} · <bdi>{place}</bdi>
                </span>
                <span className="place-kind">{t(`look.${a.why}-title` as Key)}</span>
                <span className="place-why">{why(a)}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
