import { useT } from "../texts/index.tsx";

// Brand is the name and its sign: the clock ring around a point on the map.
export function Brand() {
  const t = useT();
  return (
    <span className="brand">
      <svg width={48} height={48} viewBox="0 0 32 32" aria-hidden="true">
        <circle cx="16" cy="16" r="11.5" fill="none" stroke="var(--line)" strokeWidth="4" />
        <path
          d="M16 4.5a11.5 11.5 0 1 1-11.5 11.5"
          fill="none"
          stroke="var(--ontime-fill)"
          strokeWidth="4"
          strokeLinecap="round"
        />
        <circle cx="16" cy="16" r="4" fill="var(--text)" />
      </svg>
      <span>{t("app.name")}</span>
      <span className="brand-room">{t("app.room")}</span>
    </span>
  );
}
