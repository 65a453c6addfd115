import { useEffect, useMemo, useRef, useState } from "react";
import { useIntl } from "react-intl";
import { Icon } from "../shared/Icon.tsx";
import { useLanguage } from "../shared/texts/index.tsx";
import type { Theme } from "../shared/theme.ts";
import { useCity } from "./city.tsx";
import { type Attention, type Group, type Reporting, useHeat, useStanding } from "./figures.ts";
import type { LensMap } from "./LensMap.ts";
import {
  around,
  type Band,
  bandsFor,
  colorOf,
  hotColor,
  ofArea,
  ofSquare,
  squared,
  standing,
  timesExpected,
} from "./lens.ts";
import type { Spot } from "./Page.tsx";
import { type Key, useT } from "./texts/index.tsx";
import { type Lens, lenses, type Period, type View } from "./view.ts";
import { useNames, useShare, useSpan } from "./words.ts";

interface Props {
  view: View;
  period: Period;
  theme: Theme;
  groups: Group[] | undefined;
  reporting: Reporting[] | undefined;
  spot: Spot | undefined;
  onChange: (change: Partial<View>) => void;
  onSpot: (spot: Spot) => void;
}

// A spot where something came back is drawn so large.
const spotMetres = 120;

const box = (b: readonly number[]) => b as [number, number, number, number];

// useSay says a lens's value.
function useSay(): (lens: Lens, value: number) => string {
  const intl = useIntl();
  const share = useShare();
  const span = useSpan();
  return (lens, value) => {
    if (lens === "late" || lens === "reopened") return share(value);
    if (lens === "median" || lens === "p90" || lens === "respond") return span(value);
    return intl.formatNumber(value, {
      maximumFractionDigits: ["per1000", "readiness", "emerging"].includes(lens) ? 2 : 0,
    });
  };
}

// LensZone is the map with what it can show, what its colours mean, and how
// that is computed.
export function LensZone({ view, period, theme, groups, reporting, spot, onChange, onSpot }: Props) {
  const t = useT();
  const city = useCity();
  const names = useNames();
  const say = useSay();
  const { lang } = useLanguage();
  const place = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<LensMap>();
  const { authority } = city.session;
  const { lens } = view;
  const bounds = useMemo(() => {
    const area =
      city.neighbourhoods.get(view.neighbourhood) ?? city.districts.find(d => d.code === view.district);
    return box(area?.bbox ?? authority.bbox!);
  }, [city, view.neighbourhood, view.district, authority.bbox]);
  const size = view.district || view.neighbourhood ? 100 : 250;
  const squares = squared.includes(lens);
  const heat = useHeat(
    view,
    period,
    size,
    lens === "hot" || lens === "reports" ? "received" : lens,
    lens === "hot",
    squares,
  );

  const stands = standing.includes(lens);
  const why = lens === "again" ? "again" : "more";
  const out = useStanding(view, period, why, stands);
  // Until the answer comes there is the one before, which may be of the other lens.
  const places = useMemo(
    () => (stands ? (out.data?.places ?? []).filter(p => p.why === why) : []),
    [stands, out.data, why],
  );

  const onArea = useRef((_: string) => {});
  onArea.current = code => onChange({ neighbourhood: code === view.neighbourhood ? "" : code });
  const first = useRef({ theme, lang, bounds });
  useEffect(() => {
    let made: LensMap | undefined;
    let gone = false;
    void import("./LensMap.ts").then(({ LensMap }) => {
      if (gone || !place.current) return;
      const f = first.current;
      const words = { "NavigationControl.ZoomIn": "+", "NavigationControl.ZoomOut": "−" };
      made = new LensMap(place.current, f.theme, f.lang, f.bounds, authority.sources, words, code =>
        onArea.current(code),
      );
      setMap(made);
    });
    return () => {
      gone = true;
      made?.destroy();
    };
  }, [authority.sources]);

  useEffect(() => map?.dress(theme, lang), [map, theme, lang]);
  useEffect(() => map?.look(bounds), [map, bounds]);
  useEffect(() => map?.spot(spot), [map, spot]);

  const byCode = useMemo(() => new Map((groups ?? []).map(g => [g.neighbourhood ?? "", g])), [groups]);
  const ready = useMemo(() => new Map((reporting ?? []).map(r => [r.code, r])), [reporting]);
  const values = useMemo(() => {
    const all = new Map<string, number>();
    if (lens === "emerging") return timesExpected(places);
    if (squares || lens === "again") return all;
    for (const [code, area] of city.neighbourhoods) {
      if (view.district && area.parent_code !== view.district) continue;
      const value = ofArea(lens, byCode.get(code), area, ready.get(code));
      if (value !== undefined) all.set(code, value);
    }
    return all;
  }, [squares, city, view.district, lens, byCode, ready, places]);
  const shown = useMemo(
    () => (squares ? (heat.data?.features ?? []).filter(f => ofSquare(lens, f.properties) !== 0) : []),
    [squares, heat.data, lens],
  );
  const bands = useMemo(
    () =>
      lens === "hot"
        ? []
        : bandsFor(
            lens,
            lens === "again"
              ? places.map(p => p.n)
              : squares
                ? shown.map(f => ofSquare(lens, f.properties))
                : [...values.values()],
            theme,
          ),
    [lens, squares, shown, values, places, theme],
  );
  useEffect(() => {
    const color = (value: number) =>
      lens === "hot" ? hotColor(theme, value) : (colorOf(bands, value) ?? "rgba(0,0,0,0)");
    map?.paint({
      areas: Object.fromEntries([...values].map(([code, v]) => [code, color(v)])),
      squares: {
        type: "FeatureCollection",
        features:
          lens === "again"
            ? places.map(p => ({
                type: "Feature",
                geometry: around(p.lon!, p.lat!, spotMetres),
                properties: { color: color(p.n) },
              }))
            : shown.map(f => ({
                type: "Feature",
                geometry: f.geometry as GeoJSON.Polygon,
                properties: { color: color(ofSquare(lens, f.properties)) },
              })),
      },
      chosen: view.neighbourhood,
    });
  }, [map, values, shown, places, bands, lens, theme, view.neighbourhood]);

  return (
    <section className="card lens" aria-labelledby="lens">
      <div className="card-head">
        <h2 id="lens">{t("lens.title")}</h2>
        <label className="pick">
          <span>{t("lens.label")}</span>
          <select value={lens} onChange={e => onChange({ lens: e.target.value as Lens })}>
            {lenses.map(l => (
              <option key={l} value={l}>
                {t(`lens.${l}` as Key)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className="lens-map">
        {/* What the map shows stands in the tables as well. */}
        <div className="lens-ground" ref={place} data-ready={map ? lens : undefined} />
        <div className="lens-zoom" dir="ltr">
          <button type="button" className="tool" aria-label="+" onClick={() => map?.map.zoomIn()}>
            <Icon name="plus" />
          </button>
          <button type="button" className="tool" aria-label="−" onClick={() => map?.map.zoomOut()}>
            <Icon name="minus" />
          </button>
        </div>
      </div>
      <div className="legend">
        <strong>{t(`lens.${lens}` as Key)}</strong>
        {lens === "hot" ? (
          <>
            <Swatch color={hotColor(theme, 1)}>{t("lens.hot-high")}</Swatch>
            <Swatch color={hotColor(theme, -1)}>{t("lens.hot-low")}</Swatch>
          </>
        ) : (
          bands.map(b => (
            <Swatch key={b.from} color={b.color}>
              <bdi>{legend(b, v => say(lens, v))}</bdi>
            </Swatch>
          ))
        )}
        {!squares && !stands && <Swatch color="transparent">{t("lens.no-data")}</Swatch>}
        {squares && <span className="quiet">{t("lens.squares", { size })}</span>}
      </div>
      {stands && <Standing places={places} asked={!!out.data} onChange={onChange} onSpot={onSpot} />}
      <details>
        <summary>{t("lens.about")}</summary>
        <p>{t(`lens.about-${lens}` as Key)}</p>
      </details>
      {view.neighbourhood && (
        <p className="quiet">
          {names.neighbourhood(view.neighbourhood)}
          {values.has(view.neighbourhood) && `: ${say(lens, values.get(view.neighbourhood)!)}`}
        </p>
      )}
    </section>
  );
}

interface StandingProps {
  places: Attention[];
  asked: boolean;
  onChange: (change: Partial<View>) => void;
  onSpot: (spot: Spot) => void;
}

// Standing says in a table what these lenses show on the map.
function Standing({ places, asked, onChange, onSpot }: StandingProps) {
  const t = useT();
  const intl = useIntl();
  const names = useNames();
  const city = useCity();
  const n = (v = 0) => intl.formatNumber(v, { maximumFractionDigits: v < 10 ? 1 : 0 });
  if (places.length === 0) return asked ? <p className="quiet">{t("look.none")}</p> : null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by the keyboard
    <div className="standing" role="region" aria-label={t("lens.standing")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("lens.where")}</th>
            <th scope="col">{t("lens.what")}</th>
            <th scope="col">{t("lens.times")}</th>
            <th scope="col">{t("lens.expected")}</th>
          </tr>
        </thead>
        <tbody>
          {places.map(p => (
            <tr key={`${p.neighbourhood} ${p.category} ${p.lat ?? ""} ${p.lon ?? ""}`}>
              <th scope="row">
                <button
                  type="button"
                  onClick={() => {
                    onChange({ category: p.category, neighbourhood: p.neighbourhood });
                    const [lon, lat] = p.lat
                      ? [p.lon, p.lat]
                      : (city.neighbourhoods.get(p.neighbourhood)?.center ?? []);
                    if (lat !== undefined && lon !== undefined) onSpot({ lat, lon });
                  }}
                >
                  {names.neighbourhood(p.neighbourhood, p.district)}
                </button>
              </th>
              <td>{names.category(p.category)}</td>
              <td>{n(p.n)}</td>
              <td>
                <bdi>{p.high ? `${n(p.low)} – ${n(p.high)}` : n(p.expected)}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const legend = (b: Band, say: (v: number) => string) =>
  b.to === undefined ? `${say(b.from)}+` : `${say(b.from)} – ${say(b.to)}`;

function Swatch({ color, children }: { color: string; children: React.ReactNode }) {
  return (
    <span className="swatch">
      <i style={{ background: color }} />
      {children}
    </span>
  );
}
