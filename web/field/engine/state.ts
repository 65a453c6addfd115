import type { FieldState } from "./seam.ts";

// blank is a tablet that holds nothing.
export function blank(): FieldState {
  return {
    phase: "starting",
    me: null,
    crew: null,
    jobs: [],
    categories: [],
    departments: [],
    closures: [],
    messages: [],
    link: { state: "resuming", since: Date.now() },
    queue: [],
    photos: [],
    waiting: 0,
    skewMs: 0,
    storage: { usage: 0, quota: 0, low: false, full: false },
    map: { state: "none", bytes: 0, total: 0 },
    lease: { until: "" },
    update: false,
    nearJob: null,
    home: null,
    here: null,
  };
}

// Store holds the state and tells of each change; a burst of changes in one
// task is told once.
export class Store {
  private current: FieldState = blank();
  private listeners = new Set<() => void>();
  private telling = false;

  get = (): FieldState => this.current;

  subscribe = (f: () => void): (() => void) => {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  };

  set(change: Partial<FieldState>): void {
    this.current = { ...this.current, ...change };
    if (this.telling) return;
    this.telling = true;
    queueMicrotask(() => {
      this.telling = false;
      for (const f of this.listeners) f();
    });
  }
}
