import { useIntl } from "react-intl";
import { Icon } from "../../shared/Icon.tsx";
import { useName } from "../../shared/texts/index.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import type { QueueItem } from "../engine/index.ts";
import { SignMark } from "../job/Story.tsx";
import { useVerdictWords } from "../job/Verdicts.tsx";
import { type Group, noteworthy, signOf, sumOf } from "../job/verdicts.ts";
import { hrefOf } from "../route.ts";
import { useField, useNow } from "../state.tsx";
import { useT } from "../texts/index.tsx";

const icons: Partial<Record<QueueItem["kind"], string>> = {
  "job.accept": "check",
  "job.depart": "truck",
  "job.arrive": "pin",
  "job.pause": "pause",
  "job.resume": "play",
  "job.complete": "circle-check",
  "job.decline": "ban",
  "job.note": "message",
  "job.check": "checklist",
  "job.material": "package",
  "job.photo": "camera",
  "job.sign": "signature",
  "job.transfer": "exchange",
  "incident.open": "pin-plus",
  "crew.duty": "user",
  "message.read": "mail",
};

// QueueRow is one thing done: what, when, on which job, and what became of it.
export function QueueRow({ group }: { group: Group }) {
  const t = useT();
  const moment = useMoment();
  const now = useNow(60_000);
  const words = useVerdictWords();
  const detail = useDetail()(group);
  const item = group.last;
  const job = useField(s => s.jobs.some(j => j.id === item.job));
  const sign = signOf(item);
  const row = (
    <>
      <Icon name={icons[item.kind] ?? "check"} size={24} />
      <div className="queue-text">
        <p>
          <strong>{t(`kind.${item.kind}`)}</strong>
          {detail && (
            <span dir="auto" className="queue-detail">
              {detail}
            </span>
          )}
        </p>
        <p className="dim">
          {moment(item.performed_at, now)}
          {item.number && (
            <>
              {" · "}
              <bdi>{item.number}</bdi>
            </>
          )}
        </p>
        {noteworthy(item) && <p className="queue-why">{words(item)}</p>}
      </div>
      <span className={`flag sign-flag ${sign}`}>
        <SignMark sign={sign} />
        <span aria-hidden="true">{t(`sign-of.${sign}`)}</span>
      </span>
    </>
  );
  const look = `queue-item ${sign}`;
  return job ? (
    <a className={look} href={hrefOf({ screen: "job", job: item.job! })}>
      {row}
    </a>
  ) : (
    <div className={look}>{row}</div>
  );
}

// useDetail says in a few words what a thing holds.
function useDetail(): (group: Group) => string {
  const t = useT();
  const name = useName();
  const intl = useIntl();
  const categories = useField(s => s.categories);
  const departments = useField(s => s.departments);
  return ({ items, last }) => {
    const d = last.data as Record<string, string | boolean | number | undefined>;
    const forms = categories.map(c => c.field).filter(f => !!f);
    const codeName = (of: "checklist" | "materials") =>
      name(
        forms
          .flatMap(f => f[of] as { code: string; names: Record<string, string> }[])
          .find(x => x.code === d.code)?.names,
        String(d.code ?? ""),
      );
    switch (last.kind) {
      case "job.material":
        return `${codeName("materials")} ${intl.formatNumber(sumOf(items), { signDisplay: "exceptZero" })}`;
      case "job.check":
        return `${codeName("checklist")}: ${t(d.value ? "do.yes" : "do.no")}`;
      case "job.pause":
      case "job.decline":
        return String(d.reason ?? "");
      case "job.note":
        return String(d.text ?? "");
      case "job.photo":
        return t(`photos.${(d.kind ?? "other") as "before" | "after" | "other"}`);
      case "job.sign":
        return String(d.name ?? "");
      case "job.transfer":
        return name(departments.find(x => x.code === d.department)?.names, String(d.department ?? ""));
      case "incident.open":
        return name(categories.find(c => c.code === d.category)?.names, String(d.category ?? ""));
      case "crew.duty":
        return t(`duty.${(d.state ?? "on") as "on" | "break" | "standby" | "off"}`);
      default:
        return "";
    }
  };
}
