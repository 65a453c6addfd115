import type { Entry, Snapshot } from "./api.ts";
import { agree, base, call, now, Problem } from "./client.ts";
import { type Change, type City, empty, fold, fromSnapshot, noChange } from "./fold.ts";

// What a person is told of the connection. since is when the picture stopped
// being live.
export type Connection =
  | { state: "loading" }
  | { state: "live" }
  | { state: "resuming"; since: number }
  | { state: "offline"; since: number }
  | { state: "ended"; reason: "signed-out" | "forbidden" | "refused" };

type Listener = (city: City, change: Change | "all") => void;

// The server speaks every few seconds, if only to say up to where it has
// considered; one that is silent for this long is gone.
const silence = 20_000;
// A connection lost for this long is called offline.
const patience = 15_000;

// Feed keeps a City current: snapshot, then the feed from its seq on. Entries
// of one animation frame reach the listeners together. It always holds the last
// picture it had, also while it is not live.
export class Feed {
  city: City = empty();
  connection: Connection = { state: "loading" };
  private listeners = new Set<Listener>();
  private watchers = new Set<() => void>();
  private geography = new Set<() => void>();
  private hearers = new Set<(entry: Entry) => void>();
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setInterval> | undefined;
  private heard = 0;
  private tries = 0;
  private lostAt = 0;
  private pending = noChange();
  private scheduled = false;
  private stopped = true;

  // start goes on from the picture known, if there is one, and else asks for it.
  start(known?: City): void {
    if (!this.stopped) return;
    this.stopped = false;
    if (known?.log && !this.city.log) this.city = known;
    this.tries = 0;
    this.lostAt = 0;
    this.say({ state: "loading" });
    window.addEventListener("online", this.retry);
    window.addEventListener("offline", this.lost);
    this.watchdog = setInterval(this.check, 1000);
    if (this.city.log) this.open();
    else void this.load();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener("online", this.retry);
    window.removeEventListener("offline", this.lost);
    clearInterval(this.watchdog);
    clearTimeout(this.timer);
    this.drop();
  }

  // listen calls f with every change; "all" means a new picture.
  listen(f: Listener): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }

  // watch calls f when the state of the connection changes.
  watch(f: () => void): () => void {
    this.watchers.add(f);
    return () => this.watchers.delete(f);
  }

  // onGeography calls f when areas, streets or the catalogue changed.
  onGeography(f: () => void): () => void {
    this.geography.add(f);
    return () => this.geography.delete(f);
  }

  // hear calls f with each entry, after the city took it.
  hear(f: (entry: Entry) => void): () => void {
    this.hearers.add(f);
    return () => this.hearers.delete(f);
  }

  private async load(): Promise<void> {
    try {
      const snap = await call<Snapshot>("/snapshot");
      if (this.stopped) return;
      agree(snap.at);
      this.city = fromSnapshot(snap);
      this.pending = noChange();
      for (const f of this.listeners) f(this.city, "all");
      this.open();
    } catch (err) {
      if (this.stopped) return;
      if (err instanceof Problem && err.status === 401) return this.end("signed-out");
      if (err instanceof Problem && err.status === 403) return this.end("forbidden");
      this.again();
    }
  }

  private open(): void {
    const { seq, log } = this.city;
    const url = new URL(`${base}/feed?since=${seq}&log=${encodeURIComponent(log)}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    this.socket = socket;
    this.heard = Date.now();
    socket.onopen = () => {
      if (socket !== this.socket) return;
      this.heard = Date.now();
      this.alive();
    };
    socket.onmessage = ({ data }) => {
      if (socket !== this.socket) return;
      this.heard = Date.now();
      if (!this.take(JSON.parse(data) as Entry[])) return;
      this.tries = 0;
      this.alive();
    };
    socket.onclose = ({ code }) => {
      if (socket !== this.socket) return;
      this.socket = undefined;
      if (code >= 4500 && code < 5000) return this.end("refused");
      this.again();
    };
  }

  // take folds entries in, from the socket or from wherever else they came. It
  // says no, and fetches the picture, where they tell it to.
  take(entries: Entry[]): boolean {
    for (const entry of entries) {
      if (entry.type === "geography.changed") for (const f of this.geography) f();
      if (!fold(this.city, entry, this.pending)) {
        this.drop();
        void this.load();
        return false;
      }
      for (const f of this.hearers) f(entry);
    }
    if (this.scheduled) return true;
    this.scheduled = true;
    const tell = () => {
      this.scheduled = false;
      const change = this.pending;
      this.pending = noChange();
      for (const f of this.listeners) f(this.city, change);
    };
    if (document.hidden) setTimeout(tell, 250);
    else requestAnimationFrame(tell);
    return true;
  }

  private alive(): void {
    this.lostAt = 0;
    this.say({ state: "live" });
  }

  // again comes back after a wait that doubles up to ten seconds, with a third
  // of it left to chance, so that a city's screens don't return as one.
  private again(): void {
    if (this.stopped) return;
    this.drop();
    if (!this.lostAt) this.lostAt = now();
    this.check();
    const wait = Math.min(10_000, 500 * 2 ** this.tries++) * (0.67 + Math.random() * 0.33);
    clearTimeout(this.timer);
    this.timer = setTimeout(this.retry, wait);
  }

  private retry = (): void => {
    if (this.stopped || this.socket || this.connection.state === "ended") return;
    clearTimeout(this.timer);
    if (this.city.log) this.reopen();
    else void this.load();
  };

  // A refused upgrade has no status that a page could read, so the session is
  // asked first: it tells a signed-out person from a network that is away.
  private reopen(): void {
    if (this.tries < 3) return this.open();
    call("/session").then(
      () => this.stopped || this.socket || this.open(),
      err => {
        if (err instanceof Problem && err.status === 401) this.end("signed-out");
        else this.again();
      },
    );
  }

  private lost = (): void => {
    if (this.connection.state !== "ended") this.again();
  };

  private check = (): void => {
    if (this.socket && Date.now() - this.heard > silence) return this.again();
    if (!this.lostAt) return;
    const away = !navigator.onLine || now() - this.lostAt > patience;
    this.say({ state: away ? "offline" : "resuming", since: this.lostAt });
  };

  private drop(): void {
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
  }

  private end(reason: "signed-out" | "forbidden" | "refused"): void {
    this.drop();
    clearTimeout(this.timer);
    this.lostAt = 0;
    this.say({ state: "ended", reason });
  }

  private say(next: Connection): void {
    const same = JSON.stringify(next) === JSON.stringify(this.connection);
    this.connection = next;
    if (!same) for (const f of this.watchers) f();
  }
}
