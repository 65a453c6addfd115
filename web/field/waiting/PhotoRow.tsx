import { Icon } from "../../shared/Icon.tsx";
import type { PhotoItem } from "../engine/index.ts";
import { usePhoto } from "../job/Photos.tsx";
import { useField } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { useBytes } from "./bytes.ts";

// PhotoRow is a picture on its way: how much of it has gone.
export function PhotoRow({ photo }: { photo: PhotoItem }) {
  const t = useT();
  const bytes = useBytes();
  const url = usePhoto(photo.sha256);
  const number = useField(s => s.jobs.find(j => j.id === photo.job)?.number);
  const kind = photo.kind === "signature" ? t("kind.job.sign") : t(`photos.${photo.kind}`);
  return (
    <div className={`photo-row ${photo.refused ? "refused" : photo.state}`}>
      <span className="photo-small">{url ? <img src={url} alt="" /> : <Icon name="photo" size={24} />}</span>
      <div className="queue-text">
        <p>
          <strong>{kind}</strong> {number && <bdi className="dim">{number}</bdi>}
        </p>
        <progress max={photo.bytes || 1} value={photo.sent} aria-label={`${kind} ${number ?? ""}`} />
        <p className="dim">
          {photo.refused
            ? t("sent.refused")
            : `${t(`sent.${photo.state}`)} · ${t("waiting.of", { sent: bytes(photo.sent), all: bytes(photo.bytes) })}`}
        </p>
      </div>
    </div>
  );
}
