import { useState } from "react";
import type { Crew } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { Sheet } from "../parts/Sheet.tsx";
import { useAct, useField, useNow } from "../state.tsx";
import { useT } from "../texts/index.tsx";

export type DutyState = "on" | "break" | "standby" | "off";

const duties: readonly DutyState[] = ["on", "break", "standby", "off"];

export const dutyIcons: Record<DutyState, string> = {
  on: "play",
  break: "coffee",
  standby: "standby",
  off: "power",
};

// dutyOf is a crew's duty at an instant, by the rule of dispatch.Crew.DutyAt:
// each state ends by itself at the time it was said to.
export function dutyOf(crew: Timed | null, at: number): DutyState {
  const ahead = (time: string | undefined) => !!time && Date.parse(time) > at;
  if (ahead(crew?.standby_until)) return "standby";
  if (!ahead(crew?.on_until)) return "off";
  return crew?.on_break && (!crew.break_until || ahead(crew.break_until)) ? "break" : "on";
}

type Timed = Pick<Crew, "on_until" | "on_break"> & { standby_until?: string; break_until?: string };

// Duty says whether the crew is on duty, and changes it.
export function Duty() {
  const t = useT();
  const crew = useField(s => s.crew);
  const now = useNow(30_000);
  const [open, setOpen] = useState(false);
  const { once, busy } = useAct();
  const duty = dutyOf(crew, now);
  const choose = async (state: DutyState) => {
    if (state === duty || (await once("crew.duty", undefined, { state }))) setOpen(false);
  };
  return (
    <>
      <button type="button" className={`duty ${duty}`} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name={dutyIcons[duty]} size={20} />
        <span>{t(`duty.${duty}`)}</span>
        <Icon name="chevron" size={16} />
      </button>
      {open && (
        <Sheet title={t("duty.title")} onClose={() => setOpen(false)}>
          <ul className="options">
            {duties.map(state => (
              <li key={state}>
                <button
                  type="button"
                  className={`option ${state === duty ? "chosen" : ""}`}
                  aria-pressed={state === duty}
                  // A break is taken from work.
                  disabled={!!busy || (state === "break" && duty !== "on" && duty !== "break")}
                  onClick={() => void choose(state)}
                >
                  <Icon name={dutyIcons[state]} size={28} />
                  <span className="option-text">
                    <strong>{t(`duty.${state}`)}</strong>
                    <span>{t(`duty.${state}-more`)}</span>
                  </span>
                  {state === duty && <Icon name="check" size={24} />}
                </button>
              </li>
            ))}
          </ul>
        </Sheet>
      )}
    </>
  );
}
