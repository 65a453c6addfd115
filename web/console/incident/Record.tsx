import type { Job } from "../../shared/api.ts";
import { base } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useMaybe, useName, useT } from "../../shared/texts/index.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import { useDesk, useNow } from "../state.tsx";

// Record is what the crew put down about a job: the checklist, materials, notes
// and the signature, and what the category asks for and isn't there.
export function Record({ job }: { job: Job }) {
  const t = useT();
  const name = useName();
  const maybe = useMaybe();
  const moment = useMoment();
  const at = useNow(60_000);
  const { categories } = useDesk();
  const { record } = job;
  const form = categories.get(job.category)?.field;
  const checks = Object.entries(record?.checks ?? {});
  const materials = Object.entries(record?.materials ?? {}).filter(([, n]) => n !== 0);
  const notes = record?.notes ?? [];
  const { signature } = record ?? {};
  const item = (code: string) => name(form?.checklist?.find(i => i.code === code)?.names, code);
  const missing = (job.record_missing ?? []).map(what =>
    what.startsWith("check.")
      ? item(what.slice("check.".length))
      : (maybe(`record.missing-${what.replace(".", "-")}`) ?? what),
  );
  if (checks.length + materials.length + notes.length + missing.length === 0 && !signature) return null;
  return (
    <div className="record" role="group" aria-label={t("record.title")}>
      {missing.length > 0 && (
        <p className="record-missing">
          <Icon name="alert" size={16} /> {t("record.missing", { list: missing.join(", ") })}
        </p>
      )}
      {checks.length > 0 && (
        <ul className="record-checks">
          {checks.map(([code, check]) => (
            <li key={code}>
              <Icon name={check.value ? "check" : "minus"} size={16} />
              <span className="sr">{t(check.value ? "record.checked" : "record.unchecked")}</span>
              {item(code)}
            </li>
          ))}
        </ul>
      )}
      {materials.length > 0 && (
        <ul className="record-materials" aria-label={t("record.materials")}>
          {materials.map(([code, n]) => {
            const kind = form?.materials?.find(m => m.code === code);
            return (
              <li key={code}>
                <Icon name="package" size={16} /> {name(kind?.names, code)} <bdi>× {n}</bdi>
              </li>
            );
          })}
        </ul>
      )}
      {notes.length > 0 && (
        <ul className="record-notes" aria-label={t("record.notes")}>
          {notes.map(note => (
            <li key={note.id}>
              <Icon name="message" size={16} />
              <span>
                <bdi>{note.text}</bdi> <small className="dim">{moment(note.at, at)}</small>
              </span>
            </li>
          ))}
        </ul>
      )}
      {signature && (
        <p className="record-signature">
          <Icon name="signature" size={16} /> <bdi>{t("record.signed", { name: signature.name })}</bdi>
          {signature.sha256 && (
            <img
              src={`${base}/photos/${signature.sha256}?size=map`}
              alt={t("record.signature-of", { name: signature.name })}
              loading="lazy"
            />
          )}
        </p>
      )}
    </div>
  );
}
