import { useIntl } from "react-intl";
import { useT } from "../texts/index.tsx";

// useBytes says a size as people do.
export function useBytes(): (n: number) => string {
  const t = useT();
  const intl = useIntl();
  return n => {
    const number = (x: number) => intl.formatNumber(x, { maximumFractionDigits: x < 10 ? 1 : 0 });
    if (n >= 1e9) return t("bytes.gb", { n: number(n / 1e9) });
    if (n >= 1e6) return t("bytes.mb", { n: number(n / 1e6) });
    return t("bytes.kb", { n: number(Math.max(n / 1e3, n > 0 ? 1 : 0)) });
  };
}
