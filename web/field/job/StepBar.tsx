import { useState } from "react";
import { Icon } from "../../shared/Icon.tsx";
import type { FieldJob, OpKind } from "../engine/index.ts";
import { go } from "../route.ts";
import { useAct } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { FinishSheet } from "./FinishSheet.tsx";
import { ReasonSheet } from "./ReasonSheet.tsx";
import { type Step, stepsOf } from "./steps.ts";
import { TransferSheet } from "./TransferSheet.tsx";
import { TroubleSheet, type Way } from "./TroubleSheet.tsx";

const icons: Record<Step, string> = {
  accept: "check",
  depart: "truck",
  arrive: "pin",
  pause: "pause",
  resume: "play",
  complete: "circle-check",
  trouble: "alert",
};

// StepBar holds what can be done with a job now, never more than three things.
export function StepBar({ job }: { job: FieldJob }) {
  const t = useT();
  const { main, side } = stepsOf(job.state);
  if (!main) return null;
  return (
    <div className="step-bar" role="group" aria-label={t("job.steps")}>
      <StepButton job={job} step={main} main />
      {side.map(step => (
        <StepButton key={step} job={job} step={step} />
      ))}
    </div>
  );
}

// StepButton takes one step. Those that change only the state are done at a
// tap; those that need a word more ask for it first.
export function StepButton({ job, step, main = false }: { job: FieldJob; step: Step; main?: boolean }) {
  const t = useT();
  const { once, busy } = useAct();
  const [asking, setAsking] = useState<"pause" | "complete" | Way | "ways">();
  const close = () => setAsking(undefined);
  const take = () => {
    if (step === "pause" || step === "complete") return setAsking(step);
    if (step === "trouble") return setAsking("ways");
    void once(`job.${step}` as OpKind, job.id, step === "arrive" ? { suggested: false } : {});
  };
  const kind = step === "complete" ? "main finish" : "main";
  return (
    <>
      <button
        type="button"
        className={`button step ${main ? kind : ""} ${busy ? "busy" : ""}`}
        aria-disabled={busy ? true : undefined}
        aria-haspopup={step === "pause" || step === "complete" || step === "trouble" ? "dialog" : undefined}
        onClick={take}
      >
        <Icon name={icons[step]} size={main ? 28 : 24} />
        <span>{t(`step.${step}`)}</span>
      </button>
      {asking === "ways" && <TroubleSheet job={job} onWay={setAsking} onClose={close} />}
      {asking === "pause" && <ReasonSheet job={job} about="pause" onClose={close} />}
      {asking === "decline" && (
        <ReasonSheet job={job} about="decline" onClose={close} onDone={() => go({ screen: "today" })} />
      )}
      {asking === "transfer" && <TransferSheet job={job} onClose={close} />}
      {asking === "complete" && (
        <FinishSheet job={job} onClose={close} onDone={() => go({ screen: "today" })} />
      )}
    </>
  );
}
