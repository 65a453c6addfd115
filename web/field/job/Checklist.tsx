import type { ID } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useName } from "../../shared/texts/index.tsx";
import { useAct, useCategory, useField } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { ended } from "./steps.ts";

// Checklist is what the category wants looked at. A tick is taken back by
// another tap; the later one counts, whichever device it was on.
export function Checklist({ id }: { id: ID }) {
  const t = useT();
  const name = useName();
  const { act } = useAct();
  const job = useField(s => s.jobs.find(j => j.id === id));
  const list = useCategory(job?.category ?? "")?.field?.checklist ?? [];
  if (!job || list.length === 0) return null;
  const checks = job.record?.checks ?? {};
  const ticked = (code: string) => !!checks[code]?.value;
  const done = list.filter(c => ticked(c.code)).length;
  return (
    <section className="card" aria-labelledby="checks">
      <h2 className="section-title" id="checks">
        <Icon name="checklist" size={24} /> {t("checks.title")}
        <span className="section-count">
          <bdi>
            {done}/{list.length}
          </bdi>
        </span>
      </h2>
      <ul className="checks">
        {list.map(item => {
          const on = ticked(item.code);
          return (
            <li key={item.code}>
              <label className="check">
                <input
                  type="checkbox"
                  checked={on}
                  disabled={ended(job)}
                  onChange={e => void act("job.check", id, { code: item.code, value: e.target.checked })}
                />
                <span className="check-box" aria-hidden="true">
                  <Icon name="check" size={24} />
                </span>
                <span className="check-text">{name(item.names, item.code)}</span>
                {item.required && !on && <span className="flag need">{t("job.required")}</span>}
              </label>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
