import { Icon } from "./Icon.tsx";
import type { Reading } from "./urgency.ts";

// ClockRing is the sign of urgency: a ring that empties clockwise as the
// promised time runs out, whole and doubled when it has run out, and broken
// into dashes while the clock is paused. The same drawing as the map's disc.
export function ClockRing({ reading, icon, size = 40 }: { reading: Reading; icon: string; size?: number }) {
  const r = 17;
  const round = 2 * Math.PI * r;
  const { urgency, part } = reading;
  const shown =
    urgency === "overdue" || urgency === "paused" ? 1 : urgency === "none" ? 0 : Math.max(part, 0.03);
  return (
    <span className={`ring ${urgency}`} style={{ inlineSize: size, blockSize: size }}>
      <svg viewBox="0 0 40 40" width={size} height={size} aria-hidden="true">
        <circle className="ring-disc" cx="20" cy="20" r={urgency === "overdue" ? 13.5 : 15} />
        <circle className="ring-track" cx="20" cy="20" r={r} />
        {shown > 0 && (
          <circle
            className="ring-left"
            cx="20"
            cy="20"
            r={r}
            strokeDasharray={urgency === "paused" ? "4 3.6" : `${round * shown} ${round}`}
            transform="rotate(-90 20 20)"
          />
        )}
      </svg>
      <Icon name={icon} size={Math.round(size * 0.45)} />
    </span>
  );
}
