import { useId, useMemo, useState } from "react";
import { useIntl } from "react-intl";
import { Icon } from "../../shared/Icon.tsx";
import { useLanguage, useName } from "../../shared/texts/index.tsx";
import { Camera } from "../job/Camera.tsx";
import { usePhoto } from "../job/Photos.tsx";
import { useSay } from "../parts/Say.tsx";
import { go } from "../route.ts";
import { useAct, useEngine, useField, useLater } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { pickable } from "./pick.ts";
import { useSpot } from "./where.ts";

// A grid longer than this is a wall; the rest is a tap away.
const first = 12;

// NewIncident reports what a crew found where it stands: where, what, a few
// words, a picture.
export function NewIncident() {
  const t = useT();
  const name = useName();
  const say = useSay();
  const intl = useIntl();
  const engine = useEngine();
  const { lang } = useLanguage();
  const { once, busy } = useAct();
  const { spot, asking, failed, again } = useSpot();
  const categories = useField(s => s.categories);
  const own = useField(s => s.crew?.departments);
  const [category, setCategory] = useState("");
  const [all, setAll] = useState(false);
  const [words, setWords] = useState("");
  const [address, setAddress] = useState("");
  const [text, setText] = useState("");
  const [photos, setPhotos] = useState<string[]>([]);
  const ids = { address: useId(), words: useId(), text: useId() };
  const found = useMemo(() => pickable(categories, own ?? [], words, lang), [categories, own, words, lang]);
  const later = useLater();
  const shown = all || words ? found : found.slice(0, first);
  const placed = !!spot || !!address.trim();
  const ready = placed && !!category;

  const open = async () => {
    if (!ready) return;
    const data = {
      category,
      text: text.trim(),
      ...(spot ? { lat: spot.lat, lon: spot.lon } : {}),
      ...(address.trim() ? { address: address.trim() } : {}),
      photos,
    };
    if (await once("incident.open", undefined, data)) {
      say.done(t("new.done"));
      go({ screen: "today" });
    }
  };

  return (
    <div className="page new-page">
      <header className="screen-head">
        <h1>{t("new.title")}</h1>
      </header>
      <section className="card" aria-labelledby="new-where">
        <h2 className="section-title" id="new-where">
          <Icon name="crosshair" size={24} /> {t("new.where")}
        </h2>
        <div className="spot">
          <p role="status">
            {spot
              ? t("new.here", { n: intl.formatNumber(Math.round(spot.accuracy)) })
              : asking
                ? t("new.asking")
                : failed
                  ? t("new.nowhere")
                  : ""}
          </p>
          <button type="button" className="button" disabled={asking} onClick={again}>
            <Icon name="refresh" size={24} /> {t("new.again")}
          </button>
        </div>
        <div className="field">
          <label htmlFor={ids.address}>{t(spot ? "new.address" : "new.address-needed")}</label>
          <input
            id={ids.address}
            className="input"
            dir="auto"
            maxLength={200}
            autoComplete="off"
            value={address}
            onChange={e => setAddress(e.target.value)}
          />
        </div>
      </section>
      {later && (
        <>
          <section className="card" aria-labelledby="new-what">
            <h2 className="section-title" id="new-what">
              <Icon name="flag" size={24} /> {t("new.what")}
            </h2>
            <div className="field">
              <label className="sr" htmlFor={ids.words}>
                {t("new.find")}
              </label>
              <input
                id={ids.words}
                className="input"
                type="search"
                dir="auto"
                placeholder={t("new.find")}
                value={words}
                onChange={e => setWords(e.target.value)}
              />
            </div>
            <div className="tiles" role="group" aria-labelledby="new-what">
              {shown.map(c => (
                <button
                  key={c.code}
                  type="button"
                  className="tile"
                  aria-pressed={c.code === category}
                  onClick={() => setCategory(c.code === category ? "" : c.code)}
                >
                  <Icon name={c.icon} size={32} />
                  <span>{name(c.names, c.code)}</span>
                </button>
              ))}
            </div>
            {found.length === 0 && <p className="dim">{t("new.none")}</p>}
            {shown.length < found.length && (
              <button type="button" className="button" onClick={() => setAll(true)}>
                <Icon name="more" size={24} /> {t("new.all", { n: found.length })}
              </button>
            )}
          </section>
          <section className="card" aria-labelledby="new-text">
            <h2 className="section-title" id="new-text">
              <Icon name="message" size={24} /> {t("new.words")}
            </h2>
            <div className="field">
              <label className="sr" htmlFor={ids.text}>
                {t("new.text")}
              </label>
              <textarea
                id={ids.text}
                className="input"
                rows={3}
                dir="auto"
                maxLength={2000}
                placeholder={t("new.text")}
                value={text}
                onChange={e => setText(e.target.value)}
              />
            </div>
            <ul className="shots">
              {photos.map(sha256 => (
                <li key={sha256}>
                  <Kept sha256={sha256} onDrop={() => setPhotos(p => p.filter(x => x !== sha256))} />
                </li>
              ))}
              <li>
                <Camera
                  tile
                  label={t("new.photo")}
                  keep={async file => {
                    const sha256 = await engine.keepPhoto(file);
                    setPhotos(p => (p.includes(sha256) ? p : [...p, sha256]));
                  }}
                />
              </li>
            </ul>
          </section>
        </>
      )}
      <div className="step-bar">
        <button
          type="button"
          className="button main step"
          disabled={!ready || !!busy}
          onClick={() => void open()}
        >
          <Icon name="send" size={28} /> <span>{t("new.do")}</span>
        </button>
        {!ready && <p className="step-why">{t(placed ? "new.needs-what" : "new.needs-where")}</p>}
      </div>
    </div>
  );
}

function Kept({ sha256, onDrop }: { sha256: string; onDrop: () => void }) {
  const t = useT();
  const url = usePhoto(sha256);
  return (
    <span className="shot kept-shot">
      {url ? <img src={url} alt={t("photos.other")} /> : <Icon name="photo" size={32} />}
      <button type="button" className="icon-button" aria-label={t("new.drop")} onClick={onDrop}>
        <Icon name="close" size={24} />
      </button>
    </span>
  );
}
