import { useState } from "react";
import { Button } from "react-aria-components";
import type { Closure } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { inForce } from "../../shared/map/closures.ts";
import { useT } from "../../shared/texts/index.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import { type Point, useHands } from "../hands.tsx";
import { may } from "../may.ts";
import { Empty } from "../States.tsx";
import { useDesk, useNow } from "../state.tsx";
import { CloseForm } from "./CloseForm.tsx";
import { useClosing, useClosures } from "./useClosures.ts";

// Start is where closing a road begins: a place and a reason that are known
// already, or neither.
export interface Start {
  at?: Point;
  reason?: string;
}

// ClosuresPanel is the roads that nobody drives: which, why and until when.
// A dispatcher closes another and opens them again.
export function ClosuresPanel({ start, onClose }: { start: Start; onClose: () => void }) {
  const t = useT();
  const at = useNow(20_000);
  const { session } = useDesk();
  const { closures, failed } = useClosures();
  const mine = may(session.actor.role, "roads");
  const [drawing, setDrawing] = useState(mine && !!start.at);
  return (
    <section className="closures side-body" aria-label={t("closure.title")}>
      <div className="side-head">
        <h2>{t("closure.title")}</h2>
        <Button className="icon-button" aria-label={t("do.close")} onPress={onClose} autoFocus={!drawing}>
          <Icon name="close" size={20} />
        </Button>
      </div>
      {drawing ? (
        <CloseForm start={start} onClose={() => setDrawing(false)} />
      ) : (
        mine && (
          <Button className="button primary closure-new" onPress={() => setDrawing(true)}>
            <Icon name="barrier" size={16} /> {t("closure.new")}
          </Button>
        )
      )}
      {failed && (
        <Empty icon="offline" title={t("closure.failed")}>
          {t("closure.failed-more")}
        </Empty>
      )}
      {!failed && closures.length === 0 && !drawing && (
        <Empty icon="circle-check" title={t("closure.none")}>
          {t("closure.none-more")}
        </Empty>
      )}
      <ul className="closure-list">
        {closures.map(closure => (
          <Row key={closure.id} closure={closure} at={at} mine={mine} />
        ))}
      </ul>
    </section>
  );
}

function Row({ closure, at, mine }: { closure: Closure; at: number; mine: boolean }) {
  const t = useT();
  const moment = useMoment();
  const { show } = useHands();
  const { lift } = useClosing();
  const [busy, setBusy] = useState(false);
  const now = inForce(closure, at);
  const until = closure.until && moment(closure.until, at);
  const middle = middleOf(closure.lines);
  return (
    <li className={`closure ${now ? "now" : "later"}`}>
      <button
        type="button"
        className="closure-show"
        onClick={() => middle && show(middle.lat, middle.lon, 16)}
      >
        <Icon name="barrier" size={20} />
        <span>
          <strong>
            <bdi>{closure.reason}</bdi>
          </strong>
          <span className="dim">
            {t(now ? "closure.since" : "closure.to-come", { from: moment(closure.from, at) })}
            {until ? ` · ${t("closure.until", { until })}` : ""}
            {closure.by.name ? ` · ${closure.by.name}` : ""}
          </span>
        </span>
      </button>
      {mine && (
        <Button
          className="button small"
          isDisabled={busy}
          aria-label={t("closure.lift-of", { reason: closure.reason })}
          onPress={async () => {
            setBusy(true);
            await lift(closure.id);
            setBusy(false);
          }}
        >
          {t("closure.lift")}
        </Button>
      )}
    </li>
  );
}

function middleOf(lines: Closure["lines"]): Point | undefined {
  const points = lines.flat();
  const p = points[Math.floor(points.length / 2)];
  return p && { lon: p[0]!, lat: p[1]! };
}
