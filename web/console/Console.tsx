import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ID } from "../shared/api.ts";
import { useT } from "../shared/texts/index.tsx";
import { useTheme } from "../shared/theme.ts";
import type { Start } from "./closures/ClosuresPanel.tsx";
import { CrewsPanel } from "./crews/CrewsPanel.tsx";
import { Help } from "./Help.tsx";
import { type Drawing, type Hands, HandsContext, type Pin } from "./hands.tsx";
import { IncidentPanel } from "./incident/IncidentPanel.tsx";
import { MergeDialog } from "./incident/MergeDialog.tsx";
import { Intake } from "./intake/Intake.tsx";
import type { CityMap } from "./map/CityMap.ts";
import type { Drawn } from "./map/trail.ts";
import { Palette } from "./palette/Palette.tsx";
import { Queue } from "./queue/Queue.tsx";
import { consoleRoute } from "./router.tsx";
import { Failed } from "./States.tsx";
import { board, type Filters, noFilters, useConnection, useMine, useNow, usePicture } from "./state.tsx";
import { TopBar } from "./TopBar.tsx";
import { useKeys } from "./useKeys.ts";

const PlanPanel = lazy(() => import("./plan/PlanPanel.tsx").then(m => ({ default: m.PlanPanel })));
const TrailPanel = lazy(() => import("./trail/TrailPanel.tsx").then(m => ({ default: m.TrailPanel })));
const ClosuresPanel = lazy(() =>
  import("./closures/ClosuresPanel.tsx").then(m => ({ default: m.ClosuresPanel })),
);
const MapZone = lazy(() => import("./map/MapZone.tsx").then(m => ({ default: m.MapZone })));

// Console is the dispatcher's three zones and what moves between them: the
// cursor in the queue, the open incident, and where the map looks.
export function Console() {
  const t = useT();
  const navigate = useNavigate();
  const connection = useConnection();
  const { incident: opened } = consoleRoute.useSearch();
  const [theme, setTheme] = useTheme();
  const [filters, setFilters] = useState<Filters>(noFilters);
  const [cursor, setCursor] = useState<ID | undefined>(opened);
  const [panel, setPanel] = useState<"incident" | "intake" | "crews">(opened ? "incident" : "crews");
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [merging, setMerging] = useState<ID>();
  const [assigning, setAssigning] = useState(0);
  const [pin, setPin] = useState<Pin>();
  const [trailOf, setTrailOf] = useState<ID>();
  const [planOf, setPlanOf] = useState<ID>();
  const [closing, setClosing] = useState<Start>();
  const [drawing, setDrawing] = useState<Drawing>();
  const [trail, setTrail] = useState<Drawn>();
  const [tab, setTab] = useState<"queue" | "map" | "panel">("queue");
  const map = useRef<CityMap>(undefined);
  const { mine, touch } = useMine();
  const at = useNow(5000);
  const picture = usePicture();
  const queue = useMemo(() => board(picture, filters, mine, at), [picture, filters, mine, at]);
  const order = useMemo(() => queue.lists.flatMap(l => l.items.map(i => i.incident.id)), [queue]);

  const open = useCallback(
    (id: ID | undefined) => {
      void navigate({ to: "/console", search: id ? { incident: id } : {}, replace: true });
      setPanel(id ? "incident" : "crews");
      setAssigning(0);
      setTrailOf(undefined);
      setPlanOf(undefined);
      setClosing(undefined);
      if (id) {
        setCursor(id);
        setTab("panel");
      }
    },
    [navigate],
  );

  const hands = useMemo<Hands>(
    () => ({
      open,
      touch,
      setPin,
      show: (lat, lon, closest) => {
        setTab(now => (now === "queue" ? "map" : now));
        map.current?.show(lat, lon, closest);
      },
      showCrew: id => map.current?.crew(id),
      showTrail: id => {
        setTrailOf(id);
        setPlanOf(undefined);
        setClosing(undefined);
        setTab("panel");
      },
      setTrail,
      showPlan: id => {
        setPlanOf(id);
        setTrailOf(undefined);
        setClosing(undefined);
        setTab("panel");
      },
      showClosures: (start = {}) => {
        setClosing(start);
        setPlanOf(undefined);
        setTrailOf(undefined);
        setTab("panel");
      },
      setDrawing,
      merge: setMerging,
      center: () => {
        const c = map.current?.map.getCenter();
        return c && { lat: c.lat, lon: c.lng };
      },
    }),
    [open, touch],
  );

  useEffect(() => {
    const late = queue.counts.overdue;
    document.title = `${late ? `(${late}) ` : ""}${t("console.title")} · ${t("app.name")}`;
  }, [queue.counts.overdue, t]);

  const walk = (by: 1 | -1) => {
    const here = cursor ? order.indexOf(cursor) : -1;
    const next = order[here < 0 ? 0 : Math.min(order.length - 1, Math.max(0, here + by))];
    if (!next) return;
    setCursor(next);
    document.getElementById("queue")?.focus({ preventScroll: true });
    if (panel === "incident" && opened) open(next);
  };
  const assign = () => {
    const id = (panel === "incident" && opened) || cursor;
    if (!id) return;
    if (id !== opened || panel !== "incident") open(id);
    setAssigning(n => n + 1);
  };
  const intake = () => {
    setTrailOf(undefined);
    setPlanOf(undefined);
    setClosing(undefined);
    setPanel("intake");
    setTab("panel");
  };

  useKeys({
    down: () => walk(1),
    up: () => walk(-1),
    enter: () => cursor && open(cursor),
    assign,
    merge: () => {
      const id = (panel === "incident" && opened) || cursor;
      if (id) setMerging(id);
    },
    intake,
    palette: () => setPalette(true),
    help: () => setHelp(true),
    escape: () => {
      if (trailOf) setTrailOf(undefined);
      else if (planOf) setPlanOf(undefined);
      else if (closing) setClosing(undefined);
      else if (panel === "incident") open(undefined);
      else if (panel === "intake") setPanel(opened ? "incident" : "crews");
    },
  });

  if (connection.state === "ended" && connection.reason !== "refused") {
    const out = connection.reason === "signed-out";
    return (
      <Failed
        icon="lock"
        title={t(out ? "state.signed-out" : "state.forbidden")}
        detail={t(out ? "state.signed-out-detail" : "state.forbidden-detail")}
        signOut
      />
    );
  }

  const shown = trailOf
    ? "trail"
    : planOf
      ? "plan"
      : closing
        ? "roads"
        : panel === "intake"
          ? "intake"
          : opened && panel === "incident"
            ? "incident"
            : "crews";
  return (
    <HandsContext value={hands}>
      <div className={`room ${shown}`} data-tab={tab}>
        <TopBar
          counts={queue.counts}
          filters={filters}
          onUrgency={urgency => setFilters({ ...filters, urgency })}
          onCrews={() => {
            open(undefined);
            setTab("panel");
          }}
          onPalette={() => setPalette(true)}
          onIntake={intake}
          theme={theme}
          onTheme={setTheme}
        />
        <main className="zones">
          <Queue
            board={queue}
            filters={filters}
            onFilters={setFilters}
            cursor={cursor}
            opened={shown === "incident" ? opened : undefined}
            onCursor={setCursor}
            onOpen={open}
            at={at}
          />
          <div className="centre">
            <Suspense fallback={<div className="map-loading" aria-busy="true" />}>
              <MapZone
                ref={map}
                theme={theme}
                board={queue}
                filters={filters}
                mine={mine}
                chosen={shown === "incident" ? opened : cursor}
                pin={pin}
                trail={trail}
                drawing={drawing}
              />
            </Suspense>
          </div>
          <aside className="side zone" aria-label={t(`side.${shown}`)}>
            {trailOf ? (
              <Suspense fallback={<div className="skeleton" aria-busy="true" />}>
                <TrailPanel key={trailOf} id={trailOf} onClose={() => setTrailOf(undefined)} />
              </Suspense>
            ) : planOf ? (
              <Suspense fallback={<div className="skeleton" aria-busy="true" />}>
                <PlanPanel key={planOf} id={planOf} onClose={() => setPlanOf(undefined)} />
              </Suspense>
            ) : closing ? (
              <Suspense fallback={<div className="skeleton" aria-busy="true" />}>
                <ClosuresPanel
                  key={JSON.stringify(closing)}
                  start={closing}
                  onClose={() => setClosing(undefined)}
                />
              </Suspense>
            ) : shown === "intake" ? (
              <Intake onClose={() => setPanel(opened ? "incident" : "crews")} />
            ) : shown === "incident" && opened ? (
              <IncidentPanel key={opened} id={opened} assigning={assigning} onClose={() => open(undefined)} />
            ) : (
              <CrewsPanel />
            )}
          </aside>
        </main>
        <Tabs tab={tab} onTab={setTab} shown={shown} />
      </div>
      <Palette
        isOpen={palette}
        onClose={() => setPalette(false)}
        onIntake={intake}
        onHelp={() => setHelp(true)}
        theme={theme}
        onTheme={setTheme}
        order={order}
      />
      <Help isOpen={help} onClose={() => setHelp(false)} />
      <MergeDialog id={merging} onClose={() => setMerging(undefined)} />
    </HandsContext>
  );
}

// Tabs choose the zone on a screen that holds only one.
function Tabs({
  tab,
  onTab,
  shown,
}: {
  tab: string;
  onTab: (tab: "queue" | "map" | "panel") => void;
  shown: "intake" | "incident" | "crews" | "trail" | "plan" | "roads";
}) {
  const t = useT();
  const tabs = [
    ["queue", t("queue.title")],
    ["map", t("map.title")],
    ["panel", t(`side.${shown}`)],
  ] as const;
  return (
    <nav className="tabs" aria-label={t("console.zones")}>
      {tabs.map(([id, label]) => (
        <button type="button" key={id} aria-current={tab === id} onClick={() => onTab(id)}>
          {label}
        </button>
      ))}
    </nav>
  );
}
