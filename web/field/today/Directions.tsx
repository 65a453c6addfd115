import { useState } from "react";
import type { Place } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { Sheet } from "../parts/Sheet.tsx";
import { useT } from "../texts/index.tsx";
import { type Guide, guides, hrefTo } from "./guides.ts";

const kept = "moked.field.guide";

// Directions hands the way over to the app that drives: the one used last comes
// first.
export function Directions({ place, small = false }: { place: Place; small?: boolean }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  if (place.lat === null || place.lon === null) return null;
  const at = { lat: place.lat, lon: place.lon, label: place.label };
  const last = localStorage.getItem(kept) as Guide | null;
  const order = [...guides].sort((a, b) => Number(b === last) - Number(a === last));
  return (
    <>
      <button
        type="button"
        className={small ? "button small" : "button"}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Icon name="navigation" size={small ? 20 : 24} /> {t("go.title")}
      </button>
      {open && (
        <Sheet title={t("go.title")} onClose={() => setOpen(false)}>
          <p className="sheet-lead">
            <bdi>{place.label}</bdi>
          </p>
          <ul className="options">
            {order.map(guide => (
              <li key={guide}>
                <a
                  className={`option ${guide === last ? "chosen" : ""}`}
                  href={hrefTo(guide, at)}
                  target={guide === "geo" ? undefined : "_blank"}
                  rel="noreferrer"
                  onClick={() => {
                    localStorage.setItem(kept, guide);
                    setOpen(false);
                  }}
                >
                  <Icon name={guide === "geo" ? "map" : "navigation"} size={28} />
                  <span className="option-text">
                    <strong>{t(`go.${guide}`)}</strong>
                    <span>{t(`go.${guide}-more`)}</span>
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </Sheet>
      )}
    </>
  );
}
