import { useMemo } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useMaybe } from "../../shared/texts/index.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import type { FieldJob, QueueItem } from "../engine/index.ts";
import { useField, useNow } from "../state.tsx";
import { type Key, useT } from "../texts/index.tsx";
import { noteworthy } from "./verdicts.ts";

// useVerdictWords says what became of a thing: in the server's own words, or
// in this tablet's for a reason that it knows.
export function useVerdictWords(): (item: QueueItem) => string {
  const t = useT();
  const maybe = useMaybe();
  return item =>
    item.text ||
    (item.reason && maybe(`verdict.why.${item.reason}`)) ||
    t(`verdict.${item.status ?? "applied"}-more` as Key);
}

// Verdicts tells a crew what became of its work where that isn't what it meant:
// kept aside for a person to look at, refused, or joined to somebody else's.
export function Verdicts({ job }: { job: FieldJob }) {
  const t = useT();
  const queue = useField(s => s.queue);
  const words = useVerdictWords();
  const moment = useMoment();
  const now = useNow(60_000);
  const items = useMemo(
    () => queue.filter(i => i.job === job.id && noteworthy(i)).reverse(),
    [queue, job.id],
  );
  if (items.length === 0 && !job.contested) return null;
  return (
    <div className="verdicts">
      {job.contested && (
        <div className="verdict kept">
          <Icon name="users" size={28} />
          <div>
            <strong>{t("job.contested")}</strong>
            <p>{t("job.contested-more")}</p>
          </div>
        </div>
      )}
      {items.map(item => (
        <div className={`verdict ${item.status}`} key={item.id}>
          <Icon
            name={item.status === "refused" ? "ban" : item.status === "kept" ? "inbox" : "merge"}
            size={28}
          />
          <div>
            <strong>
              {t(`kind.${item.kind}`)} · {t(`verdict.${item.status as "kept" | "refused" | "merged"}`)}
            </strong>
            <p>{words(item)}</p>
            <span className="dim">{moment(item.performed_at, now)}</span>
          </div>
        </div>
      ))}
    </div>
  );
}
