import { useRef } from "react";
import { Button, DropIndicator, GridList, GridListItem, useDragAndDrop } from "react-aria-components";
import type { ID, Plan, Stop } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useLanguage, useName, useT } from "../../shared/texts/index.tsx";
import { span, useMoment } from "../../shared/texts/Words.tsx";
import { useHands } from "../hands.tsx";
import { useDesk, usePicture } from "../state.tsx";
import { PinMenu } from "./PinMenu.tsx";
import { placeOf, step } from "./places.ts";

interface Props {
  plan: Plan;
  at: number;
  mine: boolean;
  busy: boolean;
  chosen: ID | undefined;
  onChoose: (job: ID) => void;
  onMove: (job: ID, to: number) => void;
  // onStay is told where something can't go.
  onStay: () => void;
  onPin: (job: ID, pinned: boolean, clock?: string) => void;
}

// StopList is the order of the day. It is dragged with the mouse, and with Alt and
// the arrows.
export function StopList({ plan, at, mine, busy, chosen, onChoose, onMove, onStay, onPin }: Props) {
  const t = useT();
  const { stops } = plan;
  const list = useRef<HTMLDivElement>(null);
  const { dragAndDropHooks } = useDragAndDrop({
    isDisabled: !mine || busy,
    getItems: keys => [...keys].map(key => ({ "text/plain": String(key) })),
    renderDropIndicator: target => <DropIndicator target={target} className="plan-drop" />,
    onReorder: e => {
      const job = String([...e.keys][0]);
      if (e.target.dropPosition === "on") return;
      const to = placeOf(stops, job, String(e.target.key), e.target.dropPosition);
      if (to === undefined) onStay();
      else onMove(job, to);
    },
  });
  const shift = (e: React.KeyboardEvent) => {
    if (!mine || !e.altKey || (e.key !== "ArrowUp" && e.key !== "ArrowDown")) return;
    const row = (e.target as HTMLElement).closest<HTMLElement>("[data-key]");
    const job = row?.dataset.key;
    if (!job) return;
    e.preventDefault();
    e.stopPropagation();
    const to = step(stops, job, e.key === "ArrowUp" ? -1 : 1);
    if (to === undefined) onStay();
    else onMove(job, to);
  };
  return (
    <div ref={list} onKeyDownCapture={shift}>
      <GridList
        className="plan-stops"
        aria-label={t("plan.stops")}
        items={stops.map((s, n) => ({ ...s, n }))}
        dependencies={[chosen, mine, busy, at]}
        dragAndDropHooks={dragAndDropHooks}
        keyboardNavigationBehavior="tab"
        onAction={key => onChoose(String(key))}
      >
        {s => (
          <GridListItem
            id={s.job}
            textValue={`${s.n + 1}. ${s.number}`}
            className={`plan-stop ${s.late_seconds ? "late" : ""} ${s.job === chosen ? "chosen" : ""}`}
          >
            <StopRow stop={s} n={s.n} at={at} mine={mine} busy={busy} onPin={onPin} />
          </GridListItem>
        )}
      </GridList>
    </div>
  );
}

interface RowProps extends Pick<Props, "at" | "mine" | "busy" | "onPin"> {
  stop: Stop;
  n: number;
}

function StopRow({ stop: s, n, at, mine, busy, onPin }: RowProps) {
  const t = useT();
  const name = useName();
  const { lang } = useLanguage();
  const moment = useMoment();
  const { categories } = useDesk();
  const { city } = usePicture();
  const { open } = useHands();
  const job = city.jobs.get(s.job);
  const why = s.why[lang] ?? s.why.he;
  return (
    <>
      {mine && !s.started ? (
        <Button slot="drag" className="plan-grip" aria-label={t("plan.drag", { number: s.number })}>
          <Icon name="grip" size={16} />
        </Button>
      ) : (
        <span className="plan-grip" aria-hidden="true">
          {s.started && <Icon name="play" size={14} />}
        </span>
      )}
      <span className="trail-n">{n + 1}</span>
      <span className="plan-what">
        <span className="plan-line">
          <strong>{name(categories.get(job?.category ?? "")?.names, s.number)}</strong>
          <bdi className="plan-times">
            {moment(s.begin, at)}–{moment(s.finish, at)}
          </bdi>
        </span>
        <span className="dim">
          <bdi>{job?.place.label}</bdi>
        </span>
        <span className="plan-facts">
          {s.due_at && (
            <span className={`plan-clock ${s.late_seconds ? "missed" : "kept"}`}>
              <Icon name={s.late_seconds ? "alert" : "clock"} size={14} />
              {s.late_seconds
                ? t("plan.misses", { span: span(t, s.late_seconds * 1000), time: moment(s.due_at, at) })
                : t("plan.keeps", { time: moment(s.due_at, at) })}
            </span>
          )}
          {s.pinned && (
            <span className="plan-clock pinned">
              <Icon name="pinned" size={14} />
              {s.at ? t("plan.pinned-at", { time: moment(s.at, at) }) : t("plan.pinned")}
            </span>
          )}
        </span>
        <span className="plan-because">
          <bdi>{why}</bdi>
        </span>
      </span>
      <span className="plan-acts">
        {mine && !s.started && <PinMenu stop={s} isDisabled={busy} onPin={onPin} />}
        {job && (
          <Button
            className="icon-button small"
            aria-label={t("plan.open", { number: s.number })}
            onPress={() => open(job.incident)}
          >
            <Icon name="info" size={16} />
          </Button>
        )}
      </span>
    </>
  );
}
