import { Icon } from "../../shared/Icon.tsx";
import type { FieldJob } from "../engine/index.ts";
import { useMayRaise } from "../may.ts";
import { Sheet } from "../parts/Sheet.tsx";
import { useT } from "../texts/index.tsx";
import { mayPause } from "./steps.ts";

export type Way = "pause" | "decline" | "transfer";

const icons: Record<Way, string> = { pause: "pause", decline: "ban", transfer: "exchange" };

// TroubleSheet is what a crew can do when the work doesn't go as planned.
export function TroubleSheet({
  job,
  onWay,
  onClose,
}: {
  job: FieldJob;
  onWay: (way: Way) => void;
  onClose: () => void;
}) {
  const t = useT();
  const raises = useMayRaise();
  const ways = (["pause", "transfer", "decline"] as const).filter(
    way => (way !== "pause" || mayPause(job.state)) && (way !== "transfer" || raises),
  );
  return (
    <Sheet title={t("trouble.title")} onClose={onClose}>
      <ul className="options">
        {ways.map(way => (
          <li key={way}>
            <button type="button" className="option" onClick={() => onWay(way)}>
              <Icon name={icons[way]} size={28} />
              <span className="option-text">
                <strong>{t(`trouble.${way}`)}</strong>
                <span>{t(`trouble.${way}-more`)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
