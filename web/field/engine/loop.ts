import { Problem } from "../../shared/client.ts";

const longest = 30_000;
const moment = 80;

// backoff is how long to wait after so many failures: it doubles up to half a
// minute, and half of it is left to chance, so that a city's tablets that come
// out of a cut together don't return as one.
export function backoff(tries: number, chance: number = Math.random()): number {
  return Math.min(longest, 1000 * 2 ** tries) * (0.5 + chance / 2);
}

// Loop does one task over and over as it is woken: never twice at once here,
// nor, under one lock, in two tabs; again after a wait when it fails.
export class Loop {
  private running = false;
  private wanted = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(
    private name: string,
    private task: () => Promise<void>,
    // trouble hears of each failure and says whether to try again.
    private trouble: (err: unknown) => boolean,
  ) {}

  // wake runs the task now, or once more if it is running.
  wake(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wanted = true;
    if (!this.running) void this.run();
  }

  // soon runs the task in a moment: what the person just did is on the screen
  // first.
  soon(): void {
    if (this.stopped || this.running || this.timer !== undefined) return this.wake();
    this.timer = setTimeout(() => this.wake(), moment);
  }

  // fresh forgets earlier failures: the network is said to be back.
  fresh(): void {
    this.tries = 0;
    this.wake();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.wanted && !this.stopped) {
      this.wanted = false;
      try {
        await exclusive(this.name, this.task);
        this.tries = 0;
      } catch (err) {
        if (this.stopped || !this.trouble(err)) continue;
        const asked = err instanceof Problem && err.status === 429 ? 5000 : 0;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.wake(), Math.max(asked, backoff(this.tries++)));
      }
    }
    this.running = false;
  }
}

// A tab that is frozen with the lock doesn't hold the others up for ever. What
// it may still do when it thaws is harmless: ids and hashes make it so.
const patience = 20_000;

async function exclusive(name: string, f: () => Promise<void>): Promise<void> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return f();
  try {
    await locks.request(name, { signal: AbortSignal.timeout(patience) }, f);
  } catch (err) {
    if (!(err instanceof DOMException && err.name === "TimeoutError")) throw err;
    await locks.request(name, { steal: true }, f);
  }
}
