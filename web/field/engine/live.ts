import type { Catalogue, Closure, ID, Job, Plan, Session } from "../../shared/api.ts";
import { call } from "../../shared/client.ts";
import { Feed } from "../../shared/feed.ts";
import type { City } from "../../shared/fold.ts";
import { again, type Box } from "./box.ts";
import type { FieldJob } from "./seam.ts";
import type { Vault } from "./vault.ts";
import type { Work } from "./work.ts";

// Kept is the picture as it lies on the disk, for a start without a network.
interface Kept {
  log: string;
  seq: number;
  jobs: Job[];
  crews: City["crews"] extends Map<ID, infer C> ? C[] : never;
  messages: City["messages"] extends Map<ID, infer M> ? M[] : never;
  plans?: Plan[]; // none in what an older app wrote
  closed: FieldJob[];
}

// Who is the person and the city of the box, and the device's secret: browsers
// write cookies to the disk half a minute late, and one that was killed before
// gets its cookie back for it.
export type Who = Pick<Session, "actor" | "authority" | "secret"> & { login: string };

// A job that ended is shown for the rest of the shift.
const shift = 16 * 3_600_000;
const settle = 800;

// Live is what the server last told: the feed's picture, the catalogue, and
// who is signed in; all of it sealed on the disk as it changes.
export class Live {
  readonly feed = new Feed();
  closed = new Map<ID, FieldJob>();
  catalogue: Catalogue = { departments: [], categories: [] } as unknown as Catalogue;
  closures: Closure[] = [];
  who: Who | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private known: City | undefined;
  private listening = false;

  constructor(
    private box: Box,
    private vault: Vault,
    private work: Work,
    private changed: () => void,
  ) {}

  // load reads what the disk holds.
  async load(): Promise<void> {
    this.who = await this.read<Who>("who");
    this.catalogue = (await this.read<Catalogue>("catalogue")) ?? this.catalogue;
    this.closures = (await this.read<Closure[]>("closures")) ?? [];
    const kept = await this.read<Kept>("picture");
    if (!kept) return;
    const byID = <T extends { id: ID }>(list: T[]) => new Map(list.map(item => [item.id, item]));
    this.closed = byID(kept.closed);
    this.known = {
      log: kept.log,
      seq: kept.seq,
      incidents: new Map(),
      jobs: byID(kept.jobs),
      crews: byID(kept.crews),
      operations: new Map(),
      messages: byID(kept.messages),
      conflicts: new Map(),
      plans: byID(kept.plans ?? []),
    };
    this.feed.city = this.known;
  }

  start(): void {
    if (!this.listening) {
      this.listening = true;
      this.feed.listen(this.heard);
      this.feed.hear(entry => {
        if ("job" in entry && entry.job) this.ended(entry.job);
      });
      this.feed.onGeography(() => this.work.do(() => this.renew().catch(() => {})));
    }
    this.feed.start(this.known);
  }

  stop(): void {
    this.feed.stop();
    clearTimeout(this.timer);
  }

  private heard: Parameters<Feed["listen"]>[0] = (_, change) => {
    // A whole picture stands for news that wasn't heard.
    if (change === "all") this.work.do(() => this.renewClosures().catch(() => {}));
    this.changed();
    this.soon();
  };

  // took is a job as an answer of sync told it. Older news changes nothing.
  took(job: Job): void {
    const known = this.feed.city.jobs.get(job.id);
    if (known && known.version > job.version) return;
    this.ended(job);
    if (job.state === "done" || job.state === "cancelled") this.feed.city.jobs.delete(job.id);
    else this.feed.city.jobs.set(job.id, job);
    this.soon();
  }

  // A job that ended leaves the picture; its last state stays for the day. One
  // that was begun anew isn't ended.
  private ended(job: Job): void {
    if (job.state === "done" && job.crew === this.who?.actor.crew) this.closed.set(job.id, job);
    else if (job.state) this.closed.delete(job.id);
    const old = Date.now() - shift;
    for (const j of this.closed.values()) {
      if (j.ended_at && Date.parse(j.ended_at) < old) this.closed.delete(j.id);
    }
  }

  // district is the one that the crew works in, or - for the whole authority.
  // It is empty while nothing is known of the crew.
  district(): string {
    const actor = this.who?.actor;
    if (!actor?.crew || actor.district) return actor?.district || "-";
    const crew = this.feed.city.crews.get(actor.crew);
    return crew ? crew.district || "-" : "";
  }

  // be says who signed in.
  async be(who: Who): Promise<void> {
    this.who = who;
    await this.write("who", who);
  }

  // renew fetches what the feed only says has changed: the catalogue and the
  // closed roads.
  async renew(): Promise<void> {
    this.work.do(() => this.renewClosures().catch(() => {}));
    this.catalogue = await call<Catalogue>("/categories");
    await this.write("catalogue", this.catalogue);
    this.changed();
  }

  private async renewClosures(): Promise<void> {
    this.closures = (await call<{ closures: Closure[] }>("/closures")).closures;
    await this.write("closures", this.closures);
    this.changed();
  }

  private soon(): void {
    this.timer ??= setTimeout(() => this.work.do(() => this.flush().catch(() => {})), settle);
  }

  // flush writes the picture down.
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { log, seq, jobs, crews, messages, plans } = this.feed.city;
    if (!log) return;
    const list = <T>(map: Map<ID, T>) => [...map.values()];
    const kept: Kept = {
      ...{ log, seq, jobs: list(jobs), crews: list(crews) },
      ...{ messages: list(messages), plans: list(plans), closed: list(this.closed) },
    };
    await this.write("picture", kept);
  }

  private async write(name: string, value: unknown): Promise<void> {
    const sealed = await this.vault.sealJSON(value, `sealed/${name}`);
    await again(this.box, () => this.box.sealed.put({ name, sealed }));
  }

  private async read<T>(name: string): Promise<T | undefined> {
    const row = await again(this.box, () => this.box.sealed.get(name));
    return row && this.vault.openJSON<T>(row.sealed, `sealed/${name}`);
  }
}
