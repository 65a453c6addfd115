const hourly = 3_600_000;

// Updates installs the worker that makes the app open from cold, and says when
// a new version waits. A new version never starts by itself: the one in use
// goes on until a person taps, and then only this tab loads anew.
export class Updates {
  private registration: ServiceWorkerRegistration | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private asked = false;

  constructor(private waiting: () => void) {}

  start(): void {
    const workers = globalThis.navigator?.serviceWorker;
    if (!workers || import.meta.env?.DEV) return;
    let ruled = !!workers.controller;
    workers.addEventListener("controllerchange", () => {
      if (this.asked) location.reload();
      // Another tab took the new version; the first worker ever is no news.
      else if (ruled) this.waiting();
      ruled = true;
    });
    void workers
      .register("/field/sw.js", { scope: "/field", updateViaCache: "none" })
      .then(registration => {
        this.registration = registration;
        this.look(registration);
        registration.addEventListener("updatefound", () => {
          const next = registration.installing;
          next?.addEventListener("statechange", () => this.look(registration));
        });
        this.timer = setInterval(this.check, hourly);
        // What isn't needed to open, the map's code among it, comes last.
        void workers.ready.then(ready => ready.active?.postMessage("rest"));
      })
      .catch(() => {});
  }

  // check asks the server for a new version.
  check = (): void => {
    void this.registration?.update().catch(() => {});
  };

  private look(registration: ServiceWorkerRegistration): void {
    if (registration.waiting && navigator.serviceWorker.controller) this.waiting();
  }

  apply(): void {
    const waiting = this.registration?.waiting;
    this.asked = true;
    if (waiting) waiting.postMessage("take-over");
    else location.reload();
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
