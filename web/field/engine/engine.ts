import type { ID, Session } from "../../shared/api.ts";
import { agree, base, call, Problem } from "../../shared/client.ts";
import type { Op } from "./ahead.ts";
import { Box, full } from "./box.ts";
import { Device, type Ending } from "./device.ts";
import { exported, type Handover } from "./exporting.ts";
import { opId } from "./ids.ts";
import { Loop } from "./loop.ts";
import { removeFiles } from "./map.ts";
import { Opened, type Tells } from "./opened.ts";
import type { About } from "./photos.ts";
import { seen } from "./picture.ts";
import { persist } from "./room.ts";
import type { Engine, FieldState, OpKind, PhotoKind, PMTilesSource } from "./seam.ts";
import { blank, Store } from "./state.ts";
import { type Answer, drain } from "./sync.ts";
import { Updates } from "./updates.ts";
import { upload } from "./uploads.ts";
import { Fence, type Fix, watch } from "./whereabouts.ts";

export interface EngineOptions {
  // app is this build's version, which the server notes of the device.
  app?: string;
  // device is the name that the console knows this device by.
  device?: string;
}

const tick = 15_000;
// News waits so long for the verdicts of what is being sent, so that nothing
// is shown twice meanwhile.
const hold = 8000;

// createEngine starts the tablet's engine: it opens what the device holds and
// goes on where it was.
export function createEngine(options: EngineOptions = {}): Engine {
  const tablet = new Tablet(options);
  void tablet.start();
  // A browser that a program drives may look at the engine.
  if (globalThis.navigator?.webdriver) Object.assign(globalThis, { mokedEngine: tablet });
  return tablet;
}

class Tablet implements Engine {
  private store = new Store();
  private device = new Device();
  private opened: Opened | undefined;
  private id: ID = "";
  private ops: Loop | undefined;
  private uploads: Loop | undefined;
  private fixes: Loop | undefined;
  private channel = globalThis.BroadcastChannel ? new BroadcastChannel("moked-field") : undefined;
  private updates = new Updates(() => this.store.set({ update: true }));
  private fence = new Fence();
  private unwatch: (() => void) | undefined;
  private records: AbortController | undefined;
  private sending: ReadonlySet<ID> = new Set();
  private sendingSince = 0;
  private uploading: string | undefined;
  // asked makes the next sync ask even where nothing waits: for the skew, for
  // the lease, and for news while the feed is away.
  private asked = true;
  private heardAt = 0;
  private handover: Handover = { ops: new Set(), photos: new Set() };
  private urls = new Map<string, string>();
  private resuming = false;
  private resumedAt = 0;
  private ticks = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  private stopped = false;

  state = (): FieldState => this.store.get();
  subscribe = (f: () => void): (() => void) => this.store.subscribe(f);

  constructor(private options: EngineOptions) {}

  async start(): Promise<void> {
    globalThis.addEventListener?.("online", this.woken);
    globalThis.addEventListener?.("offline", this.refresh);
    globalThis.addEventListener?.("pagehide", this.hidden);
    globalThis.document?.addEventListener("visibilitychange", this.turned);
    if (this.channel) this.channel.onmessage = ({ data }) => void this.heard(data);
    this.timer = setInterval(() => void this.ticked(), tick);
    this.updates.start();
    if (!globalThis.crypto?.subtle || !globalThis.indexedDB) {
      // A page without HTTPS has no keys; nothing is kept in the clear instead.
      this.store.set({ phase: "signed-out" });
      return;
    }
    const { doomed, ending } = await this.device.leaving();
    if (doomed) await this.destroy(doomed);
    if (ending) void this.tell();
    const name = await this.device.current();
    if (name) await this.enter(name);
    else this.store.set({ phase: ending?.kind === "wiped" ? "revoked" : "signed-out" });
  }

  // enter opens a box and works on it.
  private async enter(name: string): Promise<void> {
    const tells: Tells = {
      changed: this.news,
      storage: storage => this.store.set({ storage }),
      map: map => this.store.set({ map }),
      trouble: err => void this.trouble(err),
      outdated: () => this.store.set({ update: true }),
    };
    const opened = await Opened.of(name, Date.now(), tells);
    this.opened = opened;
    this.id = (await opened.box.fact<ID>("device")) ?? "";
    const { queue, photos, track, live } = opened;
    this.ops = new Loop(`${name}-ops`, () => this.drained(opened), this.trouble);
    this.uploads = new Loop(
      `${name}-photos`,
      async () => {
        await upload(photos, {
          sending: sha256 => {
            this.uploading = sha256;
            this.refresh();
          },
          progress: this.refresh,
          contact: () => void opened.lease.touched(Date.now()),
        });
        await opened.tidy(Date.now());
        this.spread("queue");
      },
      this.trouble,
    );
    this.fixes = new Loop(`${name}-fixes`, () => track.send(this.state().skewMs), this.trouble);
    live.feed.watch(() => this.linked());
    await opened.tidy(Date.now());
    if (queue.waiting().length > 0) this.asked = true;
    this.begin();
  }

  // begin shows what may be shown, and sends what waits.
  private begin(): void {
    const { opened } = this;
    if (!opened) return;
    const locked = opened.lease.locked();
    if (locked) opened.live.stop();
    else opened.live.start();
    this.store.set({ phase: locked ? "locked" : "ready" });
    this.refresh();
    this.woken();
    void opened.room.measure();
    if (!locked) void opened.map.look();
  }

  private async drained(opened: Opened): Promise<void> {
    const { queue, live } = opened;
    const hooks = {
      since: () => {
        const { connection, city } = live.feed;
        return connection.state === "live" || !city.log ? {} : { since: city.seq, log: city.log };
      },
      sending: (ids: ReadonlySet<ID>) => {
        this.sending = ids;
        this.sendingSince = Date.now();
        this.refresh();
      },
      answered: (answer: Answer) => this.answered(opened, answer),
      now: () => Date.now(),
    };
    await drain(queue, hooks, this.asked);
    this.asked = false;
    await opened.tidy(Date.now());
    this.refresh();
    this.spread("queue");
    this.uploads?.wake();
  }

  private answered(opened: Opened, answer: Answer): void {
    this.heardAt = Date.now();
    agree(answer.received_at);
    if (Number.isFinite(answer.skew_ms)) this.store.set({ skewMs: answer.skew_ms });
    void opened.lease.touched(Date.now());
    for (const { job } of answer.results) if (job) opened.live.took(job);
    if (answer.events?.length) opened.live.feed.take(answer.events);
  }

  // trouble hears of what went wrong with the server and says whether to try
  // again.
  private trouble = (err: unknown): boolean => {
    this.refresh();
    if (!(err instanceof Problem) || err.status !== 401) return true;
    if (err.code === "device-revoked") void this.revoked();
    else void this.shutOut();
    return false;
  };

  // shutOut is the server's word that it doesn't know who asks. Where only the
  // browser's cookie was lost, the device gets it back; once, and not after the
  // lease has ended.
  private async shutOut(): Promise<void> {
    const { opened } = this;
    if (!opened || opened.lease.locked() || this.resuming) return;
    const secret = opened.live.who?.secret;
    this.resuming = true;
    try {
      if (!secret || Date.now() - this.resumedAt < 60_000) return await this.lock(opened);
      await call("/session/resume", { body: { secret } });
      this.resumedAt = Date.now();
      if (this.opened === opened) this.begin();
    } catch (err) {
      if (!(err instanceof Problem) || err.status !== 401) return;
      if (err.code === "device-revoked") await this.revoked();
      else await this.lock(opened);
    } finally {
      this.resuming = false;
    }
  }

  private async lock(opened: Opened): Promise<void> {
    await opened.lease.lock();
    this.spread("session");
    this.begin();
  }

  // revoked is the server's word that this device is lost: the key goes first,
  // then everything, and then the server is told.
  private async revoked(): Promise<void> {
    const { opened } = this;
    if (!opened) return;
    this.leave();
    await this.device.doom(opened.box.name, { kind: "wiped" });
    await opened.box.open().catch(() => {});
    await opened.box.keys.clear().catch(() => {});
    this.store.set({ ...blank(), phase: "revoked" });
    opened.close();
    await this.destroy(opened.box.name);
    this.spread("gone");
    await this.tell();
  }

  // leave lets go of the box and of all that was read from it.
  private leave(): void {
    for (const loop of [this.ops, this.uploads, this.fixes]) loop?.stop();
    this.ops = this.uploads = this.fixes = undefined;
    this.follow(false);
    this.opened?.live.stop();
    for (const url of this.urls.values()) URL.revokeObjectURL(url);
    this.urls.clear();
    this.opened = undefined;
    this.fence = new Fence();
    this.asked = true;
  }

  private async destroy(name: string): Promise<void> {
    await new Box(name).delete();
    await removeFiles(name);
    await this.device.gone();
  }

  // tell says to the server what it is yet to hear of a box that is gone.
  private async tell(): Promise<void> {
    const { ending } = await this.device.leaving();
    if (!ending) return;
    const asks: Record<Ending["kind"], [string, { method: string }]> = {
      wiped: ["/session/wiped", { method: "POST" }],
      "signed-out": ["/session", { method: "DELETE" }],
    };
    try {
      await call(...asks[ending.kind]);
    } catch (err) {
      // A session that is over needs no ending.
      if (!(err instanceof Problem) || ![401, 403, 404].includes(err.status)) return;
    }
    await this.device.told();
  }

  async signIn(login: string, password: string): Promise<void> {
    if (!globalThis.crypto?.subtle) throw new Problem(0, "insecure", "");
    const id = await this.device.identity(login);
    const device = { id, name: this.options.device ?? deviceName(), app: this.options.app ?? "dev" };
    const session = await call<Session>("/session", { body: { login, password, device } });
    if (session.actor.role !== "crew") {
      await call("/session", { method: "DELETE" }).catch(() => {});
      throw new Problem(403, "not-a-crew", "");
    }
    const name = Box.named(session.authority.code, session.actor.id);
    if (this.opened && this.opened.box.name !== name) {
      // The other person's work stays in their box, for when they come back.
      const other = this.opened;
      this.leave();
      other.close();
    }
    if (!this.opened) {
      await this.device.hold(name);
      await this.enter(name);
    }
    const opened = this.opened!;
    // A server that knows this id as another crew's gives a new one.
    this.id = session.device?.id ?? id;
    await opened.box.setFact("device", this.id);
    await opened.lease.renew(Date.now());
    const { actor, authority, secret } = session;
    await opened.live.be({ actor, authority, secret, login });
    this.asked = true;
    this.spread("session");
    this.begin();
    await opened.live.renew().catch(() => {});
    void persist();
  }

  async signOut({ handedOver = false } = {}): Promise<"done" | "refused"> {
    const { opened } = this;
    if (!opened) return "done";
    await Promise.all([opened.queue.load(), opened.photos.load()]);
    const { ops, photos } = opened.unsent();
    const inFile =
      ops.every(id => this.handover.ops.has(id)) && photos.every(p => this.handover.photos.has(p));
    if (ops.length + photos.length > 0 && !(handedOver && inFile)) return "refused";
    this.leave();
    await this.device.doom(opened.box.name, { kind: "signed-out" });
    this.store.set({ ...blank(), phase: "signed-out" });
    opened.close();
    await this.destroy(opened.box.name);
    this.spread("gone");
    await this.tell();
    return "done";
  }

  private need(): Opened {
    if (!this.opened || this.opened.lease.locked()) throw new Problem(401, "locked", "");
    return this.opened;
  }

  private op(opened: Opened, kind: OpKind, job: ID | undefined, data: object, id = opId()): [Op, string?] {
    const known = job ? (opened.live.feed.city.jobs.get(job) ?? opened.live.closed.get(job)) : undefined;
    const op: Op = {
      ...{ id, device: this.id, kind },
      ...(job && { job }),
      base_version: known?.version ?? 0,
      performed_at: new Date().toISOString(),
      data: { ...data },
    };
    return [op, known?.number];
  }

  async act(kind: OpKind, job: ID | undefined, data: object): Promise<ID> {
    const opened = this.need();
    const [op, number] = this.op(opened, kind, job, data);
    const named = (data as { photos?: string[] }).photos;
    const also = named?.length
      ? { write: () => opened.box.photos.where("sha256").anyOf(named).modify({ op: op.id }) }
      : undefined;
    await opened.room.insist(() => opened.queue.put(op, number, also));
    if (also) await opened.photos.load();
    this.acted();
    return op.id;
  }

  private acted(): void {
    this.refresh();
    this.spread("queue");
    this.ops?.wake();
  }

  addPhoto(job: ID, kind: PhotoKind, file: Blob, caption?: string): Promise<string> {
    const data = { kind, ...(caption && { caption }) };
    return this.shoot("job.photo", job, file, { job, kind, type: file.type }, data);
  }

  addSignature(job: ID, png: Blob, name: string): Promise<string> {
    return this.shoot("job.sign", job, png, { job, kind: "signature", type: png.type }, { name });
  }

  keepPhoto(file: Blob): Promise<string> {
    return this.shoot(undefined, "", file, { job: "", kind: "other", type: file.type }, {});
  }

  // shoot writes a photo and the op that names it together, or neither.
  private async shoot(kind: OpKind | undefined, job: ID, file: Blob, about: About, data: object) {
    const opened = this.need();
    const { photos, queue, room } = opened;
    if (file.size === 0) throw new Problem(0, "empty-photo", "", "file");
    if ((await room.measure()).full) throw new Problem(0, "storage-full", "");
    const id = opId();
    const ready = await photos.ready(file, about, kind ? id : "", Date.now());
    try {
      if (!kind) await photos.keep(ready);
      else {
        const [op, number] = this.op(opened, kind, job, { ...data, sha256: ready.sha256 }, id);
        await queue.put(op, number, { write: ready.write });
        await photos.load();
      }
    } catch (err) {
      if (!full(err)) throw err;
      room.spent();
      throw new Problem(0, "storage-full", "");
    }
    this.acted();
    return ready.sha256;
  }

  async photoUrl(sha256: string): Promise<string> {
    const known = this.urls.get(sha256);
    if (known) return known;
    const { photos } = this.need();
    const whole = await photos.bytes(sha256);
    const server = `${base}/photos/${sha256}?size=view`;
    if (!whole && this.state().link.state === "live") return server;
    const picture = whole ?? (await photos.thumb(sha256));
    if (!picture) return server;
    const url = URL.createObjectURL(picture);
    if (whole) this.urls.set(sha256, url);
    return url;
  }

  syncNow(): void {
    this.asked = true;
    this.woken();
  }

  async exportQueue(): Promise<Blob> {
    const opened = this.need();
    await Promise.all([opened.queue.load(), opened.photos.load()]);
    const unsent = new Set(opened.unsent().ops);
    const entries = opened.queue.all().filter(e => unsent.has(e.op.id));
    const login = opened.live.who?.login ?? "";
    const about = { device: this.id, login, at: new Date().toISOString() };
    const { file, handover } = await exported(entries, opened.photos, about);
    this.handover = handover;
    return file;
  }

  downloadMap(onProgress: (done: number, total: number) => void, signal: AbortSignal): Promise<void> {
    return this.need().map.download(onProgress, signal);
  }

  async removeMap(): Promise<void> {
    await this.need().map.remove();
  }

  async mapSource(): Promise<PMTilesSource | null> {
    return this.opened ? this.need().map.source() : null;
  }

  applyUpdate(): void {
    void (async () => {
      await this.opened?.live.flush().catch(() => {});
      this.updates.apply();
    })();
  }

  stop(): void {
    this.stopped = true;
    globalThis.removeEventListener?.("online", this.woken);
    globalThis.removeEventListener?.("offline", this.refresh);
    globalThis.removeEventListener?.("pagehide", this.hidden);
    globalThis.document?.removeEventListener("visibilitychange", this.turned);
    clearInterval(this.timer);
    const { opened } = this;
    this.leave();
    opened?.close();
    this.device.close();
    this.updates.stop();
    this.channel?.close();
  }

  // news is a change of the server's picture.
  private news = (): void => {
    if (this.sending.size > 0 && Date.now() - this.sendingSince < hold) return;
    this.refresh();
  };

  // refresh computes what the screens see.
  private refresh = (): void => {
    const { opened } = this;
    if (!opened || this.stopped) return;
    const { queue, photos, live, lease } = opened;
    const unsent = opened.unsent();
    const common = {
      waiting: unsent.ops.length + unsent.photos.length,
      lease: { until: lease.until() },
      link: this.link(opened),
    };
    const actor = live.who?.actor;
    const me = actor ? { name: actor.name ?? "", login: live.who!.login, lang: actor.lang ?? "" } : null;
    if (lease.locked()) {
      this.follow(false);
      this.store.set({ ...blank(), ...common, ...kept(this.state()), me, phase: "locked" });
      return;
    }
    const picture = seen(live.feed.city, live.closed, actor?.crew, queue.waiting(), this.state().skewMs);
    this.store.set({
      ...common,
      ...picture,
      me,
      categories: live.catalogue.categories ?? [],
      departments: live.catalogue.departments ?? [],
      queue: queue.items(this.sending),
      photos: photos.items(this.uploading),
    });
    const { crew } = picture;
    this.follow(!!crew?.on_until && Date.parse(crew.on_until) > Date.now() && !crew.on_break);
  };

  private link({ live }: Opened): FieldState["link"] {
    const { connection } = live.feed;
    const was = this.state().link;
    if (connection.state === "live") return was.state === "live" ? was : { state: "live", since: Date.now() };
    const since = "since" in connection ? connection.since : was.state === "live" ? Date.now() : was.since;
    const reached = Date.now() - this.heardAt < 3 * tick && globalThis.navigator?.onLine !== false;
    const away = connection.state === "offline" || connection.state === "ended";
    return { state: away && !reached ? "offline" : "resuming", since };
  }

  private linked(): void {
    const { opened } = this;
    if (!opened) return;
    const { connection } = opened.live.feed;
    this.refresh();
    if (connection.state === "live") {
      void opened.lease.touched(Date.now());
      this.ops?.fresh();
      this.uploads?.fresh();
      this.fixes?.fresh();
    } else if (connection.state === "ended") {
      // Why it ended, the session says.
      call("/session").then(() => {}, this.trouble);
    }
  }

  private woken = (): void => {
    this.ops?.fresh();
    this.uploads?.fresh();
    this.fixes?.fresh();
  };

  private turned = (): void => {
    if (document.hidden) return this.hidden();
    this.woken();
    this.updates.check();
  };

  private hidden = (): void => {
    void this.opened?.live.flush().catch(() => {});
  };

  private async ticked(): Promise<void> {
    this.ticks++;
    await this.tell().catch(() => {});
    const { opened } = this;
    if (!opened) return;
    const was = opened.lease.locked();
    if ((await opened.lease.check(Date.now())) !== was) this.begin();
    const live = opened.live.feed.connection.state === "live";
    if (live) await opened.lease.touched(Date.now());
    else this.asked = true;
    this.refresh();
    // A loop that waits out a failure has its own time.
    if (!live && this.ticks % 2 === 0) this.ops?.wake();
    if (live && opened.queue.waiting().length > 0) this.ops?.wake();
    if (this.ticks % 4 === 0) void opened.room.measure();
    if (live && this.ticks % 1440 === 0) void opened.map.look();
  }

  // spread tells the other tabs what to read again.
  private spread(what: "queue" | "session" | "gone"): void {
    this.channel?.postMessage({ what, box: this.opened?.box.name });
  }

  private async heard({ what, box }: { what: string; box?: string }): Promise<void> {
    if (what === "gone" || (what === "session" && box !== this.opened?.box.name)) {
      const { opened } = this;
      this.leave();
      opened?.close();
      this.store.set(blank());
      const name = await this.device.current();
      if (name) await this.enter(name);
      else this.store.set({ phase: "signed-out" });
      return;
    }
    const { opened } = this;
    if (!opened || box !== opened.box.name) return;
    if (what === "session") {
      await Promise.all([opened.lease.load(Date.now()), opened.live.load()]);
      this.begin();
    } else {
      await Promise.all([opened.queue.load(), opened.photos.load()]);
      this.refresh();
    }
  }

  // follow watches where the crew is while it is on duty. One tab writes it
  // down.
  private follow(wanted: boolean): void {
    if (wanted === !!this.unwatch) return;
    if (!wanted) {
      this.unwatch?.();
      this.unwatch = undefined;
      this.records?.abort();
      this.records = undefined;
      this.store.set({ nearJob: null, here: null });
      return;
    }
    const stop = new AbortController();
    this.records = stop;
    let mine = !globalThis.navigator?.locks;
    void globalThis.navigator?.locks
      ?.request(`${this.opened!.box.name}-where`, { signal: stop.signal }, () => {
        mine = true;
        return new Promise<void>(done => stop.signal.addEventListener("abort", () => done()));
      })
      .catch(() => {});
    this.unwatch = watch(fix => void this.stood(fix, mine));
  }

  private async stood(fix: Fix, mine: boolean): Promise<void> {
    const { opened } = this;
    if (!opened) return;
    const { lat, lon, accuracy } = fix;
    const here = { lat, lon, accuracy, at: new Date(fix.at).toISOString() };
    this.store.set({ here, nearJob: this.fence.see(fix, this.state().jobs) });
    if (mine && (await opened.track.keep(fix).catch(() => false))) this.fixes?.wake();
  }
}

// kept is what a locked screen goes on showing.
function kept({ storage, update, map }: FieldState): Partial<FieldState> {
  return { storage, update, map };
}

// deviceName is what people call the device by, as far as the browser tells.
function deviceName(): string {
  const agent = globalThis.navigator?.userAgent ?? "";
  const model = /Android [^;)]*; ([^;)]+)/.exec(agent)?.[1]?.trim();
  if (model && model !== "K") return model.slice(0, 60);
  if (/iPad/.test(agent)) return "iPad";
  if (/iPhone/.test(agent)) return "iPhone";
  return /Android/.test(agent) ? "Android" : (/(Windows|Mac OS X|CrOS|Linux)/.exec(agent)?.[1] ?? "");
}
