import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { Button } from "react-aria-components";
import { useIntl } from "react-intl";
import type { Crew } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useName, useT } from "../../shared/texts/index.tsx";
import { useTheme } from "../../shared/theme.ts";
import { Choice } from "../Choice.tsx";
import { ConnectionState } from "../ConnectionState.tsx";
import { matches, type Words } from "../crews/groups.ts";
import { may } from "../may.ts";
import { rosterRoute } from "../router.tsx";
import { useDesk, usePicture } from "../state.tsx";
import { CopyDialog } from "./CopyDialog.tsx";
import { useRoster, useShifts } from "./useRoster.ts";
import { Week } from "./Week.tsx";
import { plus } from "./week.ts";

// RosterPage is a week of all crews: who works when, with what.
export function RosterPage() {
  const t = useT();
  const name = useName();
  const intl = useIntl();
  const navigate = useNavigate();
  useTheme();
  const { week } = rosterRoute.useSearch();
  const { session, departments, skills } = useDesk();
  const { city } = usePicture();
  const roster = useRoster(week);
  const shifts = useShifts();
  const [search, setSearch] = useState("");
  const [department, setDepartment] = useState("");
  const [copying, setCopying] = useState(false);
  const mine = may(session.actor.role, "crews");
  const first = roster.data?.days[0]?.date;
  const show = (date: string | undefined) =>
    void navigate({ to: "/console/roster", search: date ? { week: date } : {}, replace: true });

  useEffect(() => {
    document.title = `${t("roster.title")} · ${t("app.name")}`;
  }, [t]);

  const words = useMemo<Words>(
    () => ({
      skill: code => name(skills.get(code)?.names, code),
      department: code => name(departments.get(code)?.names, code),
      kind: kind => t(`crew.kind-${kind}`),
    }),
    [name, skills, departments, t],
  );
  const crews = useMemo(() => {
    const order = [...departments.keys()];
    const place = (c: Crew) => order.indexOf(c.departments?.[0] ?? "");
    return [...city.crews.values()]
      .filter(c => (!department || c.departments?.includes(department)) && matches(c, search, words))
      .sort((a, b) => place(a) - place(b) || a.code.localeCompare(b.code, undefined, { numeric: true }));
  }, [city, departments, department, search, words]);

  const range =
    roster.data &&
    intl.formatDateTimeRange(
      Date.parse(roster.data.days[0]!.from),
      Date.parse(roster.data.days[6]!.from) + 12 * 3_600_000,
      { day: "numeric", month: "long", year: "numeric" },
    );
  return (
    <div className="roster">
      <header className="roster-bar">
        <Link className="button small quiet" to="/console">
          <Icon name="map" size={16} /> {t("roster.back")}
        </Link>
        <h1>{t("roster.title")}</h1>
        <div className="roster-weeks">
          <Button
            className="icon-button"
            aria-label={t("roster.previous")}
            onPress={() => first && show(plus(first, -7))}
          >
            <span className="turn-back">
              <Icon name="chevron" size={20} />
            </span>
          </Button>
          <strong aria-live="polite">{range}</strong>
          <Button
            className="icon-button"
            aria-label={t("roster.next")}
            onPress={() => first && show(plus(first, 7))}
          >
            <span className="turn-on">
              <Icon name="chevron" size={20} />
            </span>
          </Button>
          <Button className="button small" onPress={() => show(undefined)}>
            {t("roster.today")}
          </Button>
        </div>
        <div className="roster-tools">
          <ConnectionState />
          <label className="input-with-icon">
            <Icon name="search" size={16} />
            <input
              className="input"
              type="search"
              dir="auto"
              aria-label={t("crews.search")}
              placeholder={t("crews.search")}
              value={search}
              onChange={e => setSearch(e.target.value)}
            />
          </label>
          <Choice
            label={t("filter.department")}
            all={t("filter.all-departments")}
            value={department}
            onChange={setDepartment}
            options={[...departments.values()].map(d => ({ id: d.code, label: name(d.names, d.code) }))}
          />
          <Button className="button small" onPress={() => window.print()}>
            {t("roster.print")}
          </Button>
          {mine && (
            <Button className="button small primary" isDisabled={!first} onPress={() => setCopying(true)}>
              {t("roster.copy")}
            </Button>
          )}
        </div>
      </header>
      <main className="roster-main" aria-busy={roster.isFetching}>
        {roster.data && <Week roster={roster.data} crews={crews} words={words} mine={mine} shifts={shifts} />}
        {roster.error && (
          <p className="roster-error" role="alert">
            {t("state.failed")}{" "}
            <Button className="link" onPress={() => void roster.refetch()}>
              {t("do.retry")}
            </Button>
          </p>
        )}
        {mine && <p className="roster-hint dim">{t("roster.hint")}</p>}
      </main>
      {copying && first && <CopyDialog from={first} shifts={shifts} onClose={() => setCopying(false)} />}
    </div>
  );
}
