import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import type { Closure } from "../../shared/api.ts";
import { call, Problem } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useMaybe, useT } from "../../shared/texts/index.tsx";
import { type Point, useHands } from "../hands.tsx";
import type { Start } from "./ClosuresPanel.tsx";
import { useClosing } from "./useClosures.ts";

const maxPoints = 20;

// CloseForm closes a road: each click on the map adds a point, and the road that
// leads through them shows before it is closed. Who goes by keyboard moves the
// map and takes its middle.
export function CloseForm({ start, onClose }: { start: Start; onClose: () => void }) {
  const t = useT();
  const maybe = useMaybe();
  const { setDrawing, center, show } = useHands();
  const { close } = useClosing();
  const [points, setPoints] = useState<Point[]>(start.at ? [start.at] : []);
  const [reason, setReason] = useState(start.reason ?? "");
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [busy, setBusy] = useState(false);
  const through = points.map(p => [p.lon, p.lat] as [number, number]);
  const stretch = useQuery({
    queryKey: ["stretch", through],
    queryFn: async () =>
      (await call<{ lines: Closure["lines"] }>("/closures/stretch", { body: { through } })).lines,
    enabled: points.length > 0,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: points.length > 1 ? before => before : undefined,
  });
  const lines = points.length > 0 ? stretch.data : undefined;

  useEffect(() => {
    const onPoint = (p: Point) => setPoints(all => (all.length < maxPoints ? [...all, p] : all));
    setDrawing({ lines, onPoint });
  }, [lines, setDrawing]);
  useEffect(() => () => setDrawing(undefined), [setDrawing]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, at the place where it begins
  useEffect(() => {
    if (start.at) show(start.at.lat, start.at.lon, 17);
  }, []);

  const refused = stretch.error instanceof Problem && stretch.error.status === 422;
  const wrong = refused ? "closure.no-road" : "closure.unseen";
  const usual = [1, 2, 3, 4].map(n => maybe(`closure.reason.${n}`)).filter((r): r is string => !!r);
  const ready = !!lines && !stretch.isError && !!reason.trim();
  const send = async () => {
    if (!ready || busy) return;
    setBusy(true);
    const draft = { through, reason: reason.trim(), ...(from && { from }), ...(until && { until }) };
    if (await close(draft)) onClose();
    else setBusy(false);
  };
  return (
    <form
      className="closure-form"
      aria-label={t("closure.new")}
      onSubmit={e => {
        e.preventDefault();
        void send();
      }}
    >
      <p className="closure-how">
        <Icon name="pin-plus" size={20} />
        <span>{t(points.length === 0 ? "closure.how" : "closure.how-more")}</span>
      </p>
      <div className="closure-points">
        <span role="status">{stretch.isError ? t(wrong) : t("closure.points", { n: points.length })}</span>
        <Button
          className="button small"
          onPress={() => {
            const middle = center();
            if (middle) setPoints(all => (all.length < maxPoints ? [...all, middle] : all));
          }}
        >
          <Icon name="crosshair" size={16} /> {t("closure.middle")}
        </Button>
        <Button
          className="button small"
          isDisabled={points.length === 0}
          onPress={() => setPoints(all => all.slice(0, -1))}
        >
          <Icon name="undo" size={16} /> {t("closure.back")}
        </Button>
      </div>
      <div className="usual">
        {usual.map(text => (
          <Button key={text} className="chip" onPress={() => setReason(text)}>
            {text}
          </Button>
        ))}
      </div>
      <label className="field">
        <span>{t("closure.reason")}</span>
        <input
          className="input"
          autoFocus
          dir="auto"
          maxLength={500}
          value={reason}
          onChange={e => setReason(e.target.value)}
        />
      </label>
      <div className="closure-times">
        <label className="field">
          <span>{t("closure.from")}</span>
          <input
            className="input"
            type="datetime-local"
            value={from}
            onChange={e => setFrom(e.target.value)}
          />
        </label>
        <label className="field">
          <span>{t("closure.till")}</span>
          <input
            className="input"
            type="datetime-local"
            value={until}
            min={from}
            onChange={e => setUntil(e.target.value)}
          />
        </label>
      </div>
      <div className="dialog-foot">
        <Button className="button" onPress={onClose}>
          {t("do.cancel")}
        </Button>
        <Button className="button primary" type="submit" isDisabled={!ready || busy}>
          <Icon name="barrier" size={16} /> {t("closure.close")}
        </Button>
      </div>
    </form>
  );
}
