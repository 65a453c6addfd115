import type { ID, Session } from "../../shared/api.ts";
import { agree, call, Problem } from "../../shared/client.ts";
import { Acts } from "./acts.ts";
import { Box } from "./box.ts";
import { Device } from "./device.ts";
import { destroy, deviceName, tell } from "./endings.ts";
import { Follow } from "./follow.ts";
import { Loop } from "./loop.ts";
import { Opened, type Tells } from "./opened.ts";
import { Picture } from "./picture.ts";
import { persist } from "./room.ts";
import type { Engine, FieldState, OpKind, PhotoKind, PMTilesSource } from "./seam.ts";
import { blank, Store } from "./state.ts";
import { type Answer, drain } from "./sync.ts";
import { Updates } from "./updates.ts";
import { upload } from "./uploads.ts";
import { Work } from "./work.ts";

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
// The cookie may be lost again at once so often before the device is locked.
const mostResumes = 2;

// createEngine starts the tablet's engine: it opens what the device holds and
// goes on where it was.
export function createEngine(options: EngineOptions = {}): Engine {
  const tablet = new Tablet(options);
  tablet.start();
  // A browser that a program drives may look at the engine.
  if (globalThis.navigator?.webdriver) Object.assign(globalThis, { mokedEngine: tablet });
  return tablet;
}

class Tablet implements Engine {
  private store = new Store();
  private device = new Device();
  private opened: Opened | undefined;
  private acts: Acts | undefined;
  private picture = new Picture();
  private ops: Loop | undefined;
  private uploads: Loop | undefined;
  private fixes: Loop | undefined;
  private channel = globalThis.BroadcastChannel ? new BroadcastChannel("moked-field") : undefined;
  private updates = new Updates(() => this.store.set({ update: true }));
  private follow = new Follow({
    jobs: () => this.state().jobs,
    show: shown => this.store.set(shown),
    record: fix =>
      this.opened?.work.do(async () => {
        if (await this.opened?.track.keep(fix)) this.fixes?.wake();
      }),
  });
  private sending: ReadonlySet<ID> = new Set();
  private sendingSince = 0;
  private uploading: string | undefined;
  // asked makes the next sync ask even where nothing waits: for the skew, for
  // the lease, and for news while the feed is away.
  private asked = true;
  private heardAt = 0;
  private resuming = false;
  private resumedAt = 0;
  private resumes = 0; // in the minute after one
  private ticks = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  // work is what goes on in the background for as long as the engine runs; what
  // needs a box is the box's.
  private work = new Work();

  state = (): FieldState => this.store.get();
  subscribe = (f: () => void): (() => void) => this.store.subscribe(f);

  constructor(private options: EngineOptions) {}

  start(): void {
    globalThis.addEventListener?.("online", this.woken);
    globalThis.addEventListener?.("offline", this.refresh);
    globalThis.addEventListener?.("pagehide", this.hidden);
    globalThis.document?.addEventListener("visibilitychange", this.turned);
    if (this.channel) this.channel.onmessage = ({ data }) => this.work.do(() => this.heard(data));
    this.timer = setInterval(() => this.work.do(this.ticked), tick);
    this.updates.start();
    if (!globalThis.crypto?.subtle || !globalThis.indexedDB) {
      // A page without HTTPS has no keys; nothing is kept in the clear instead.
      this.store.set({ phase: "signed-out" });
      return;
    }
    this.work.do(() => this.wake());
  }

  // wake ends what was being ended, and opens what the device holds.
  private async wake(): Promise<void> {
    const { doomed, ending } = await this.device.leaving();
    if (doomed) await destroy(this.device, doomed);
    if (ending) this.work.do(() => tell(this.device));
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
    if (this.work.ended) return opened.close();
    this.opened = opened;
    const id = (await opened.box.fact<ID>("device")) ?? "";
    const acted = () => {
      this.refresh();
      this.spread("queue");
      this.ops?.soon();
    };
    this.acts = new Acts(opened, id, acted, this.refresh);
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
          contact: () => opened.work.do(() => opened.lease.touched(Date.now())),
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
    opened.work.do(() => opened.room.measure());
    if (!locked) opened.work.do(() => opened.map.look());
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
    await opened.room.insist(() => drain(queue, hooks, this.asked));
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
    opened.work.do(() => opened.lease.touched(Date.now()));
    for (const { job } of answer.results) if (job) opened.live.took(job);
    if (answer.events?.length) opened.live.feed.take(answer.events);
  }

  // trouble hears of what went wrong with the server and says whether to try
  // again.
  private trouble = (err: unknown): boolean => {
    this.refresh();
    if (!(err instanceof Problem) || err.status !== 401) return true;
    if (err.code === "device-revoked") this.work.do(() => this.revoked());
    else {
      const heard = Date.now();
      this.work.do(() => this.shutOut(heard));
    }
    return false;
  };

  // shutOut is the server's word that it doesn't know who asks. Where only the
  // browser's cookie was lost, the device gets it back; not again and again, and
  // not after the lease has ended. Several requests may have been out without the
  // cookie: what was heard before it came back says nothing any more.
  private async shutOut(heard: number): Promise<void> {
    const { opened } = this;
    if (!opened || opened.lease.locked() || this.resuming) return;
    if (heard <= this.resumedAt) return this.begin();
    const secret = opened.live.who?.secret;
    this.resuming = true;
    try {
      this.resumes = Date.now() - this.resumedAt < 60_000 ? this.resumes + 1 : 0;
      if (!secret || this.resumes > mostResumes) return await this.lock(opened);
      const { device } = await call<Session>("/session/resume", { body: { secret } });
      this.resumedAt = Date.now();
      if (this.opened !== opened) return;
      if (device) await this.under(opened, device.id);
      this.begin();
    } catch (err) {
      if (!(err instanceof Problem) || err.status !== 401) return;
      if (err.code === "device-revoked") await this.revoked();
      else await this.lock(opened);
    } finally {
      this.resuming = false;
    }
  }

  // under is the id that ops go out under from now on.
  private async under(opened: Opened, device: ID): Promise<void> {
    if (this.opened === opened && this.acts) this.acts.device = device;
    await opened.box.setFact("device", device);
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
    await destroy(this.device, opened.box.name);
    this.spread("gone");
    await tell(this.device);
  }

  // leave lets go of the box and of all that was read from it.
  private leave(): void {
    for (const loop of [this.ops, this.uploads, this.fixes]) loop?.stop();
    this.ops = this.uploads = this.fixes = undefined;
    this.follow.end();
    this.opened?.live.stop();
    this.acts?.end();
    this.acts = undefined;
    this.opened = undefined;
    this.picture = new Picture();
    this.asked = true;
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
    // A server that knows this id as another crew's, or as lost, gives a new one.
    await this.under(opened, session.device?.id ?? id);
    await this.device.known(login, session.device?.id ?? id);
    await opened.lease.renew(Date.now());
    const { actor, authority, secret } = session;
    await opened.live.be({ actor, authority, secret, login });
    this.asked = true;
    this.spread("session");
    this.begin();
    await opened.live.renew().catch(() => {});
    this.work.do(persist);
  }

  async signOut({ handedOver = false } = {}): Promise<"done" | "refused"> {
    const { opened } = this;
    if (!opened) return "done";
    if (!(await this.acts!.mayLeave(handedOver))) return "refused";
    this.leave();
    await this.device.doom(opened.box.name, { kind: "signed-out" });
    this.store.set({ ...blank(), phase: "signed-out" });
    opened.close();
    await destroy(this.device, opened.box.name);
    this.spread("gone");
    await tell(this.device);
    return "done";
  }

  private need(): { opened: Opened; acts: Acts } {
    const { opened, acts } = this;
    if (!opened || !acts || opened.lease.locked()) throw new Problem(401, "locked", "");
    return { opened, acts };
  }

  async act(kind: OpKind, job: ID | undefined, data: object): Promise<ID> {
    return this.need().acts.act(kind, job, data);
  }

  async addPhoto(job: ID, kind: PhotoKind, file: Blob, caption?: string): Promise<string> {
    const data = { kind, ...(caption && { caption }) };
    return this.need().acts.shoot("job.photo", file, { job, kind, type: file.type }, data);
  }

  async addSignature(job: ID, png: Blob, name: string): Promise<string> {
    return this.need().acts.shoot("job.sign", png, { job, kind: "signature", type: png.type }, { name });
  }

  async keepPhoto(file: Blob): Promise<string> {
    return this.need().acts.shoot(undefined, file, { job: "", kind: "other", type: file.type }, {});
  }

  async photoUrl(sha256: string): Promise<string> {
    return this.need().acts.photoUrl(sha256, this.state().link.state === "live");
  }

  syncNow(): void {
    this.asked = true;
    this.woken();
  }

  async exportQueue(): Promise<Blob> {
    return this.need().acts.export();
  }

  async downloadMap(onProgress: (done: number, total: number) => void, signal: AbortSignal): Promise<void> {
    return this.need().opened.map.download(onProgress, signal);
  }

  async removeMap(): Promise<void> {
    await this.need().opened.map.remove();
  }

  async mapSource(): Promise<PMTilesSource | null> {
    return this.need().opened.map.source();
  }

  applyUpdate(): void {
    this.work.do(async () => {
      await this.opened?.live.flush().catch(() => {});
      this.updates.apply();
    });
  }

  stop(): void {
    this.work.end();
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
    if (!opened) return;
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
      this.follow.end();
      this.store.set({ ...blank(), ...common, ...kept(this.state()), me, phase: "locked" });
      return;
    }
    const picture = this.picture.see(
      live.feed.city,
      live.closed,
      actor?.crew,
      queue.shows(),
      this.state().skewMs,
    );
    const [lon, lat] = live.who?.authority.center ?? [];
    this.store.set({
      ...common,
      ...picture,
      me,
      home: this.state().home ?? (lon !== undefined && lat !== undefined ? { lat, lon } : null),
      categories: live.catalogue.categories ?? [],
      departments: live.catalogue.departments ?? [],
      closures: live.closures,
      queue: queue.items(this.sending),
      photos: photos.items(this.uploading),
    });
    const { crew } = picture;
    const working = !!crew?.on_until && Date.parse(crew.on_until) > Date.now() && !crew.on_break;
    this.follow.be(working, `${opened.box.name}-where`);
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
      opened.work.do(() => opened.lease.touched(Date.now()));
      this.ops?.fresh();
      this.uploads?.fresh();
      this.fixes?.fresh();
      if (opened.map.moved()) opened.work.do(() => opened.map.look());
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
    this.opened?.work.do(() => this.opened?.live.flush().catch(() => {}));
  };

  private ticked = async (): Promise<void> => {
    this.ticks++;
    await tell(this.device).catch(() => {});
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
    if (this.ticks % 4 === 0) opened.work.do(() => opened.room.measure());
    if (live && (this.ticks % 1440 === 0 || opened.map.moved())) opened.work.do(() => opened.map.look());
  };

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
}

// kept is what a locked screen goes on showing.
function kept({ storage, update, map }: FieldState): Partial<FieldState> {
  return { storage, update, map };
}
