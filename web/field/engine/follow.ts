import type { FieldState } from "./seam.ts";
import { Fence, type Fix, watch } from "./whereabouts.ts";

type Shown = Pick<FieldState, "here" | "nearJob">;

export interface FollowHooks {
  jobs: () => FieldState["jobs"];
  show: (shown: Shown) => void;
  record: (fix: Fix) => void;
}

// Follow watches where the crew is while it is wanted, and only then: a crew
// that is off duty or on a break is nobody's business. Each tab shows it; one
// of them writes it down.
export class Follow {
  private stop: AbortController | undefined;
  private unwatch: (() => void) | undefined;
  private fence = new Fence();

  constructor(private hooks: FollowHooks) {}

  // be starts or stops it. lock names what only one tab holds.
  be(wanted: boolean, lock: string): void {
    if (wanted === !!this.stop) return;
    if (!wanted) return this.end();
    const stop = new AbortController();
    this.stop = stop;
    let mine = !globalThis.navigator?.locks;
    void globalThis.navigator?.locks
      ?.request(lock, { signal: stop.signal }, () => {
        mine = true;
        return new Promise<void>(done => stop.signal.addEventListener("abort", () => done()));
      })
      .catch(() => {});
    this.unwatch = watch(fix => {
      const { lat, lon, accuracy } = fix;
      const here = { lat, lon, accuracy, at: new Date(fix.at).toISOString() };
      this.hooks.show({ here, nearJob: this.fence.see(fix, this.hooks.jobs()) });
      if (mine) this.hooks.record(fix);
    });
  }

  end(): void {
    if (!this.stop) return;
    this.unwatch?.();
    this.stop.abort();
    this.stop = this.unwatch = undefined;
    this.fence = new Fence();
    this.hooks.show({ here: null, nearJob: null });
  }
}
