import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import type { Lang, Session } from "../shared/api.ts";
import { call, Problem } from "../shared/client.ts";
import { Icon } from "../shared/Icon.tsx";
import { languages, useLanguage, useT } from "../shared/texts/index.tsx";
import { Brand } from "./Brand.tsx";

export function Login() {
  const t = useT();
  const { lang, choose } = useLanguage();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");

  useEffect(() => {
    document.title = `${t("login.title")} · ${t("app.name")}`;
  }, [t]);

  const enter = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setWrong("");
    try {
      const session = await call<Session>("/session", { body: { login: login.trim(), password } });
      queries.setQueryData(["session"], session);
      // Another page of ours that sent here is gone back to; no other address is.
      const next = new URLSearchParams(location.search).get("next") ?? "";
      if (/^\/(district|review)(\?|$)/.test(next)) location.assign(next);
      else await navigate({ to: "/console" });
    } catch (err) {
      const status = err instanceof Problem ? err.status : 0;
      setWrong(
        status === 0
          ? t("login.offline")
          : status === 429
            ? t("login.too-many")
            : status >= 500
              ? t("state.failed-detail")
              : t("login.wrong"),
      );
      setBusy(false);
    }
  };

  return (
    <main className="login">
      <div className="login-light" aria-hidden="true" />
      <form className="login-card" onSubmit={enter}>
        <Brand large />
        <h1>{t("login.title")}</h1>
        <p className="login-lead">{t("login.lead")}</p>
        <TextField
          className="field"
          value={login}
          onChange={setLogin}
          autoFocus
          isRequired
          name="login"
          autoComplete="username"
        >
          <Label>{t("login.login")}</Label>
          <Input className="input" dir="auto" />
        </TextField>
        <TextField
          className="field"
          value={password}
          onChange={setPassword}
          isRequired
          type="password"
          name="password"
          autoComplete="current-password"
        >
          <Label>{t("login.password")}</Label>
          <Input className="input" dir="ltr" />
        </TextField>
        <p className="login-wrong" role="alert">
          {wrong && (
            <>
              <Icon name="alert" size={16} /> {wrong}
            </>
          )}
        </p>
        <Button className="button primary wide" type="submit" isDisabled={busy}>
          {busy ? t("login.entering") : t("login.enter")}
        </Button>
      </form>
      <nav className="login-languages" aria-label={t("bar.language")}>
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
      </nav>
    </main>
  );
}
