import { useState } from "react";
import { Button } from "react-aria-components";
import { useIntl } from "react-intl";
import type { Answer, Incident, Question, Report } from "../../shared/api.ts";
import { now } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import type { IconName } from "../../shared/icons.ts";
import { useMaybe, useName, useT } from "../../shared/texts/index.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import { may } from "../may.ts";
import { useDesk } from "../state.tsx";
import { useActions } from "../useActions.ts";

const channels: Record<string, IconName> = {
  phone: "phone",
  web: "world",
  app: "device",
  whatsapp: "message",
  sms: "message",
  email: "mail",
  desk: "user",
  field: "truck",
  camera: "camera",
};

// Reports is the only place on this screen where a resident's name and phone
// appear.
export function Reports({
  reports,
  loading,
  incident,
}: {
  reports: Report[] | undefined;
  loading: boolean;
  incident: Incident;
}) {
  const t = useT();
  const [all, setAll] = useState(false);
  const { role } = useDesk().session.actor;
  const list = reports ?? [];
  const shown = all ? list : list.slice(0, 4);
  return (
    <section className="block" aria-label={t("incident.reports")}>
      <h3 className="section-title">
        {t("incident.reports")} <bdi className="queue-count">{Math.max(incident.reports, list.length)}</bdi>
      </h3>
      {loading && !reports ? (
        <div className="skeleton short" aria-busy="true">
          <div />
        </div>
      ) : (
        <ul className="reports">
          {shown.map(report => (
            <ReportCard
              key={report.id}
              report={report}
              incident={incident}
              alone={list.length < 2 || !may(role, "change")}
            />
          ))}
        </ul>
      )}
      {list.length > shown.length && (
        <Button className="link" onPress={() => setAll(true)}>
          {t("reports.more", { n: list.length - shown.length })}
        </Button>
      )}
    </section>
  );
}

function ReportCard({ report, incident, alone }: { report: Report; incident: Incident; alone: boolean }) {
  const t = useT();
  const maybe = useMaybe();
  const name = useName();
  const moment = useMoment();
  const { categories } = useDesk();
  const { act } = useActions();
  const answer = useAnswer();
  const questions = categories.get(report.category)?.questions ?? [];
  return (
    <li className="report">
      <div className="report-head">
        <Icon name={channels[report.channel] ?? "inbox"} size={16} />
        <span>{maybe(`channel.${report.channel}`) ?? report.channel}</span>
        <span>{moment(report.filed_at, now())}</span>
        <bdi className="queue-number">{report.number}</bdi>
      </div>
      {report.text && (
        <p className="report-text">
          <bdi>{report.text}</bdi>
        </p>
      )}
      {report.answers && Object.keys(report.answers).length > 0 && (
        <dl className="answers">
          {Object.entries(report.answers).map(([code, value]) => {
            const question = questions.find(q => q.code === code);
            return (
              <div key={code}>
                <dt>{name(question?.names, code)}</dt>
                <dd>{answer(value, question)}</dd>
              </div>
            );
          })}
        </dl>
      )}
      {(report.contact?.name || report.contact?.phone) && (
        <p className="report-who">
          <Icon name="user" size={14} />
          {report.contact.name && <bdi>{report.contact.name}</bdi>}
          {report.contact.phone && (
            <a href={`tel:${report.contact.phone}`}>
              <bdi dir="ltr">{report.contact.phone}</bdi>
            </a>
          )}
        </p>
      )}
      {!alone && incident.state === "open" && (
        <Button className="link" onPress={() => void act(incident, "split", { report: report.id })}>
          <Icon name="split" size={14} /> {t("do.split")}
        </Button>
      )}
    </li>
  );
}

function useAnswer() {
  const t = useT();
  const name = useName();
  const intl = useIntl();
  return (value: Answer, question?: Question): string => {
    if (typeof value === "boolean") return t(value ? "do.yes" : "do.no");
    if (typeof value === "number") return intl.formatNumber(value);
    return name(question?.choices?.find(c => c.code === value)?.names, value);
  };
}
