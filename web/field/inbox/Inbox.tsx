import { useEffect, useMemo, useRef } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useMaybe } from "../../shared/texts/index.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import type { Message } from "../engine/index.ts";
import { Empty } from "../parts/Empty.tsx";
import { hrefOf } from "../route.ts";
import { useEngine, useField, useNow } from "../state.tsx";
import { useT } from "../texts/index.tsx";

const icons: Record<string, string> = {
  text: "message",
  stood_down: "ban",
  cancelled: "close",
  reopened: "reopen",
  settled: "shield-check",
};

// How long a message lies in sight before it counts as read.
const glance = 1200;

// Inbox is what the dispatcher and the system told the crew, the newest first.
// What was unread when the screen opened goes on looking new while it is open.
export function Inbox() {
  const t = useT();
  const messages = useField(s => s.messages);
  const sorted = useMemo(() => [...messages].sort((a, b) => (a.at < b.at ? 1 : -1)), [messages]);
  const fresh = useRef(new Set<string>());
  for (const m of sorted) if (!m.read_at) fresh.current.add(m.id);
  useRead(sorted);
  return (
    <div className="page">
      <header className="screen-head">
        <h1>{t("nav.inbox")}</h1>
      </header>
      {sorted.length === 0 ? (
        <Empty icon="mail" title={t("inbox.empty")}>
          {t("inbox.empty-more")}
        </Empty>
      ) : (
        <ol className="messages">
          {sorted.map(m => (
            <li key={m.id}>
              <Words message={m} fresh={fresh.current.has(m.id)} />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

// useRead marks what is unread once it was looked at.
function useRead(messages: readonly Message[]): void {
  const engine = useEngine();
  const told = useRef(new Set<string>());
  useEffect(() => {
    const unread = messages.filter(m => !m.read_at && !told.current.has(m.id));
    if (unread.length === 0) return;
    const timer = setTimeout(() => {
      if (document.hidden) return;
      for (const m of unread) {
        told.current.add(m.id);
        engine.act("message.read", undefined, { message: m.id }).catch(() => told.current.delete(m.id));
      }
    }, glance);
    return () => clearTimeout(timer);
  }, [messages, engine]);
}

function Words({ message, fresh }: { message: Message; fresh: boolean }) {
  const t = useT();
  const maybe = useMaybe();
  const moment = useMoment();
  const now = useNow(60_000);
  const here = useField(s => s.jobs.some(j => j.id === message.job));
  return (
    <article className={`message ${message.kind} ${fresh ? "fresh" : ""}`}>
      <span className="message-sign">
        <Icon name={icons[message.kind] ?? "message"} size={24} />
      </span>
      <div className="message-text">
        <h2>
          {maybe(`message.${message.kind}`) ?? t("message.text")}
          {fresh && <span className="flag new">{t("inbox.new")}</span>}
        </h2>
        {message.text && <p dir="auto">{message.text}</p>}
        <p className="dim">
          {moment(message.at, now)}
          {message.from?.name && (
            <>
              {" · "}
              <bdi>{message.from.name}</bdi>
            </>
          )}
          {message.number && !here && (
            <>
              {" · "}
              <bdi>{message.number}</bdi>
            </>
          )}
        </p>
        {here && (
          <a className="button" href={hrefOf({ screen: "job", job: message.job! })}>
            <Icon name="clipboard-text" size={24} /> {t("inbox.job")} <bdi>{message.number}</bdi>
          </a>
        )}
      </div>
    </article>
  );
}
