import type { ReactNode } from "react";
import type { Lang } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useLanguage } from "../../shared/texts/index.tsx";
import { LookButton } from "../frame/LookButton.tsx";
import { useField } from "../state.tsx";
import { languages, useT } from "../texts/index.tsx";
import { Brand } from "./Brand.tsx";
import { SignInForm } from "./SignInForm.tsx";

// Door is a page before the app: signing in, a lease that is over, a tablet
// that was taken off.
function Door({ children }: { children: ReactNode }) {
  const t = useT();
  const { lang, choose } = useLanguage();
  return (
    <main className="door">
      <div className="door-light" aria-hidden="true" />
      <div className="door-card">
        <Brand />
        {children}
      </div>
      <nav className="door-foot" aria-label={t("look.language")}>
        {Object.entries(languages).map(([code, language]) => (
          <button
            type="button"
            key={code}
            lang={code}
            aria-pressed={code === lang}
            onClick={() => choose(code as Lang)}
          >
            {language.name}
          </button>
        ))}
        <LookButton />
      </nav>
    </main>
  );
}

export function SignIn() {
  const t = useT();
  const offline = useField(s => s.link.state === "offline");
  return (
    <Door>
      <h1>{t("door.title")}</h1>
      {offline && (
        <p className="door-note warn" role="status">
          <Icon name="offline" size={24} /> <span>{t("door.needs-network")}</span>
        </p>
      )}
      <SignInForm />
      <p className="door-note">
        <Icon name="shield-check" size={24} /> <span>{t("door.lead")}</span>
      </p>
    </Door>
  );
}

// Locked is a tablet that heard nothing of the server for too long. Nothing is
// lost: what is unsent waits, sealed, for the same person to come in again.
export function Locked() {
  const t = useT();
  const waiting = useField(s => s.waiting);
  const login = useField(s => s.me?.login);
  const offline = useField(s => s.link.state === "offline");
  return (
    <Door>
      <span className="door-sign">
        <Icon name="lock" size={40} />
      </span>
      <h1>{t("locked.title")}</h1>
      <p className="door-lead">{t("locked.more")}</p>
      {waiting > 0 && (
        <p className="door-note">
          <Icon name="upload" size={24} /> <span>{t("locked.kept", { n: waiting })}</span>
        </p>
      )}
      {offline && (
        <p className="door-note warn" role="status">
          <Icon name="offline" size={24} /> <span>{t("locked.needs-network")}</span>
        </p>
      )}
      <SignInForm login={login} />
    </Door>
  );
}

// Revoked is a tablet that was taken off. What it held is gone from it; it can
// be given to a crew anew.
export function Revoked() {
  const t = useT();
  return (
    <Door>
      <span className="door-sign wrong">
        <Icon name="shield-lock" size={40} />
      </span>
      <h1>{t("revoked.title")}</h1>
      <p className="door-lead">{t("revoked.more")}</p>
      <details className="door-again">
        <summary>{t("revoked.again")}</summary>
        <SignInForm />
      </details>
    </Door>
  );
}

// Opening holds the places of the day while the tablet reads what it holds.
export function Opening() {
  const t = useT();
  return (
    <main className="opening" aria-busy="true" aria-label={t("app.opening")}>
      <h1 className="sr">{t("app.opening")}</h1>
      <div className="opening-bar" />
      <div className="opening-card" />
      <div className="opening-row" />
      <div className="opening-row" />
      <div className="opening-row" />
    </main>
  );
}
