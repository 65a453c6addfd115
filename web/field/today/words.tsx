import { useIntl } from "react-intl";
import type { Place } from "../../shared/api.ts";
import { metres } from "../../shared/distance.ts";
import { useField } from "../state.tsx";
import { useT } from "../texts/index.tsx";

// useFar says how far a place is as the bird flies, or nothing where one of
// both isn't known.
export function useFar(): (place: Place) => string | undefined {
  const t = useT();
  const intl = useIntl();
  const here = useField(s => s.here);
  return place => {
    if (!here || place.lat === null) return undefined;
    const m = metres(here, place);
    if (m < 1000) return t("far.metres", { n: Math.max(10, Math.round(m / 10) * 10) });
    return t("far.kilometres", {
      n: intl.formatNumber(m / 1000, { maximumFractionDigits: m < 10_000 ? 1 : 0 }),
    });
  };
}
