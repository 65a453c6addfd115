import { useEffect, useState } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import type { FieldJob, PhotoItem, PhotoKind } from "../engine/index.ts";
import { Sheet } from "../parts/Sheet.tsx";
import { useCategory, useEngine, useField, useNow } from "../state.tsx";
import { type Key, useT } from "../texts/index.tsx";
import { Camera } from "./Camera.tsx";
import { ended } from "./steps.ts";

// usePhoto is the address of a photo's picture: undefined while it is looked
// for, null where it can't be had now.
export function usePhoto(sha256: string): string | null | undefined {
  const engine = useEngine();
  const [url, set] = useState<string | null>();
  useEffect(() => {
    let wanted = true;
    if (!sha256) return;
    engine.photoUrl(sha256).then(
      found => wanted && set(found),
      () => wanted && set(null),
    );
    return () => {
      wanted = false;
    };
  }, [engine, sha256]);
  return url;
}

type Shot = { sha256: string; kind: PhotoKind; at: string; caption?: string };

const kinds: readonly PhotoKind[] = ["before", "after", "other"];

// Photos are the job's pictures, before and after, each with how far it has
// been sent.
export function Photos({ job }: { job: FieldJob }) {
  const t = useT();
  const form = useCategory(job.category)?.field;
  const photos = job.record?.photos ?? [];
  const closed = ended(job);
  if (closed && photos.length === 0) return null;
  return (
    <section className="card" aria-labelledby="photos">
      <h2 className="section-title" id="photos">
        <Icon name="camera" size={24} /> {t("photos.title")}
      </h2>
      <div className="photo-kinds">
        {kinds.map(kind => {
          const shots = photos.filter(p => p.kind === kind);
          const needed = kind !== "other" && !!form?.photos[kind];
          if ((kind === "other" || closed) && shots.length === 0) return null;
          return (
            <div className="photo-kind" key={kind}>
              <h3>
                {t(`photos.${kind}`)}
                {needed && shots.length === 0 && <span className="flag need">{t("job.required")}</span>}
              </h3>
              <ul className="shots">
                {shots.map(shot => (
                  <li key={shot.sha256}>
                    <Thumb shot={shot} />
                  </li>
                ))}
                {!closed && kind !== "other" && (
                  <li>
                    <Camera job={job.id} kind={kind} label={t(`photos.take-${kind}`)} tile />
                  </li>
                )}
              </ul>
            </div>
          );
        })}
      </div>
      {!closed && (
        <div className="photo-more">
          <Camera job={job.id} kind="other" label={t("photos.other-take")} />
          <Camera
            job={job.id}
            kind={job.state === "arrived" && photos.some(p => p.kind === "before") ? "after" : "before"}
            label={t("photos.gallery")}
            gallery
          />
        </div>
      )}
    </section>
  );
}

function Thumb({ shot }: { shot: Shot }) {
  const t = useT();
  const url = usePhoto(shot.sha256);
  const item = useField(s => s.photos.find(p => p.sha256 === shot.sha256));
  const [open, setOpen] = useState(false);
  const now = useNow(60_000);
  const moment = useMoment();
  const sent = t(sentKey(item) as Key);
  return (
    <>
      <button
        type="button"
        className="shot"
        aria-haspopup="dialog"
        aria-label={`${t(`photos.${shot.kind}`)} ${moment(shot.at, now)}, ${sent}`}
        onClick={() => setOpen(true)}
      >
        {url ? <img src={url} alt="" /> : <Icon name={url === null ? "offline" : "photo"} size={32} />}
        <Sent item={item} />
      </button>
      {open && (
        <Sheet title={`${t(`photos.${shot.kind}`)} · ${moment(shot.at, now)}`} onClose={() => setOpen(false)}>
          {url ? (
            <img className="shot-large" src={url} alt={shot.caption ?? t(`photos.${shot.kind}`)} />
          ) : (
            <p className="sheet-lead">{t("photos.away")}</p>
          )}
          <p className="shot-sent">
            <Sent item={item} /> {sent}
          </p>
        </Sheet>
      )}
    </>
  );
}

function sentKey(item: PhotoItem | undefined) {
  if (item?.refused) return "sent.refused";
  return !item || item.state === "stored" ? "sent.stored" : `sent.${item.state}`;
}

// Sent is how far a photo has come, as a sign.
function Sent({ item }: { item: PhotoItem | undefined }) {
  if (item?.refused)
    return (
      <span className="sent refused">
        <Icon name="alert" size={20} />
      </span>
    );
  if (!item || item.state === "stored")
    return (
      <span className="sent stored">
        <Icon name="check" size={20} />
      </span>
    );
  const part = item.bytes > 0 ? item.sent / item.bytes : 0;
  return (
    <span className={`sent ${item.state}`} style={{ "--part": part } as React.CSSProperties}>
      <Icon name={item.state === "sending" ? "upload" : "clock"} size={20} />
    </span>
  );
}
