import { useId, useState } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useName } from "../../shared/texts/index.tsx";
import type { FieldJob } from "../engine/index.ts";
import { useSay } from "../parts/Say.tsx";
import { Sheet } from "../parts/Sheet.tsx";
import { useAct, useField } from "../state.tsx";
import { useT } from "../texts/index.tsx";

// TransferSheet calls another department to the same incident: a linked job is
// opened there, and this one goes on as it is.
export function TransferSheet({ job, onClose }: { job: FieldJob; onClose: () => void }) {
  const t = useT();
  const name = useName();
  const say = useSay();
  const departments = useField(s => s.departments);
  const { once, busy } = useAct();
  const [department, setDepartment] = useState("");
  const [text, setText] = useState("");
  const id = useId();
  const chosen = departments.find(d => d.code === department);
  const send = async () => {
    if (!department || !text.trim()) return;
    if (await once("job.transfer", job.id, { department, text: text.trim() })) {
      say.done(t("transfer.done", { department: name(chosen?.names, department) }));
      onClose();
    }
  };
  return (
    <Sheet
      title={t("transfer.title")}
      onClose={onClose}
      foot={
        <button
          type="button"
          className="button main"
          disabled={!department || !text.trim() || !!busy}
          onClick={() => void send()}
        >
          <Icon name="exchange" size={24} /> {t("transfer.do")}
        </button>
      }
    >
      <p className="sheet-lead">{t("transfer.lead")}</p>
      <div className="tiles" role="group" aria-label={t("transfer.which")}>
        {departments
          .filter(d => d.code !== job.department)
          .map(d => (
            <button
              key={d.code}
              type="button"
              className="tile"
              aria-pressed={d.code === department}
              onClick={() => setDepartment(d.code)}
            >
              <Icon name={d.icon ?? "flag"} size={32} />
              <span>{name(d.names, d.code)}</span>
            </button>
          ))}
      </div>
      <div className="field">
        <label htmlFor={id}>{t("transfer.what")}</label>
        <textarea
          id={id}
          className="input"
          rows={3}
          dir="auto"
          maxLength={1000}
          value={text}
          onChange={e => setText(e.target.value)}
        />
      </div>
    </Sheet>
  );
}
