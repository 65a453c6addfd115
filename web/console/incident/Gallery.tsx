import { useRef, useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { Photo } from "../../shared/api.ts";
import { base } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import { useNow } from "../state.tsx";

const kinds = ["before", "after", "other"] as const;

// Gallery shows what was photographed: before and after next to each other,
// each opens large, and arrows walk them.
export function Gallery({ photos }: { photos: Photo[] }) {
  const t = useT();
  const moment = useMoment();
  const at = useNow(60_000);
  const [open, setOpen] = useState<number>();
  const stored = kinds.flatMap(kind => photos.filter(p => p.kind === kind && p.stored));
  const alt = (p: Photo) =>
    t("record.photo-alt", { kind: t(`record.photo-${p.kind}`), at: moment(p.taken_at ?? p.at, at) });
  return (
    <div className="gallery">
      {kinds
        .filter(kind => photos.some(p => p.kind === kind))
        .map(kind => (
          <figure key={kind}>
            <figcaption>{t(`record.photo-${kind}`)}</figcaption>
            <ul>
              {photos
                .filter(p => p.kind === kind)
                .map(p => (
                  <li key={`${p.job}${p.sha256}`}>
                    {p.stored ? (
                      <Button
                        className="photo"
                        aria-label={alt(p)}
                        onPress={() => setOpen(stored.indexOf(p))}
                      >
                        <img src={`${base}/photos/${p.sha256}?size=map`} alt="" loading="lazy" />
                      </Button>
                    ) : (
                      <span className="photo coming">
                        <Icon name="upload" size={20} /> {t("record.photo-coming")}
                      </span>
                    )}
                  </li>
                ))}
            </ul>
          </figure>
        ))}
      {open !== undefined && stored[open] && (
        <Large photos={stored} at={open} alt={alt} onShow={setOpen} onClose={() => setOpen(undefined)} />
      )}
    </div>
  );
}

function Large({
  photos,
  at,
  alt,
  onShow,
  onClose,
}: {
  photos: Photo[];
  at: number;
  alt: (p: Photo) => string;
  onShow: (n: number) => void;
  onClose: () => void;
}) {
  const t = useT();
  const photo = photos[at]!;
  const frame = useRef<HTMLDivElement>(null);
  const to = (by: number) => onShow((at + by + photos.length) % photos.length);
  const walk = (e: React.KeyboardEvent) => {
    const way = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
    if (!way) return;
    e.preventDefault();
    to(document.body.dir === "rtl" ? -way : way);
  };
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={shown => !shown && onClose()}>
      <Modal className="modal photo-large">
        <Dialog className="dialog bare">
          {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows only walk the photos */}
          <div ref={frame} onKeyDown={walk}>
            <header>
              <Heading slot="title">{alt(photo)}</Heading>
              <a
                className="button small quiet"
                href={`${base}/photos/${photo.sha256}?size=original`}
                download
              >
                <Icon name="download" size={16} /> {t("record.photo-original")}
              </a>
              <Button className="icon-button" aria-label={t("do.close")} autoFocus onPress={onClose}>
                <Icon name="close" size={20} />
              </Button>
            </header>
            <img src={`${base}/photos/${photo.sha256}?size=view`} alt={alt(photo)} />
            {photos.length > 1 && (
              <footer>
                <Button
                  className="icon-button"
                  aria-label={t("record.photo-previous")}
                  onPress={() => to(-1)}
                >
                  <span className="turn-back">
                    <Icon name="chevron" size={20} />
                  </span>
                </Button>
                <span aria-live="polite">{t("record.photo-of", { n: at + 1, all: photos.length })}</span>
                <Button className="icon-button" aria-label={t("record.photo-next")} onPress={() => to(1)}>
                  <span className="turn-on">
                    <Icon name="chevron" size={20} />
                  </span>
                </Button>
              </footer>
            )}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
