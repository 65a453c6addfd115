import { useQuery } from "@tanstack/react-query";
import type { ID, Report } from "../../shared/api.ts";
import { call, now, query } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useName, useT } from "../../shared/texts/index.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import { useDesk, usePicture } from "../state.tsx";
import { useLater } from "../useLater.ts";

interface Props {
  phone: string;
  onPhone: (phone: string) => void;
  person: string;
  onPerson: (person: string) => void;
  onOpen: (id: ID) => void;
}

// Caller is who is on the line. A known number shows that person's own reports
// that are still open, for the many who call to ask about them.
export function Caller({ phone, onPhone, person, onPerson, onOpen }: Props) {
  const t = useT();
  const name = useName();
  const moment = useMoment();
  const { categories } = useDesk();
  const { city } = usePicture();
  const digits = useLater(phone.replace(/[^\d+]/g, ""), 250);
  const known = useQuery({
    queryKey: ["caller", digits],
    queryFn: () => call<{ reports: Report[] }>(`/reports${query({ phone: digits, limit: 10 })}`),
    enabled: digits.length >= 7,
  });
  const open =
    digits.length >= 7 ? (known.data?.reports ?? []).filter(r => city.incidents.has(r.incident_id)) : [];
  const remembered = known.data?.reports.find(r => r.contact?.name)?.contact?.name;
  return (
    <>
      <div className="two">
        <label className="field">
          <span>{t("intake.phone")}</span>
          <input
            className="input"
            type="tel"
            dir="ltr"
            inputMode="tel"
            autoComplete="off"
            value={phone}
            onChange={e => onPhone(e.target.value)}
          />
        </label>
        <label className="field">
          <span>{t("intake.name")}</span>
          <input
            className="input"
            dir="auto"
            autoComplete="off"
            value={person}
            onChange={e => onPerson(e.target.value)}
            placeholder={person ? "" : remembered}
          />
        </label>
      </div>
      {open.length > 0 && (
        <div className="caller">
          <p className="nearby-title">
            <Icon name="history" size={16} /> {t("caller.open", { n: open.length })}
          </p>
          <ul>
            {open.slice(0, 4).map(report => (
              <li key={report.id}>
                <button type="button" className="caller-report" onClick={() => onOpen(report.incident_id)}>
                  <strong>{name(categories.get(report.category)?.names, report.category)}</strong>
                  <span className="dim">
                    <bdi>{report.place.label}</bdi> · {moment(report.filed_at, now())}
                  </span>
                  <bdi className="queue-number">{report.number}</bdi>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
