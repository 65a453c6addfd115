import { Activity, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { JobScreen } from "./job/JobScreen.tsx";
import { dayOf } from "./job/steps.ts";
import { NewIncident } from "./open/NewIncident.tsx";
import { useField } from "./state.tsx";

// How long the app rests before it warms, and how long that may take, in
// milliseconds.
const rest = 1500;

// Warm draws once, out of the page and to no effect, what is tapped for first,
// as code that runs for the first time keeps a slow tablet's crew waiting.
export function Warm() {
  const jobs = useField(s => s.jobs);
  const [stage, set] = useState<"cold" | "warming" | "warm">("cold");
  const away = useRef<HTMLElement>(null);
  const next = dayOf(jobs, 0).next?.id;
  const known = next !== undefined;
  useEffect(() => {
    if (stage === "warm" || !known) return;
    const timer = setTimeout(() => {
      away.current = document.createElement("div");
      set(stage === "cold" ? "warming" : "warm");
    }, rest);
    return () => clearTimeout(timer);
  }, [stage, known]);
  if (stage !== "warming" || !away.current || !next) return null;
  return createPortal(
    <Activity mode="hidden">
      <JobScreen id={next} alone />
      <NewIncident />
    </Activity>,
    away.current,
  );
}
