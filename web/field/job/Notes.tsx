import { useId, useState } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import type { FieldJob } from "../engine/index.ts";
import { useAct, useNow } from "../state.tsx";
import { useT } from "../texts/index.tsx";

// What was written and not yet added survives the screen: per job, as long as
// the page lives.
const drafts = new Map<string, string>();

// Notes are the crew's own words. The keyboard's microphone writes here too.
export function Notes({ job }: { job: FieldJob }) {
  const t = useT();
  const { once, busy } = useAct();
  const moment = useMoment();
  const now = useNow(60_000);
  const [text, setText] = useState(drafts.get(job.id) ?? "");
  const id = useId();
  const notes = job.record?.notes ?? [];
  const write = (next: string) => {
    setText(next);
    if (next) drafts.set(job.id, next);
    else drafts.delete(job.id);
  };
  const add = async () => {
    if (!text.trim()) return;
    if (await once("job.note", job.id, { text: text.trim() })) write("");
  };
  return (
    <section className="card" aria-labelledby="notes">
      <h2 className="section-title" id="notes">
        <Icon name="message" size={24} /> {t("notes.title")}
      </h2>
      {notes.length > 0 && (
        <ul className="notes">
          {notes.map(note => (
            <li key={note.id}>
              <p dir="auto">{note.text}</p>
              <span className="dim">{moment(note.at, now)}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="note-new">
        <label className="sr" htmlFor={id}>
          {t("notes.new")}
        </label>
        <textarea
          id={id}
          className="input"
          rows={2}
          dir="auto"
          maxLength={2000}
          placeholder={t("notes.hint")}
          value={text}
          onChange={e => write(e.target.value)}
        />
        <button type="button" className="button" disabled={!text.trim() || !!busy} onClick={() => void add()}>
          <Icon name="plus" size={24} /> {t("notes.add")}
        </button>
      </div>
    </section>
  );
}
