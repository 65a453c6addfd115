import type { ReactNode } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { span } from "../../shared/texts/Words.tsx";
import { hrefOf } from "../route.ts";
import { useEngine, useField, useNow } from "../state.tsx";
import { useT } from "../texts/index.tsx";

// A clock that is off by less is noise.
export const skewShown = 60_000;

// Banners says what a crew should know before it goes on: a disk that fills up,
// a clock that is off, a lease that ends, a new version. The gravest first.
export function Banners() {
  const t = useT();
  const engine = useEngine();
  const { low, full } = useField(s => s.storage);
  const skew = useField(s => s.skewMs);
  const update = useField(s => s.update);
  const lease = useField(s => s.lease.until);
  const link = useField(s => s.link.state);
  const now = useNow(30_000);
  const left = lease ? Date.parse(lease) - now : Number.POSITIVE_INFINITY;
  const toDevice = (
    <a className="banner-do" href={hrefOf({ screen: "device" })}>
      {t("banner.see")}
    </a>
  );
  const all: BannerProps[] = [];
  if (full) all.push({ kind: "wrong", icon: "database", text: t("banner.full"), children: toDevice });
  else if (low) all.push({ kind: "warn", icon: "database", text: t("banner.low"), children: toDevice });
  if (link !== "live" && left < 12 * 3_600_000)
    all.push({ kind: "warn", icon: "lock", text: t("banner.lease", { span: span(t, left) }) });
  if (Math.abs(skew) > skewShown)
    all.push({
      kind: "warn",
      icon: "clock",
      text: t(skew > 0 ? "banner.ahead" : "banner.behind", { span: span(t, skew) }),
    });
  if (update)
    all.push({
      kind: "info",
      icon: "download",
      text: t("banner.update"),
      children: (
        <button type="button" className="banner-do" onClick={() => engine.applyUpdate()}>
          {t("banner.update-do")}
        </button>
      ),
    });
  const [first, ...rest] = all;
  if (!first) return null;
  return (
    <div className="banners">
      <Banner {...first} />
      {rest.length > 0 && (
        <details className="banner-rest">
          <summary>
            {t("banner.more", { n: rest.length })} <Icon name="chevron" size={20} />
          </summary>
          <div className="banners">
            {rest.map(banner => (
              <Banner key={banner.icon} {...banner} />
            ))}
          </div>
        </details>
      )}
    </div>
  );
}

interface BannerProps {
  kind: "wrong" | "warn" | "info";
  icon: string;
  text: string;
  children?: ReactNode;
}

function Banner({ kind, icon, text, children }: BannerProps) {
  return (
    <div className={`banner ${kind}`}>
      <Icon name={icon} size={24} />
      <p>{text}</p>
      {children}
    </div>
  );
}
