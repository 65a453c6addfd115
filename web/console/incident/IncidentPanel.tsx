import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import type { ID, Incident, OpenIncident } from "../../shared/api.ts";
import { ClockRing } from "../../shared/ClockRing.tsx";
import { call, Problem } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useName, useT } from "../../shared/texts/index.tsx";
import { Remaining, useMoment } from "../../shared/texts/Words.tsx";
import { pausedNow, reading } from "../../shared/urgency.ts";
import { useHands } from "../hands.tsx";
import { may } from "../may.ts";
import { ReasonDialog } from "../ReasonDialog.tsx";
import { Empty } from "../States.tsx";
import { useDesk, useNow, usePicture } from "../state.tsx";
import { useActions } from "../useActions.ts";
import { Clocks } from "./Clocks.tsx";
import { EditForm } from "./EditForm.tsx";
import { Gallery } from "./Gallery.tsx";
import { Jobs } from "./Jobs.tsx";
import { Others, useOthers } from "./Others.tsx";
import { Reports } from "./Reports.tsx";
import { Timeline } from "./Timeline.tsx";

// useOpenIncident is an incident with its reports, all of its jobs and its
// timeline, asked again whenever the feed says that it changed. What the feed
// itself carries is taken from the live picture, which is never older.
function useOpenIncident(id: ID) {
  const { feed } = useDesk();
  const queries = useQueryClient();
  const { city, jobsOf } = usePicture();
  const query = useQuery({
    queryKey: ["incident", id],
    queryFn: () => call<OpenIncident>(`/incidents/${id}`),
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  // The jobs seen here; a removal says no more of a job than its id.
  const known = useRef(new Set<ID>());
  useEffect(
    () =>
      feed.listen((c, change) => {
        const ours = (job: ID) => known.current.has(job) || c.jobs.get(job)?.incident === id;
        if (change === "all" || change.incidents.has(id) || [...change.jobs].some(ours)) {
          void queries.invalidateQueries({ queryKey: ["incident", id] });
        }
      }),
    [feed, queries, id],
  );
  const live = city.incidents.get(id);
  const told = query.data?.incident.id === id ? query.data : undefined;
  const incident = live && (!told || live.version >= told.incident.version) ? live : told?.incident;
  const liveJobs = jobsOf.get(id) ?? [];
  const jobs = [...liveJobs, ...(told?.jobs ?? []).filter(j => !liveJobs.some(l => l.id === j.id))].sort(
    (a, b) => (a.created_at < b.created_at ? -1 : 1),
  );
  for (const job of jobs) known.current.add(job.id);
  return { query, incident, jobs, told };
}

export function IncidentPanel({
  id,
  assigning,
  onClose,
}: {
  id: ID;
  assigning: number;
  onClose: () => void;
}) {
  const t = useT();
  const { query, incident, jobs, told } = useOpenIncident(id);
  const [editing, setEditing] = useState(false);
  const others = useOthers(id, editing ? "writing" : "reading");
  const at = useNow(5000);

  if (!incident) {
    const gone = query.error instanceof Problem && (query.error.status === 404 || query.error.status === 403);
    return (
      <div className="side-body">
        <div className="side-head">
          <h2>{t("side.incident")}</h2>
          <CloseButton onPress={onClose} />
        </div>
        {query.error ? (
          <Empty icon={gone ? "lock" : "offline"} title={t(gone ? "incident.gone" : "state.failed")}>
            {t(gone ? "incident.gone-more" : "state.failed-detail")}
          </Empty>
        ) : (
          <div className="skeleton" aria-busy="true">
            <div />
            <div />
            <div />
          </div>
        )}
      </div>
    );
  }
  return (
    <div className="side-body">
      <Head incident={incident} at={at} onClose={onClose} onEdit={() => setEditing(true)} />
      <Others hands={others} />
      {editing ? (
        <EditForm incident={incident} onClose={() => setEditing(false)} />
      ) : (
        <>
          <What incident={incident} />
          <Jobs incident={incident} jobs={jobs} assigning={assigning} />
          {!!told?.photos?.length && (
            <section className="block" aria-label={t("record.photos")}>
              <h3 className="section-title">{t("record.photos")}</h3>
              <Gallery photos={told.photos} />
            </section>
          )}
          <Clocks incident={incident} at={at} />
          <Reports reports={told?.reports} loading={query.isPending} incident={incident} />
          <Timeline events={told?.timeline} loading={query.isPending} at={at} />
        </>
      )}
    </div>
  );
}

function CloseButton({ onPress }: { onPress: () => void }) {
  const t = useT();
  return (
    <Button className="icon-button" aria-label={t("do.close")} onPress={onPress}>
      <Icon name="close" size={20} />
    </Button>
  );
}

function Head({
  incident,
  at,
  onClose,
  onEdit,
}: {
  incident: Incident;
  at: number;
  onClose: () => void;
  onEdit: () => void;
}) {
  const t = useT();
  const name = useName();
  const moment = useMoment();
  const { departments, categories } = useDesk();
  const r = reading(incident, at);
  return (
    <header className={`incident-head ${r.urgency}`}>
      <ClockRing reading={r} icon={departments.get(incident.department)?.icon ?? "flag"} size={56} />
      <div className="incident-title">
        <h2>{name(categories.get(incident.category)?.names, incident.category)}</h2>
        <p>
          <bdi>{incident.number}</bdi> ·{" "}
          {name(departments.get(incident.department)?.names, incident.department)} ·{" "}
          {t("incident.opened", { at: moment(incident.opened_at, at) })}
        </p>
        <p className="incident-left">
          {incident.state === "open" ? (
            <Remaining reading={r} />
          ) : (
            <span className="need closed">{t(`incident.${incident.state}`)}</span>
          )}
          {incident.sensitive && (
            <span className="need">
              <Icon name="lock" size={14} /> {t("incident.sensitive")}
            </span>
          )}
          {incident.priority <= 1 && (
            <span className="need life">
              <Icon name="urgent" size={14} /> {t("incident.life")}
            </span>
          )}
        </p>
      </div>
      <div className="incident-tools">
        <More incident={incident} onEdit={onEdit} />
        <CloseButton onPress={onClose} />
      </div>
    </header>
  );
}

// More is what is done to an incident itself, less often than to its jobs.
function More({ incident, onEdit }: { incident: Incident; onEdit: () => void }) {
  const t = useT();
  const { merge, showClosures } = useHands();
  const { act } = useActions();
  const [asking, setAsking] = useState<"pause" | "close" | "withhold" | "reopen">();
  const paused = incident.clocks?.some(c => !c.stopped_at && pausedNow(c));
  const isOpen = incident.state === "open";
  const { session, categories } = useDesk();
  const { role } = session.actor;
  const name = useName();
  const changes = isOpen && may(role, "change");
  const closes = may(role, "close");
  const { lat, lon } = incident.place;
  const place = lat !== null && lon !== null ? { lat, lon } : undefined;
  const why = `${name(categories.get(incident.category)?.names, incident.category)}, ${incident.number}`;
  if (!changes && !closes) return null;
  return (
    <>
      <MenuTrigger>
        <Button className="icon-button" aria-label={t("incident.more")}>
          <Icon name="more" size={20} />
        </Button>
        <Popover className="popover" placement="bottom end">
          <Menu
            className="menu"
            onAction={key => {
              if (key === "edit") onEdit();
              else if (key === "merge") merge(incident.id);
              else if (key === "road") showClosures({ at: place, reason: why });
              else if (key === "job") void act(incident, "jobs");
              else if (key === "resume") void act(incident, "resume");
              else setAsking(key as "pause" | "close" | "withhold" | "reopen");
            }}
          >
            {changes && (
              <MenuItem className="menu-item" id="edit" textValue={t("do.edit")}>
                <Icon name="pencil" size={16} /> {t("do.edit")}
              </MenuItem>
            )}
            {changes && (
              <MenuItem className="menu-item" id="merge" textValue={t("do.merge")}>
                <Icon name="merge" size={16} /> {t("do.merge")} <kbd>M</kbd>
              </MenuItem>
            )}
            {isOpen && closes && (
              <MenuItem className="menu-item" id="job" textValue={t("do.add-job")}>
                <Icon name="plus" size={16} /> {t("do.add-job")}
              </MenuItem>
            )}
            {isOpen && place && may(role, "roads") && (
              <MenuItem className="menu-item" id="road" textValue={t("closure.here")}>
                <Icon name="barrier" size={16} /> {t("closure.here")}
              </MenuItem>
            )}
            {changes && (
              <MenuItem
                className="menu-item"
                id={paused ? "resume" : "pause"}
                textValue={t(paused ? "do.resume-clock" : "do.pause-clock")}
              >
                <Icon name={paused ? "play" : "pause"} size={16} />{" "}
                {t(paused ? "do.resume-clock" : "do.pause-clock")}
              </MenuItem>
            )}
            {isOpen && closes && (
              <MenuItem className="menu-item" id="withhold" textValue={t("do.withhold")}>
                <Icon name="ban" size={16} /> {t("do.withhold")}
              </MenuItem>
            )}
            {closes && (
              <MenuItem
                className="menu-item"
                id={isOpen ? "close" : "reopen"}
                textValue={t(isOpen ? "do.close-incident" : "do.reopen")}
              >
                <Icon name={isOpen ? "circle-check" : "reopen"} size={16} />{" "}
                {t(isOpen ? "do.close-incident" : "do.reopen")}
              </MenuItem>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
      {asking && (
        <ReasonDialog
          about={asking}
          onClose={() => setAsking(undefined)}
          onReason={reason => act(incident, asking, { reason })}
        />
      )}
    </>
  );
}

function What({ incident }: { incident: Incident }) {
  const t = useT();
  const { show } = useHands();
  const { place } = incident;
  const exact = ["pin", "house", "interpolated", "intersection", "place"].includes(place.precision);
  return (
    <section className="what" aria-label={t("incident.what")}>
      {incident.text && (
        <p className="what-text">
          <bdi>{incident.text}</bdi>
        </p>
      )}
      <div className="what-place">
        <Icon name={place.lat === null ? "unplaced" : "pin"} size={20} />
        <div>
          <p className="what-label">
            <bdi>{place.label || place.text || t("place.unknown")}</bdi>
          </p>
          <p className="dim">
            {[place.neighbourhood?.name, place.district?.name].filter(Boolean).join(" · ")}
            {!exact && <span className="need unplaced">{t(`precision.${place.precision}`)}</span>}
          </p>
        </div>
        {place.lat !== null && place.lon !== null && (
          <Button
            className="icon-button"
            aria-label={t("do.show-on-map")}
            onPress={() => show(place.lat!, place.lon!, 17)}
          >
            <Icon name="crosshair" size={20} />
          </Button>
        )}
      </div>
      {incident.withheld && (
        <p className="what-held">
          <Icon name="ban" size={16} /> {t("incident.withheld", { reason: incident.withheld })}
        </p>
      )}
    </section>
  );
}
