import { useIntl } from "react-intl";
import type { ID } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useMaybe, useName } from "../../shared/texts/index.tsx";
import type { FieldJob, Form } from "../engine/index.ts";
import { useAct, useCategory, useField } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { ended } from "./steps.ts";

// Materials counts what was used. Each tap is kept by itself, and quantities
// from two tablets add up.
export function Materials({ id }: { id: ID }) {
  const t = useT();
  const job = useField(s => s.jobs.find(j => j.id === id));
  const form = useCategory(job?.category ?? "")?.field;
  if (!job) return null;
  const used = job.record?.materials ?? {};
  const closed = ended(job);
  const list = (form?.materials ?? []).filter(m => !closed || used[m.code]);
  if (list.length === 0) return null;
  return (
    <section className="card" aria-labelledby="materials">
      <h2 className="section-title" id="materials">
        <Icon name="package" size={24} /> {t("materials.title")}
      </h2>
      <ul className="steppers">
        {list.map(m => (
          <li key={m.code}>
            <Stepper job={job} material={m} value={used[m.code] ?? 0} closed={closed} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface StepperProps {
  job: FieldJob;
  material: Form["materials"][number];
  value: number;
  closed: boolean;
}

function Stepper({ job, material, value, closed }: StepperProps) {
  const t = useT();
  const intl = useIntl();
  const name = useName();
  const maybe = useMaybe();
  const { act } = useAct();
  const what = name(material.names, material.code);
  const add = (n: number) => void act("job.material", job.id, { code: material.code, add: n });
  return (
    <div className="stepper" role="group" aria-label={what}>
      <span className="stepper-what">
        {what}
        <span className="dim">{maybe(`unit.${material.unit}`) ?? material.unit}</span>
      </span>
      {!closed && (
        <button
          type="button"
          className="stepper-do"
          aria-label={t("materials.less", { what })}
          disabled={value <= 0}
          onClick={() => add(-Math.min(1, value))}
        >
          <Icon name="minus" size={28} />
        </button>
      )}
      <output className={`stepper-n ${value > 0 ? "some" : ""}`} aria-live="polite">
        {intl.formatNumber(value, { maximumFractionDigits: 2 })}
      </output>
      {!closed && (
        <button
          type="button"
          className="stepper-do"
          aria-label={t("materials.more", { what })}
          onClick={() => add(1)}
        >
          <Icon name="plus" size={28} />
        </button>
      )}
    </div>
  );
}
