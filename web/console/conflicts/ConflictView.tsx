import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import type { Conflict, Settlement, Time } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useMaybe, useName, useT } from "../../shared/texts/index.tsx";
import { span, useMoment } from "../../shared/texts/Words.tsx";
import { may } from "../may.ts";
import { useDesk, useNow } from "../state.tsx";
import { Evidence } from "./Evidence.tsx";
import { apart, choiceOf, delay, fieldWords, first, skewed } from "./sides.ts";
import { useSettle } from "./useConflicts.ts";

// ConflictView shows both sides of a conflict next to each other, row by row,
// and lets a person say which counts.
export function ConflictView({
  conflict: c,
  onSettled,
}: {
  conflict: Conflict;
  onSettled: (was: Conflict) => void;
}) {
  const t = useT();
  const name = useName();
  const moment = useMoment();
  const at = useNow(20_000);
  const { categories, departments, session } = useDesk();
  const maybe = useMaybe();
  const deskWords = useDeskWords();
  const { op, other } = c;
  const earlier = first(c);
  const late = delay(c);
  const desk = deskWords(c);
  const state = t(`job.${other.state}`);
  const did = maybe(`op.${op.kind}`) ?? op.kind;
  return (
    <article className="conflict" aria-label={t(`conflicts.kind-${c.kind}`, { crew: apart(op.crew_name) })}>
      <header className="conflict-head">
        <h2>{t(`conflicts.kind-${c.kind}`, { crew: apart(op.crew_name) })}</h2>
        <p className="dim">
          {name(categories.get(c.category)?.names, c.category)} ·{" "}
          {name(departments.get(c.department)?.names, c.department)} · <bdi>{c.place.label}</bdi> ·{" "}
          <bdi>{c.number}</bdi>
        </p>
        <Link className="button small" to="/console" search={{ incident: c.incident }}>
          <Icon name="flag" size={16} /> {t("conflicts.to-incident")}
        </Link>
      </header>
      <table className="sides">
        <caption className="sr">{t("conflicts.compare")}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">
              <Icon name="truck" size={20} /> {t("conflicts.field")}
              {earlier === "field" && <First />}
            </th>
            <th scope="col">
              <Icon name="user" size={20} /> {t("conflicts.desk")}
              {earlier === "desk" && <First />}
            </th>
          </tr>
        </thead>
        <tbody>
          <Row
            name={t("conflicts.who")}
            field={<bdi>{op.crew_name}</bdi>}
            desk={<bdi>{desk.who}</bdi>}
            differs
          />
          <Row name={t("conflicts.what")} field={did} desk={desk.what} differs />
          <Row
            name={t("conflicts.when")}
            field={
              <>
                <When at={op.at} now={at} />
                {skewed(c) && (
                  <small>
                    <Icon name="clock" size={14} />{" "}
                    {t("conflicts.by-device", { at: moment(op.performed_at, at) })}
                  </small>
                )}
              </>
            }
            desk={other.at ? <When at={other.at} now={at} /> : "–"}
          />
          <Row
            name={t("conflicts.received")}
            field={
              <>
                <When at={op.received_at} now={at} />
                <small>
                  {late < 60_000
                    ? t("conflicts.at-once")
                    : t("conflicts.after", { span: span((k, v) => t(k, v), late) })}
                </small>
              </>
            }
            desk={other.at ? <small>{t("conflicts.at-once")}</small> : "–"}
          />
          <Row
            name={t("conflicts.state")}
            field={t("conflicts.field-state", { what: did })}
            desk={<span className={`job-state ${other.state}`}>{state}</span>}
            differs
          />
          <Row
            name={t("conflicts.had")}
            field={<bdi>{op.crew_name}</bdi>}
            desk={<bdi>{other.crew_name || t("conflicts.no-one")}</bdi>}
            differs={other.crew !== op.crew}
          />
          <Row
            name={t("conflicts.words")}
            field={<bdi>{fieldWords(c) || "–"}</bdi>}
            desk={<bdi>{other.reason || "–"}</bdi>}
          />
        </tbody>
      </table>
      {c.settled_at ? (
        <p className="conflict-settled" role="status">
          <Icon name="circle-check" size={20} />
          <span>
            {t("conflicts.settled-by", {
              choice: t(`conflicts.${c.choice as Settlement}`),
              who: c.settled_by?.name || t(`role.${c.settled_by?.role ?? "dispatcher"}` as "role.dispatcher"),
              at: moment(c.settled_at, at),
            })}
            {c.note && (
              <small>
                <bdi>{c.note}</bdi>
              </small>
            )}
          </span>
        </p>
      ) : (
        may(session.actor.role, "settle") && <Decide conflict={c} onSettled={onSettled} />
      )}
      <Evidence conflict={c} />
    </article>
  );
}

function First() {
  const t = useT();
  return <span className="first">{t("conflicts.first")}</span>;
}

function When({ at, now }: { at: Time; now: number }) {
  const moment = useMoment();
  return <time dateTime={at}>{moment(at, now)}</time>;
}

// Row is one matter on which both sides speak. Where they differ, a sign says
// so besides the colour.
function Row({
  name,
  field,
  desk,
  differs,
}: {
  name: string;
  field: ReactNode;
  desk: ReactNode;
  differs?: boolean;
}) {
  return (
    <tr className={differs ? "differs" : ""}>
      <th scope="row">
        {differs && <Icon name="exchange" size={14} />} {name}
      </th>
      <td>{field}</td>
      <td>{desk}</td>
    </tr>
  );
}

// useDeskWords says who did what at the desk's side, where its event is known.
function useDeskWords() {
  const t = useT();
  const maybe = useMaybe();
  return ({ other }: Conflict) => {
    const crew = other.crew_name ? apart(other.crew_name) : t("timeline.a-crew");
    const who = other.by?.name || (other.by && maybe(`role.${other.by.role}`)) || "–";
    const what = (other.event && maybe(`event.${other.event}`, { crew })) || t(`job.${other.state}`);
    return { who, what };
  };
}

function Decide({ conflict: c, onSettled }: { conflict: Conflict; onSettled: (was: Conflict) => void }) {
  const t = useT();
  const name = useName();
  const { departments } = useDesk();
  const { busy, settle } = useSettle();
  const [note, setNote] = useState("");
  const choices = c.choices as Settlement[];
  const crew = apart(c.op.crew_name);
  const decide = async (choice: Settlement) => {
    if (!busy && (await settle(c, choice, note.trim()))) onSettled(c);
  };
  const latest = useRef(decide);
  latest.current = decide;

  // Digits choose, unless one is writing.
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      const writing = (e.target as HTMLElement | null)?.matches?.("input, textarea, select");
      if (writing || e.ctrlKey || e.metaKey || e.altKey) return;
      const choice = choiceOf(c, e.key);
      if (choice) void latest.current(choice);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [c]);

  const more: Record<Settlement, string> = {
    keep: t("conflicts.keep-more", { state: t(`job.${c.other.state}`) }),
    accept:
      c.kind === "transfer"
        ? t("conflicts.accept-transfer", {
            department: name(departments.get(c.op.data.department ?? "")?.names, c.op.data.department ?? ""),
          })
        : t("conflicts.accept-more", { crew }),
    reopen: t("conflicts.reopen-more", {
      crew: c.other.crew_name ? apart(c.other.crew_name) : t("conflicts.no-one"),
    }),
  };
  return (
    <section className="decide" aria-label={t("conflicts.decide")}>
      <h3>{t("conflicts.decide")}</h3>
      <div className="decide-choices">
        {choices.map((choice, n) => (
          <Button
            key={choice}
            className="decide-choice"
            isDisabled={busy === c.id}
            onPress={() => void decide(choice)}
          >
            <Icon name={choice === "keep" ? "check" : choice === "accept" ? "truck" : "reopen"} size={20} />
            <span>
              <strong>{t(`conflicts.${choice}`)}</strong>
              <span>{more[choice]}</span>
            </span>
            <kbd>{n + 1}</kbd>
          </Button>
        ))}
      </div>
      <label className="field">
        <span>{t("conflicts.note")}</span>
        <input
          className="input"
          dir="auto"
          maxLength={200}
          value={note}
          onChange={e => setNote(e.target.value)}
        />
      </label>
      <p className="dim">
        <Icon name="message" size={14} /> {t("conflicts.told", { crew })}
      </p>
    </section>
  );
}
