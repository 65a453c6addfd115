import { useSyncExternalStore } from "react";
import type { Engine } from "./engine/index.ts";

// Field is the whole of the tablet's screens on an engine.
export function Field({ engine }: { engine: Engine }) {
  const state = useSyncExternalStore(engine.subscribe, engine.state);
  return (
    <main data-phase={state.phase} data-waiting={state.waiting}>
      {state.jobs.map(job => (
        <p key={job.id}>
          <bdi>{job.number}</bdi> {job.state}
        </p>
      ))}
    </main>
  );
}
