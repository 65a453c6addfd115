import { useMemo } from "react";
import { useIntl } from "react-intl";
import { Icon } from "../../shared/Icon.tsx";
import { grouped, noteworthy } from "../job/verdicts.ts";
import { Empty } from "../parts/Empty.tsx";
import { Fold } from "../parts/Fold.tsx";
import { hrefOf } from "../route.ts";
import { useEngine, useField, useLater, useMedia, wide } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { Device } from "./Device.tsx";
import { ExportButton } from "./Export.tsx";
import { PhotoRow } from "./PhotoRow.tsx";
import { QueueRow } from "./QueueRow.tsx";

// Waiting is everything done on this tablet: what is not sent yet, and what
// became of the rest. On a wide screen the device's own matters lie beside it.
export function Waiting() {
  const t = useT();
  const both = useMedia(wide);
  const later = useLater();
  return (
    <div className={both ? "two-panes" : ""}>
      <div className="page">
        <header className="screen-head">
          <h1>{t("waiting.title")}</h1>
          {!both && (
            <a className="button" href={hrefOf({ screen: "device" })}>
              <Icon name="device" size={24} /> {t("device.title")}
            </a>
          )}
        </header>
        <Summary />
        {later && <Queue />}
      </div>
      {both && later && <Device aside />}
    </div>
  );
}

function Summary() {
  const t = useT();
  const intl = useIntl();
  const engine = useEngine();
  const waiting = useField(s => s.waiting);
  const link = useField(s => s.link);
  const at = intl.formatTime(link.since, { hour: "2-digit", minute: "2-digit", hour12: false });
  return (
    <section className={`card summary ${waiting > 0 ? "some" : "none"}`} aria-label={t("waiting.title")}>
      <span className="summary-n" aria-hidden="true">
        {waiting > 0 ? waiting : <Icon name="circle-check" size={48} />}
      </span>
      <div className="summary-text" role="status">
        <strong>{waiting > 0 ? t("link.waiting", { n: waiting }) : t("waiting.none")}</strong>
        <p className="dim">
          {waiting === 0
            ? t("waiting.none-more")
            : link.state === "live"
              ? t("waiting.going")
              : t("waiting.kept", { since: at })}
        </p>
      </div>
      {waiting > 0 && (
        <div className="summary-do">
          <button type="button" className="button main" onClick={() => engine.syncNow()}>
            <Icon name="send" size={24} /> {t("waiting.now")}
          </button>
          <ExportButton />
        </div>
      )}
    </section>
  );
}

function Queue() {
  const t = useT();
  const queue = useField(s => s.queue);
  const photos = useField(s => s.photos);
  const { unsent, told, fine } = useMemo(() => {
    const done = queue.filter(i => i.state === "done").reverse();
    return {
      unsent: grouped(queue.filter(i => i.state !== "done")),
      told: grouped(done.filter(noteworthy)),
      fine: grouped(done.filter(i => !noteworthy(i))),
    };
  }, [queue]);
  const going = photos.filter(p => p.state !== "stored");
  if (queue.length === 0 && going.length === 0) {
    return (
      <Empty icon="upload" title={t("waiting.empty")}>
        {t("waiting.empty-more")}
      </Empty>
    );
  }
  return (
    <>
      {unsent.length > 0 && (
        <section aria-labelledby="unsent">
          <h2 className="section-title" id="unsent">
            {t("waiting.unsent")}
          </h2>
          <ol className="queue-items">
            {unsent.map(group => (
              <li key={group.id}>
                <QueueRow group={group} />
              </li>
            ))}
          </ol>
        </section>
      )}
      {going.length > 0 && (
        <section aria-labelledby="going">
          <h2 className="section-title" id="going">
            {t("waiting.photos")}
          </h2>
          <ul className="queue-items">
            {going.map(photo => (
              <li key={photo.sha256}>
                <PhotoRow photo={photo} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {told.length > 0 && (
        <section aria-labelledby="told">
          <h2 className="section-title" id="told">
            {t("waiting.told")}
          </h2>
          <ol className="queue-items">
            {told.map(group => (
              <li key={group.id}>
                <QueueRow group={group} />
              </li>
            ))}
          </ol>
        </section>
      )}
      {fine.length > 0 && (
        <Fold icon="circle-check" title={t("waiting.sent", { n: fine.length })}>
          <ol className="queue-items">
            {fine.map(group => (
              <li key={group.id}>
                <QueueRow group={group} />
              </li>
            ))}
          </ol>
        </Fold>
      )}
    </>
  );
}
