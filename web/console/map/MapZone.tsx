import { type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { Button, ToggleButton, Tooltip, TooltipTrigger } from "react-aria-components";
import type { ID } from "../../shared/api.ts";
import { ClockRing } from "../../shared/ClockRing.tsx";
import { Icon } from "../../shared/Icon.tsx";
import type { IconName } from "../../shared/icons.ts";
import { useLanguage, useName, useT } from "../../shared/texts/index.tsx";
import { Remaining, span } from "../../shared/texts/Words.tsx";
import type { Theme } from "../../shared/theme.ts";
import { OfflineNote } from "../ConnectionState.tsx";
import { CrewTag } from "../CrewTag.tsx";
import { useClosures } from "../closures/useClosures.ts";
import { type Drawing, type Pin, useHands } from "../hands.tsx";
import { type Board, type Filters, type Item, passes, useDesk, useNow, usePicture } from "../state.tsx";
import { CityMap } from "./CityMap.ts";
import type { Look } from "./live.ts";
import type { Drawn } from "./trail.ts";

interface Props {
  ref: Ref<CityMap | undefined>;
  theme: Theme;
  board: Board;
  filters: Filters;
  mine: ReadonlySet<ID>;
  chosen: ID | undefined;
  pin: Pin | undefined;
  trail: Drawn | undefined;
  drawing: Drawing | undefined;
}

type Spot = { x: number; y: number };

// MapZone puts the map on the page, and over it what belongs to the page:
// tools, the card of what the pointer is on, and the list of what shares a spot.
export function MapZone({ ref, theme, board, filters, mine, chosen, pin, trail, drawing }: Props) {
  const t = useT();
  const { lang } = useLanguage();
  const { session, feed, departments } = useDesk();
  const { open, showClosures } = useHands();
  const { closures } = useClosures();
  const minute = useNow(30_000);
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<CityMap>();
  const [layers, setLayers] = useState({ areas: false, zones: false });
  const department = filters.department || (chosen && board.items.get(chosen)?.incident.department) || "";
  const shown = useMemo(() => ({ ...layers, department }), [layers, department]);
  const [hover, setHover] = useState<{ id: ID; at: Spot }>();
  const [many, setMany] = useState<{ ids: ID[]; at: Spot }>();
  useImperativeHandle(ref, () => map!, [map]);

  const items = useRef(board.items);
  items.current = board.items;
  const look = useMemo<Look>(
    () => ({
      theme,
      icon: code => departments.get(code)?.icon ?? "flag",
      age: ms => t("crew.age", { span: span(t, ms) }),
      shows: incident => {
        const item = items.current.get(incident.id);
        return !item || passes(item, filters, mine);
      },
    }),
    [theme, departments, t, filters, mine],
  );

  const told = useRef({ open });
  told.current = { open };
  const first = useRef({ look, lang, shown, t });
  first.current = { look, lang, shown, t };
  useEffect(() => {
    const { look, lang, shown, t } = first.current;
    let made: CityMap | undefined;
    let wanted = true;
    // Labels are drawn by the map from the page's font, which must be there first.
    void Promise.all([
      document.fonts.load('400 14px "Noto Sans Hebrew"', "אa"),
      document.fonts.load('700 14px "Noto Sans Hebrew"', "אa"),
    ]).then(() => {
      if (!wanted || !box.current) return;
      made = new CityMap(
        box.current,
        feed,
        session.authority,
        lang,
        shown,
        look,
        {
          onIncident: id => told.current.open(id),
          onCrew: id => {
            const job = [...feed.city.jobs.values()].find(j => j.crew === id);
            if (job) return told.current.open(job.incident);
            told.current.open(undefined);
            setTimeout(() => document.querySelector<HTMLElement>(`[data-crew="${id}"]`)?.focus());
          },
          onMany: (ids, at) => setMany({ ids, at }),
          onHover: (id, at) => setHover(id ? { id, at } : undefined),
          onMove: () => setMany(undefined),
          onGround: () => setMany(undefined),
        },
        { "Map.Title": t("map.title"), "AttributionControl.ToggleAttribution": t("map.attribution") },
      );
      setMap(made);
    });
    return () => {
      wanted = false;
      made?.destroy();
      setMap(undefined);
    };
  }, [feed, session.authority]);

  useEffect(() => map?.dress(look, lang, shown), [map, look, lang, shown]);
  useEffect(() => map?.choose(chosen), [map, chosen]);
  useEffect(() => map?.pin(pin, pin?.label ?? "", pin?.onDrag), [map, pin]);
  useEffect(() => map?.trail(trail), [map, trail]);
  useEffect(() => map?.closed(closures, minute, drawing?.lines), [map, closures, minute, drawing?.lines]);
  useEffect(() => map?.pick(drawing?.onPoint), [map, drawing?.onPoint]);

  return (
    <div className="map-zone">
      <div className="map" ref={box} />
      {!map && <div className="map-loading" aria-busy="true" />}
      <OfflineNote />
      <div className="map-tools">
        <div className="tool-group">
          <Tool icon="plus" label={t("map.closer")} onPress={() => map?.zoom(1)} />
          <Tool icon="minus" label={t("map.farther")} onPress={() => map?.zoom(-1)} />
          <Tool icon="map" label={t("map.whole")} onPress={() => map?.whole(session.authority)} />
        </div>
        <div className="tool-group">
          <LayerToggle
            icon="layers"
            label={t("map.areas")}
            on={shown.areas}
            onChange={areas => setLayers(s => ({ ...s, areas }))}
          />
          <LayerToggle
            icon="users"
            label={t("map.zones")}
            on={shown.zones}
            onChange={zones => setLayers(s => ({ ...s, zones }))}
          />
        </div>
        <div className="tool-group">
          <Tool
            icon="barrier"
            label={closures.length > 0 ? t("closure.open-n", { n: closures.length }) : t("closure.title")}
            onPress={() => showClosures()}
          />
        </div>
      </div>
      <Legend />
      {hover && !many && <HoverCard id={hover.id} at={hover.at} board={board} box={box.current} />}
      {many && (
        <SpotList
          items={many.ids.map(id => board.items.get(id)).filter(i => i !== undefined)}
          at={many.at}
          box={box.current}
          onClose={() => setMany(undefined)}
        />
      )}
    </div>
  );
}

function Tool({ icon, label, onPress }: { icon: IconName; label: string; onPress: () => void }) {
  return (
    <TooltipTrigger delay={500}>
      <Button className="tool" aria-label={label} onPress={onPress}>
        <Icon name={icon} size={20} />
      </Button>
      <Tooltip className="tooltip" placement="end">
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}

function LayerToggle({
  icon,
  label,
  on,
  onChange,
}: {
  icon: IconName;
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <TooltipTrigger delay={500}>
      <ToggleButton className="tool" aria-label={label} isSelected={on} onChange={onChange}>
        <Icon name={icon} size={20} />
      </ToggleButton>
      <Tooltip className="tooltip" placement="end">
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}

// Legend names the colours of the one scale, so that nobody has to learn them.
function Legend() {
  const t = useT();
  return (
    <ul className="legend" aria-label={t("map.legend")}>
      {(["ontime", "soon", "overdue"] as const).map(urgency => (
        <li key={urgency}>
          <span className={`legend-dot ${urgency}`} aria-hidden="true" />
          {t(`urgency.${urgency}`)}
        </li>
      ))}
    </ul>
  );
}

// beside puts a card near a spot, within the map. Both are physical: the map's
// pixels run from the left in every language.
function beside(at: Spot, box: HTMLElement | null, width: number, height: number) {
  const w = box?.clientWidth ?? 800;
  const h = box?.clientHeight ?? 600;
  const left = at.x + 20 + width > w ? at.x - width - 20 : at.x + 20;
  const top = Math.min(Math.max(8, at.y - 24), h - height - 8);
  return { left: Math.max(8, left), top: Math.max(8, top), inlineSize: width };
}

function HoverCard({ id, at, board, box }: { id: ID; at: Spot; board: Board; box: HTMLElement | null }) {
  const t = useT();
  const name = useName();
  const { categories, departments } = useDesk();
  const { city, jobsBy } = usePicture();
  const item = board.items.get(id);
  if (item) {
    const { incident, standing } = item;
    return (
      <div className="hover-card" style={beside(at, box, 280, 96)}>
        <ClockRing
          reading={standing.reading}
          icon={departments.get(incident.department)?.icon ?? "flag"}
          size={36}
        />
        <div>
          <strong>{name(categories.get(incident.category)?.names, incident.category)}</strong>
          <p>
            <bdi>{incident.place.label}</bdi>
          </p>
          <Remaining reading={standing.reading} />
        </div>
      </div>
    );
  }
  const crew = city.crews.get(id);
  if (!crew) return null;
  const job = jobsBy.get(id)?.[0];
  return (
    <div className="hover-card" style={beside(at, box, 280, 80)}>
      <CrewTag crew={crew} />
      <div>
        <strong>
          <bdi>{crew.name}</bdi>
        </strong>
        <p>
          {job ? (
            <>
              {t(`job.${job.state}`)} · <bdi>{job.place.label}</bdi>
            </>
          ) : (
            t("crew.free")
          )}
        </p>
      </div>
    </div>
  );
}

// SpotList is how incidents at one spot are told apart.
function SpotList({
  items,
  at,
  box,
  onClose,
}: {
  items: Item[];
  at: Spot;
  box: HTMLElement | null;
  onClose: () => void;
}) {
  const t = useT();
  const name = useName();
  const { open } = useHands();
  const { categories, departments } = useDesk();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector<HTMLElement>(".spot-item")?.focus(), []);
  return (
    <div
      className="spot-list popover"
      role="dialog"
      aria-label={t("map.at-spot", { n: items.length })}
      ref={list}
      style={beside(at, box, 320, Math.min(360, 48 + items.length * 56))}
      onKeyDown={e => {
        if (e.key !== "Escape") return;
        e.stopPropagation();
        onClose();
      }}
    >
      <div className="spot-head">
        <h3>{t("map.at-spot", { n: items.length })}</h3>
        <Button className="icon-button small" aria-label={t("do.close")} onPress={onClose}>
          <Icon name="close" size={16} />
        </Button>
      </div>
      <ul>
        {items.map(({ incident, standing }) => (
          <li key={incident.id}>
            <button
              type="button"
              className="spot-item"
              onClick={() => {
                open(incident.id);
                onClose();
              }}
            >
              <ClockRing
                reading={standing.reading}
                icon={departments.get(incident.department)?.icon ?? "flag"}
                size={32}
              />
              <span>
                <strong>{name(categories.get(incident.category)?.names, incident.category)}</strong>
                <Remaining reading={standing.reading} />
              </span>
              <bdi className="queue-number">{incident.number}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
