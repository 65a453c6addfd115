import { useId, useState } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useMaybe } from "../../shared/texts/index.tsx";
import type { FieldJob } from "../engine/index.ts";
import { Reasons } from "../parts/Reasons.tsx";
import { Sheet } from "../parts/Sheet.tsx";
import { useAct } from "../state.tsx";
import { useT } from "../texts/index.tsx";

interface Props {
  job: FieldJob;
  about: "pause" | "decline";
  onClose: () => void;
  onDone?: () => void;
}

// useUsual is the usual reasons of a kind, as many as the language has.
export function useUsual(about: string): string[] {
  const maybe = useMaybe();
  return [1, 2, 3, 4, 5, 6].map(n => maybe(`why.${about}.${n}`)).filter((x): x is string => !!x);
}

// ReasonSheet pauses a job or gives it back, with the reason that the
// dispatcher will read.
export function ReasonSheet({ job, about, onClose, onDone }: Props) {
  const t = useT();
  const usual = useUsual(about);
  const { once, busy } = useAct();
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const id = useId();
  const send = async () => {
    const said = reason.trim();
    if (!said) return;
    const data = note.trim() ? { reason: said, note: note.trim() } : { reason: said };
    if (await once(`job.${about}`, job.id, data)) {
      onClose();
      onDone?.();
    }
  };
  return (
    <Sheet
      title={t(`why.${about}`)}
      onClose={onClose}
      foot={
        <button
          type="button"
          className="button main"
          disabled={!reason.trim() || !!busy}
          onClick={() => void send()}
        >
          <Icon name={about === "pause" ? "pause" : "ban"} size={24} /> {t(`why.${about}-do`)}
        </button>
      }
    >
      <Reasons usual={usual} value={reason} onChange={setReason} label={t(`why.${about}`)} />
      <div className="field">
        <label htmlFor={id}>{t("reason.note")}</label>
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
    </Sheet>
  );
}
