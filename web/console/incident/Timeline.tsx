import type { Event } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import type { IconName } from "../../shared/icons.ts";
import { useMaybe, useT } from "../../shared/texts/index.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import { usePicture } from "../state.tsx";

const signs: Record<string, IconName> = {
  "incident.opened": "flag",
  "incident.joined": "inbox",
  "incident.merged": "merge",
  "incident.split": "split",
  "incident.closed": "circle-check",
  "incident.paused": "pause",
  "incident.resumed": "play",
  "job.assigned": "users",
  "job.accepted": "check",
  "job.departed": "truck",
  "job.arrived": "pin",
  "job.completed": "circle-check",
  "job.declined": "ban",
  "job.cancelled": "close",
  "job.paused": "pause",
  "job.resumed": "play",
  "job.recorded": "checklist",
  "job.kept": "checklist",
  "conflict.opened": "exchange",
  "conflict.settled": "circle-check",
};

// Timeline tells what happened as sentences that anyone can read, the newest
// first.
export function Timeline({
  events,
  loading,
  at,
}: {
  events: Event[] | undefined;
  loading: boolean;
  at: number;
}) {
  const t = useT();
  const maybe = useMaybe();
  const moment = useMoment();
  const { city } = usePicture();
  if (loading && !events) return null;
  const list = [...(events ?? [])].sort((a, b) => b.seq - a.seq);
  if (list.length === 0) return null;
  return (
    <section className="block" aria-label={t("timeline.title")}>
      <h3 className="section-title">{t("timeline.title")}</h3>
      <ol className="timeline">
        {list.map(event => {
          const { note, conflict } = event;
          // What a tablet sent names its crew itself, as it was called then.
          const sent = typeof note?.op === "string";
          const crewID = event.job?.crew ?? (note?.crew as string | undefined);
          const crew =
            (sent && (note.crew as string)) ||
            (crewID && city.crews.get(crewID)?.name) ||
            t("timeline.a-crew");
          const sentence =
            maybe(`event.${event.type}`, {
              crew,
              number: String(note?.number ?? ""),
              what: maybe(`op.${note?.kind}`) ?? String(note?.kind ?? ""),
              choice: maybe(`conflicts.${conflict?.choice}`) ?? "",
            }) ?? event.type;
          const reason =
            (note?.reason as string | undefined) ||
            (sent && ((note.text as string | undefined) || (note.note as string | undefined))) ||
            (event.type.startsWith("job.") ? event.job?.reason : undefined);
          return (
            <li key={event.seq}>
              <span className="timeline-sign">
                <Icon name={signs[event.type] ?? "history"} size={14} />
              </span>
              <div>
                <p>
                  {sentence}
                  {reason && (
                    <span className="dim">
                      {" – "}
                      <bdi>{reason}</bdi>
                    </span>
                  )}
                </p>
                <p className="timeline-when">
                  <time dateTime={event.at}>{moment(event.at, at)}</time>
                  {event.by && (
                    <>
                      {" · "}
                      {event.by.name ? (
                        <bdi>{event.by.name}</bdi>
                      ) : (
                        (maybe(`role.${event.by.role}`) ?? event.by.role)
                      )}
                    </>
                  )}
                </p>
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
