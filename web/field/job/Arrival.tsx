import { useIntl } from "react-intl";
import { Icon } from "../../shared/Icon.tsx";
import type { FieldJob } from "../engine/index.ts";
import { useAct, useField } from "../state.tsx";
import { useT } from "../texts/index.tsx";

// Arrival asks whether the crew is there, once its position says so. It is
// always the crew that says yes.
export function Arrival({ job }: { job: FieldJob }) {
  const t = useT();
  const intl = useIntl();
  const near = useField(s => s.nearJob);
  const { once, busy } = useAct();
  if (near?.job !== job.id || (job.state !== "accepted" && job.state !== "departed")) return null;
  const { lat, lon, accuracy } = near;
  return (
    <div className="arrival" role="status">
      <Icon name="pin" size={28} />
      <p>
        <strong>{t("arrival.title")}</strong>
        <span>{t("arrival.more", { n: intl.formatNumber(Math.round(near.metres)) })}</span>
      </p>
      <button
        type="button"
        className="button main"
        disabled={!!busy}
        onClick={() => void once("job.arrive", job.id, { lat, lon, accuracy, suggested: true })}
      >
        <Icon name="check" size={24} /> {t("arrival.yes")}
      </button>
    </div>
  );
}
