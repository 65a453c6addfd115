import { useId, useState } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useName } from "../../shared/texts/index.tsx";
import type { FieldCategory, FieldJob } from "../engine/index.ts";
import { Reasons } from "../parts/Reasons.tsx";
import { Sheet } from "../parts/Sheet.tsx";
import { useAct, useCategory } from "../state.tsx";
import { type T, useT } from "../texts/index.tsx";
import { Camera } from "./Camera.tsx";
import { useUsual } from "./ReasonSheet.tsx";
import { SignatureSheet } from "./Signature.tsx";
import { type Lack, lacks } from "./steps.ts";

type Namer = ReturnType<typeof useName>;

// lackWords names one missing thing.
export function lackWords(t: T, name: Namer, lack: Lack, category: FieldCategory | undefined): string {
  if (lack === "photo.before" || lack === "photo.after" || lack === "signature") return t(`lack.${lack}`);
  const code = lack.slice("check.".length);
  return name(category?.field?.checklist.find(c => c.code === code)?.names, code);
}

// FinishSheet closes a job. What the category asks for and isn't there comes
// first, each with the way to put it right; a crew that can't says why, which
// becomes a note that the dispatcher reads.
export function FinishSheet({
  job,
  onClose,
  onDone,
}: {
  job: FieldJob;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useT();
  const name = useName();
  const category = useCategory(job.category);
  const { once, busy } = useAct();
  const [note, setNote] = useState("");
  const [anyway, setAnyway] = useState(false);
  const [why, setWhy] = useState("");
  const usual = useUsual("without");
  const id = useId();
  const missing = lacks(job, category);
  const guarded = missing.length > 0;
  const names = missing.map(l => lackWords(t, name, l, category)).join(", ");

  const finish = async () => {
    if (guarded && !why.trim()) return;
    const without = guarded ? t("finish.without", { what: names, why: why.trim() }) : "";
    if (without && !(await once("job.note", job.id, { text: without }))) return;
    if (await once("job.complete", job.id, note.trim() ? { note: note.trim() } : {})) {
      onClose();
      onDone();
    }
  };

  return (
    <Sheet
      title={t(guarded ? "finish.missing-title" : "finish.title")}
      onClose={onClose}
      foot={
        guarded && !anyway ? (
          <button type="button" className="button" onClick={() => setAnyway(true)}>
            {t("finish.anyway")}
          </button>
        ) : (
          <button
            type="button"
            className="button main finish"
            disabled={!!busy || (guarded && !why.trim())}
            onClick={() => void finish()}
          >
            <Icon name="circle-check" size={28} /> {t(guarded ? "finish.do-without" : "finish.do")}
          </button>
        )
      }
    >
      {guarded && (
        <ul className="lacks">
          {missing.map(lack => (
            <li key={lack}>
              <LackRow job={job} lack={lack} words={lackWords(t, name, lack, category)} />
            </li>
          ))}
        </ul>
      )}
      {guarded && anyway && (
        <>
          <p className="sheet-lead">{t("finish.why")}</p>
          <Reasons usual={usual} value={why} onChange={setWhy} label={t("finish.why")} />
        </>
      )}
      {!guarded && <Summary job={job} category={category} />}
      {(!guarded || anyway) && (
        <div className="field">
          <label htmlFor={id}>{t("finish.note")}</label>
          <textarea
            id={id}
            className="input"
            rows={2}
            dir="auto"
            maxLength={1000}
            value={note}
            onChange={e => setNote(e.target.value)}
          />
        </div>
      )}
    </Sheet>
  );
}

function LackRow({ job, lack, words }: { job: FieldJob; lack: Lack; words: string }) {
  const t = useT();
  const { once, busy } = useAct();
  const [signing, setSigning] = useState(false);
  return (
    <div className="lack">
      <Icon name="alert" size={24} />
      <strong>{words}</strong>
      {lack === "photo.before" || lack === "photo.after" ? (
        <Camera job={job.id} kind={lack === "photo.before" ? "before" : "after"} label={t("lack.take")} />
      ) : lack === "signature" ? (
        <button type="button" className="button" onClick={() => setSigning(true)}>
          <Icon name="signature" size={24} /> {t("lack.sign")}
        </button>
      ) : (
        <button
          type="button"
          className="button"
          disabled={!!busy}
          onClick={() => void once("job.check", job.id, { code: lack.slice("check.".length), value: true })}
        >
          <Icon name="check" size={24} /> {t("lack.check")}
        </button>
      )}
      {signing && <SignatureSheet job={job} onClose={() => setSigning(false)} />}
    </div>
  );
}

function Summary({ job, category }: { job: FieldJob; category: FieldCategory | undefined }) {
  const t = useT();
  const { photos = [], checks = {}, materials = {}, signature } = job.record ?? {};
  const list = category?.field?.checklist ?? [];
  const rows: [icon: string, text: string][] = [];
  if (photos.length > 0) rows.push(["camera", t("finish.photos", { n: photos.length })]);
  if (list.length > 0)
    rows.push([
      "checklist",
      t("finish.checks", { n: list.filter(c => checks[c.code]?.value).length, all: list.length }),
    ]);
  const used = Object.values(materials).filter(n => n > 0).length;
  if (used > 0) rows.push(["package", t("finish.materials", { n: used })]);
  if (signature) rows.push(["signature", t("finish.signed", { name: signature.name })]);
  if (rows.length === 0) return null;
  return (
    <ul className="finish-summary">
      {rows.map(([icon, text]) => (
        <li key={icon}>
          <Icon name={icon} size={24} /> {text}
        </li>
      ))}
    </ul>
  );
}
