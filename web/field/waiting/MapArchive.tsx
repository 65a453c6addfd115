import { useEffect, useRef, useState } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import { useSay } from "../parts/Say.tsx";
import { useEngine, useField, useNow } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { useBytes } from "./bytes.ts";

// MapArchive keeps the district's map on the tablet, so that it is there
// without a network.
export function MapArchive() {
  const t = useT();
  const bytes = useBytes();
  const moment = useMoment();
  const engine = useEngine();
  const say = useSay();
  const map = useField(s => s.map);
  const live = useField(s => s.link.state !== "offline");
  const now = useNow(60_000);
  const [going, setGoing] = useState<{ done: number; total: number }>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const fetchMap = async () => {
    const abort = new AbortController();
    stop.current = abort;
    setGoing({ done: 0, total: map.total });
    try {
      await engine.downloadMap((done, total) => setGoing({ done, total }), abort.signal);
      say.done(t("archive.done"));
    } catch (err) {
      if (!abort.signal.aborted) say.problem(err);
    } finally {
      setGoing(undefined);
    }
  };
  const progress = going ?? (map.state === "downloading" ? { done: map.bytes, total: map.total } : undefined);
  const has = map.state === "ready" || map.state === "stale";
  return (
    <section className="card" aria-labelledby="archive">
      <h2 className="section-title" id="archive">
        <Icon name="map" size={24} /> {t("archive.title")}
      </h2>
      {progress ? (
        <>
          <progress max={progress.total || 1} value={progress.done} aria-labelledby="archive" />
          <p role="status">{t("waiting.of", { sent: bytes(progress.done), all: bytes(progress.total) })}</p>
          <button type="button" className="button" onClick={() => stop.current?.abort()}>
            <Icon name="close" size={24} /> {t("archive.cancel")}
          </button>
        </>
      ) : (
        <>
          <p>
            {has
              ? t(map.state === "stale" ? "archive.stale" : "archive.ready", {
                  size: bytes(map.bytes),
                  at: map.at ? moment(map.at, now) : "",
                })
              : map.total > 0
                ? t("archive.none-size", { size: bytes(map.total) })
                : t("archive.none")}
          </p>
          <div className="card-do">
            {map.state !== "ready" && (
              <button type="button" className="button main" disabled={!live} onClick={() => void fetchMap()}>
                <Icon name="download" size={24} /> {t(has ? "archive.renew" : "archive.get")}
              </button>
            )}
            {has && (
              <button
                type="button"
                className="button"
                onClick={() => void engine.removeMap().catch(say.problem)}
              >
                <Icon name="trash" size={24} /> {t("archive.remove")}
              </button>
            )}
          </div>
          {!live && map.state !== "ready" && <p className="dim">{t("archive.offline")}</p>}
        </>
      )}
    </section>
  );
}
