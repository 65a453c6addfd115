import { useEffect, useMemo, useRef, useState } from "react";
import type { ID } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useLanguage } from "../../shared/texts/index.tsx";
import { useMapTheme } from "../look.ts";
import { useEngine, useField, useNow } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { FieldMap, type Stop } from "./FieldMap.ts";

interface Props {
  stops: Stop[];
  chosen: ID | undefined;
  onStop: (id: ID | undefined) => void;
}

// MapView is the map's own chunk: the list is usable before it has come.
export default function MapView({ stops, chosen, onStop }: Props) {
  const t = useT();
  const { lang } = useLanguage();
  const theme = useMapTheme();
  const engine = useEngine();
  const here = useField(s => s.here);
  const archive = useField(s => s.map.state === "ready" || s.map.state === "stale");
  const home = useField(s => s.home);
  const closures = useField(s => s.closures);
  const now = useNow(30_000);
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<FieldMap>();
  const told = useRef(onStop);
  told.current = onStop;
  const label = t("map.own");
  const own = useMemo(() => (here ? { ...here, label } : undefined), [here, label]);
  const first = useRef({ stops, own, home, theme, lang });
  first.current = { stops, own, home, theme, lang };
  const words = useRef(t);
  words.current = t;

  // The map is made anew when the archive comes or goes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: archive says that the source changed
  useEffect(() => {
    let made: FieldMap | undefined;
    let wanted = true;
    const fonts = [400, 700].map(w => document.fonts.load(`${w} 14px "Noto Sans Hebrew"`, "אa"));
    // Labels are drawn from the page's font, which must be there first.
    void Promise.all([engine.mapSource().catch(() => null), Promise.allSettled(fonts)]).then(([source]) => {
      if (!wanted || !box.current) return;
      const { stops, own, home, theme, lang } = first.current;
      made = new FieldMap(
        box.current,
        source,
        theme,
        lang,
        own ?? stops[0] ?? home ?? { lat: 31.5, lon: 34.9 },
        { onStop: id => told.current(id), onMove: () => {} },
        {
          "Map.Title": words.current("map.title"),
          "AttributionControl.ToggleAttribution": words.current("map.credit"),
        },
      );
      made.show(stops);
      made.stand(own);
      made.whole();
      setMap(made);
    });
    return () => {
      wanted = false;
      made?.destroy();
      setMap(undefined);
    };
  }, [engine, archive]);

  useEffect(() => map?.show(stops), [map, stops]);
  useEffect(() => map?.closed(closures, now), [map, closures, now]);
  useEffect(() => map?.stand(own), [map, own]);
  useEffect(() => map?.choose(chosen), [map, chosen]);
  useEffect(() => map?.dress(theme, lang), [map, theme, lang]);

  return (
    <>
      <div className="map" ref={box} />
      <div className="map-tools">
        <button
          type="button"
          className="map-tool"
          aria-label={t("map.here")}
          disabled={!own}
          onClick={() => own && map?.look(own, 16)}
        >
          <Icon name="crosshair" size={28} />
        </button>
        <button type="button" className="map-tool" aria-label={t("map.whole")} onClick={() => map?.whole()}>
          <Icon name="route" size={28} />
        </button>
        <button type="button" className="map-tool" aria-label={t("map.closer")} onClick={() => map?.zoom(1)}>
          <Icon name="plus" size={28} />
        </button>
        <button
          type="button"
          className="map-tool"
          aria-label={t("map.farther")}
          onClick={() => map?.zoom(-1)}
        >
          <Icon name="minus" size={28} />
        </button>
      </div>
    </>
  );
}
