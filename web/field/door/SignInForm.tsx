import { type FormEvent, useId, useState } from "react";
import { Problem } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useEngine } from "../state.tsx";
import { type Key, useT } from "../texts/index.tsx";

// refusal is the words for why a sign-in failed.
export function refusal(err: unknown): Key {
  if (!(err instanceof Problem)) return "problem.other";
  if (err.code === "device-revoked") return "door.revoked";
  if (err.status === 0) return "door.offline";
  if (err.status === 429) return "door.too-many";
  if (err.status === 403) return "door.not-crew";
  if (err.status >= 500) return "door.away";
  return "door.wrong";
}

// SignInForm lets a crew in. login, where it is known, can't be another's: what
// is unsent on the tablet belongs to it.
export function SignInForm({ login: known }: { login?: string }) {
  const t = useT();
  const engine = useEngine();
  const [login, setLogin] = useState(known ?? "");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const ids = { login: useId(), password: useId(), wrong: useId() };
  const enter = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (!login.trim() || !password) return setWrong(t("door.empty"));
    setBusy(true);
    setWrong("");
    try {
      await engine.signIn(login.trim(), password);
    } catch (err) {
      setWrong(t(refusal(err)));
      setBusy(false);
    }
  };
  return (
    <form className="door-form" onSubmit={e => void enter(e)} noValidate>
      <div className="field">
        <label htmlFor={ids.login}>{t("door.login")}</label>
        <input
          id={ids.login}
          className="input"
          dir="auto"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          readOnly={!!known}
          value={login}
          aria-describedby={wrong ? ids.wrong : undefined}
          onChange={e => setLogin(e.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={ids.password}>{t("door.password")}</label>
        <span className="password">
          <input
            id={ids.password}
            className="input"
            dir="ltr"
            type={shown ? "text" : "password"}
            autoComplete="current-password"
            value={password}
            aria-describedby={wrong ? ids.wrong : undefined}
            onChange={e => setPassword(e.target.value)}
          />
          <button
            type="button"
            className="icon-button"
            aria-pressed={shown}
            aria-label={t("door.show")}
            onClick={() => setShown(s => !s)}
          >
            <Icon name="eye" size={24} />
          </button>
        </span>
      </div>
      <p className="wrong" role="alert" id={ids.wrong}>
        {wrong && (
          <>
            <Icon name="alert" size={24} /> <span>{wrong}</span>
          </>
        )}
      </p>
      <button type="submit" className={`button main ${busy ? "busy" : ""}`} aria-disabled={busy}>
        {t(busy ? "door.entering" : "door.enter")}
      </button>
    </form>
  );
}
