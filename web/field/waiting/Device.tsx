import { useIntl } from "react-intl";
import type { Lang } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useLanguage } from "../../shared/texts/index.tsx";
import { span } from "../../shared/texts/Words.tsx";
import { skewShown } from "../frame/Banners.tsx";
import { looks, useLook } from "../look.ts";
import { hrefOf } from "../route.ts";
import { useEngine, useField, useNow } from "../state.tsx";
import { languages, useT } from "../texts/index.tsx";
import { useBytes } from "./bytes.ts";
import { MapArchive } from "./MapArchive.tsx";
import { SignOut } from "./SignOut.tsx";

declare const __APP__: string | undefined;

export const appVersion = typeof __APP__ === "string" ? __APP__ : "1.0.0";

// Device is what concerns the tablet itself: its map, its space, its clock, the
// version of the app, how it looks, and leaving.
export function Device({ aside = false }: { aside?: boolean }) {
  const t = useT();
  const Title = aside ? "h2" : "h1";
  return (
    <div className="page device">
      <header className="screen-head stack">
        {!aside && (
          <a className="back" href={hrefOf({ screen: "waiting" })}>
            <Icon name="chevron" size={24} /> {t("waiting.title")}
          </a>
        )}
        <Title className="screen-title">{t("device.title")}</Title>
      </header>
      <MapArchive />
      <Space />
      <Looks />
      <App />
      <SignOut />
    </div>
  );
}

function Space() {
  const t = useT();
  const bytes = useBytes();
  const { usage, quota, low, full } = useField(s => s.storage);
  return (
    <section className="card" aria-labelledby="space">
      <h2 className="section-title" id="space">
        <Icon name="database" size={24} /> {t("space.title")}
      </h2>
      <meter
        className={full ? "full" : low ? "low" : ""}
        min={0}
        max={quota || 1}
        value={usage}
        aria-labelledby="space"
      />
      <p>{quota > 0 ? t("space.used", { used: bytes(usage), all: bytes(quota) }) : t("space.unknown")}</p>
      {(low || full) && <p className="wrong">{t(full ? "banner.full" : "banner.low")}</p>}
    </section>
  );
}

function Looks() {
  const t = useT();
  const [look, choose] = useLook();
  const { lang, choose: speak } = useLanguage();
  return (
    <section className="card" aria-labelledby="looks">
      <h2 className="section-title" id="looks">
        <Icon name="sun" size={24} /> {t("look.title")}
      </h2>
      <div className="segments" role="group" aria-labelledby="looks">
        {looks.map(l => (
          <button key={l} type="button" aria-pressed={l === look} onClick={() => choose(l)}>
            {t(`look.${l}`)}
          </button>
        ))}
      </div>
      <div className="segments" role="group" aria-label={t("look.language")}>
        {Object.entries(languages).map(([code, language]) => (
          <button
            key={code}
            type="button"
            lang={code}
            aria-pressed={code === lang}
            onClick={() => speak(code as Lang)}
          >
            {language.name}
          </button>
        ))}
      </div>
    </section>
  );
}

function App() {
  const t = useT();
  const intl = useIntl();
  const engine = useEngine();
  const skew = useField(s => s.skewMs);
  const until = useField(s => s.lease.until);
  const update = useField(s => s.update);
  const now = useNow(30_000);
  const off = Math.abs(skew) > skewShown;
  return (
    <section className="card" aria-labelledby="app">
      <h2 className="section-title" id="app">
        <Icon name="device" size={24} /> {t("app.title")}
      </h2>
      <dl className="facts">
        <div>
          <dt>{t("app.version")}</dt>
          <dd>
            <bdi>{appVersion}</bdi> {!update && t("app.newest")}
          </dd>
        </div>
        <div className={off ? "warn" : ""}>
          <dt>{t("app.clock")}</dt>
          <dd>
            {off ? t(skew > 0 ? "app.ahead" : "app.behind", { span: span(t, skew) }) : t("app.clock-right")}
          </dd>
        </div>
        {until && (
          <div>
            <dt>{t("app.lease")}</dt>
            <dd>
              {intl.formatDate(Date.parse(until), {
                weekday: "long",
                hour: "2-digit",
                minute: "2-digit",
                hour12: false,
              })}{" "}
              <span className="dim">({span(t, Date.parse(until) - now)})</span>
            </dd>
          </div>
        )}
      </dl>
      {off && <p className="dim">{t("app.clock-more")}</p>}
      {update && (
        <button type="button" className="button main" onClick={() => engine.applyUpdate()}>
          <Icon name="download" size={24} /> {t("banner.update-do")}
        </button>
      )}
    </section>
  );
}
