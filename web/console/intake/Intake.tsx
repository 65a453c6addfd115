import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import type { Answer, Category, Filed, Found, ID, Near, NewReport, Precision } from "../../shared/api.ts";
import { call, freshId, query } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { useHands } from "../hands.tsx";
import { useSay } from "../toasts.tsx";
import { AddressBox } from "./AddressBox.tsx";
import { Caller } from "./Caller.tsx";
import { CategoryBox } from "./CategoryBox.tsx";
import { Nearby } from "./Nearby.tsx";
import { Questions } from "./Questions.tsx";

interface Where {
  text: string;
  point?: { lat: number; lon: number };
  precision?: Precision;
  outside?: boolean;
}

interface Reverse {
  label: string;
}

// Intake takes a call on one panel: where, what, who. Enter goes on to the next
// field and Ctrl+Enter files from anywhere.
export function Intake({ onClose }: { onClose: () => void }) {
  const t = useT();
  const say = useSay();
  const queries = useQueryClient();
  const { open, touch, setPin, show } = useHands();
  const [where, setWhere] = useState<Where>({ text: "" });
  const [category, setCategory] = useState<Category>();
  const [answers, setAnswers] = useState<Record<string, Answer>>({});
  const [text, setText] = useState("");
  const [phone, setPhone] = useState("");
  const [person, setPerson] = useState("");
  const [about, setAbout] = useState<ID>();
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState<"where" | "what">();
  // The same call is filed once, however often the key is pressed or the network fails.
  const key = useRef(freshId());
  const what = useRef<HTMLInputElement>(null);
  const words = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLFormElement>(null);

  const drop = async (point: { lat: number; lon: number }) => {
    setWhere(w => ({ ...w, point, precision: "pin" }));
    setAbout(undefined);
    const near = await call<Reverse>(`/reverse${query(point)}`).catch(() => undefined);
    if (near?.label) setWhere(w => (w.point === point ? { ...w, text: near.label } : w));
  };
  const dropped = useRef(drop);
  dropped.current = drop;

  const { point } = where;
  useEffect(() => {
    setPin(point && { ...point, label: t("intake.pin"), onDrag: at => void dropped.current(at) });
  }, [point, setPin, t]);
  useEffect(() => () => setPin(undefined), [setPin]);

  const found = (f: Found) => {
    setWhere({
      text: f.label,
      point: { lat: f.lat, lon: f.lon },
      precision: f.precision,
      outside: f.outside,
    });
    setMissing(undefined);
    setAbout(undefined);
    show(f.lat, f.lon, f.precision === "area" ? 14 : 17);
    what.current?.focus();
  };

  const near = useQuery({
    queryKey: ["near", point?.lat, point?.lon, category?.code],
    queryFn: () => call<NearAnswer>(`/incidents/near${query({ ...point, category: category?.code })}`),
    enabled: !!point,
    placeholderData: previous => previous,
  });

  const file = async () => {
    if (busy) return;
    if (!where.text.trim() && !where.point) return setMissing("where");
    if (!category) {
      setMissing("what");
      return what.current?.focus();
    }
    setBusy(true);
    const contact =
      phone.trim() || person.trim()
        ? { phone: phone.trim() || undefined, name: person.trim() || undefined }
        : undefined;
    // A pin that was put or dragged is the place itself; a found address goes
    // as it was told, so that the report keeps how exactly it was found.
    const place =
      where.point && (where.precision === "pin" || !where.text.trim())
        ? { ...where.point, text: where.text.trim() || undefined }
        : { text: where.text.trim() };
    const report: NewReport = {
      channel: "phone",
      category: category.code,
      text: text.trim(),
      place,
      contact,
      answers,
      incident: about,
    };
    try {
      const filed = await call<Filed>("/reports", { body: report, key: key.current });
      touch(filed.incident.id);
      void queries.invalidateQueries({ queryKey: ["incident", filed.incident.id] });
      say.done(
        t(filed.incident.merged ? "intake.joined" : "intake.filed", {
          number: filed.number,
          incident: filed.incident.number,
        }),
        { label: t("do.open"), run: () => open(filed.incident.id) },
      );
      onClose();
      open(filed.incident.id);
    } catch (err) {
      say.problem(err);
      setBusy(false);
    }
  };

  const onKey = (e: React.KeyboardEvent) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      void file();
    }
    if (e.key === "Escape") {
      e.stopPropagation();
      onClose();
    }
    // Enter goes on; in the last field it files.
    const el = e.target as HTMLElement;
    if (
      e.key === "Enter" &&
      !e.shiftKey &&
      !e.ctrlKey &&
      !e.metaKey &&
      !e.defaultPrevented &&
      el.matches("input:not([role]), textarea")
    ) {
      e.preventDefault();
      const stops = [
        ...form.current!.querySelectorAll<HTMLElement>("input:not([disabled]), textarea, [data-stop]"),
      ].filter(s => s.tabIndex >= 0);
      const next = stops[stops.indexOf(el) + 1];
      if (next) next.focus();
      else void file();
    }
  };

  return (
    <form
      className="side-body intake"
      ref={form}
      onSubmit={e => {
        e.preventDefault();
        void file();
      }}
      onKeyDown={onKey}
    >
      <div className="side-head">
        <h2>{t("intake.title")}</h2>
        <Button className="icon-button" aria-label={t("do.close")} onPress={onClose}>
          <Icon name="close" size={20} />
        </Button>
      </div>
      <section className="step" aria-label={t("intake.where")}>
        <AddressBox
          autoFocus
          label={t("intake.where")}
          value={where.text}
          onText={next => setWhere({ text: next })}
          onFound={found}
          onNext={() => what.current?.focus()}
        />
        {missing === "where" && <Missing text={t("intake.where-missing")} />}
        {where.outside && <Missing text={t("intake.outside")} />}
        {where.point ? (
          <p className="placed">
            <Icon name="pin" size={16} />
            {t("intake.placed", { precision: t(`precision.${where.precision ?? "pin"}`) })}
          </p>
        ) : (
          where.text.length > 2 && <p className="placed dim">{t("intake.unplaced")}</p>
        )}
      </section>
      <section className="step" aria-label={t("intake.what")}>
        <CategoryBox
          value={category}
          inputRef={what}
          onChange={c => {
            setCategory(c);
            setAnswers({});
            setMissing(undefined);
            if (c)
              setTimeout(() =>
                (form.current?.querySelector<HTMLElement>("[data-question]") ?? words.current)?.focus(),
              );
          }}
        />
        {missing === "what" && <Missing text={t("intake.what-missing")} />}
        {category && <Questions category={category} answers={answers} onChange={setAnswers} />}
        <Nearby near={near.data?.incidents} chosen={about} onChoose={setAbout} onOpen={open} />
        <label className="field">
          <span>{t("intake.words")}</span>
          <textarea
            className="input"
            ref={words}
            rows={2}
            dir="auto"
            maxLength={4000}
            value={text}
            onChange={e => setText(e.target.value)}
          />
        </label>
      </section>
      <section className="step" aria-label={t("intake.who")}>
        <Caller phone={phone} onPhone={setPhone} person={person} onPerson={setPerson} onOpen={open} />
      </section>
      <div className="intake-foot">
        <Button className="button primary wide" type="submit" isDisabled={busy}>
          <Icon name="check" size={16} />
          {busy ? t("intake.filing") : about ? t("intake.join") : t("intake.file")}
          <kbd dir="ltr">Ctrl ↵</kbd>
        </Button>
      </div>
    </form>
  );
}

interface NearAnswer {
  incidents: Near[];
}

function Missing({ text }: { text: string }) {
  return (
    <p className="missing" role="alert">
      <Icon name="alert" size={14} /> {text}
    </p>
  );
}
