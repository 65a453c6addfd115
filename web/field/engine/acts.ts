import type { ID } from "../../shared/api.ts";
import { base, Problem } from "../../shared/client.ts";
import type { Op } from "./ahead.ts";
import { full } from "./box.ts";
import { exported, type Handover } from "./exporting.ts";
import { opId } from "./ids.ts";
import type { Opened } from "./opened.ts";
import type { About } from "./photos.ts";
import type { OpKind } from "./seam.ts";

// Acts is what a crew does on its box: ops, photos, and the file of last
// resort.
export class Acts {
  private handover: Handover = { ops: new Set(), photos: new Set() };
  private urls = new Map<string, string>();

  constructor(
    private opened: Opened,
    // device is the id that ops go out under.
    public device: ID,
    private acted: () => void,
    // shown is called where what the screens show has changed.
    private shown: () => void,
  ) {}

  private op(kind: OpKind, job: ID | undefined, data: object, id: ID): [Op, string?] {
    const { live } = this.opened;
    const known = job ? (live.feed.city.jobs.get(job) ?? live.closed.get(job)) : undefined;
    const op: Op = {
      ...{ id, device: this.device, kind },
      ...(job && { job }),
      base_version: known?.version ?? 0,
      performed_at: new Date().toISOString(),
      data: { ...data },
    };
    return [op, known?.number];
  }

  async act(kind: OpKind, job: ID | undefined, data: object): Promise<ID> {
    const { box, room, queue, photos } = this.opened;
    const [op, number] = this.op(kind, job, data, opId());
    const named = (data as { photos?: string[] }).photos;
    const also = named?.length
      ? { write: () => box.photos.where("sha256").anyOf(named).modify({ op: op.id }) }
      : undefined;
    const put = room.insist(() => queue.put(op, number, also));
    this.shown();
    try {
      await put;
    } catch (err) {
      this.shown();
      throw err;
    }
    if (also) await photos.load();
    this.acted();
    return op.id;
  }

  // shoot writes a photo and the op that names it together, or neither. Without
  // a kind no op names it yet.
  async shoot(kind: OpKind | undefined, file: Blob, about: About, data: object): Promise<string> {
    const { photos, queue, room } = this.opened;
    if (file.size === 0) throw new Problem(0, "empty-photo", "", "file");
    if ((await room.measure()).full) throw new Problem(0, "storage-full", "");
    const id = opId();
    const ready = await photos.ready(file, about, kind ? id : "", Date.now());
    try {
      if (!kind) await room.insist(() => photos.keep(ready), file.size);
      else {
        const [op, number] = this.op(kind, about.job, { ...data, sha256: ready.sha256 }, id);
        await room.insist(() => queue.put(op, number, { write: ready.write }), file.size);
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

  async photoUrl(sha256: string, live: boolean): Promise<string> {
    const known = this.urls.get(sha256);
    if (known) return known;
    const { photos } = this.opened;
    const whole = await photos.bytes(sha256);
    const server = `${base}/photos/${sha256}?size=view`;
    if (!whole && live) return server;
    const picture = whole ?? (await photos.thumb(sha256));
    if (!picture) return server;
    const url = URL.createObjectURL(picture);
    this.urls.set(whole ? sha256 : `${sha256}/thumb`, url);
    return url;
  }

  async export(): Promise<Blob> {
    const { queue, photos, live } = this.opened;
    await Promise.all([queue.load(), photos.load()]);
    const unsent = new Set(this.opened.unsent().ops);
    const entries = queue.all().filter(e => unsent.has(e.op.id));
    const about = { device: this.device, login: live.who?.login ?? "", at: new Date().toISOString() };
    const { file, handover } = await exported(entries, photos, about);
    this.handover = handover;
    return file;
  }

  // mayLeave says whether nothing is unsent, or all of it is in the file that
  // was handed over.
  async mayLeave(handedOver: boolean): Promise<boolean> {
    await Promise.all([this.opened.queue.load(), this.opened.photos.load()]);
    const { ops, photos } = this.opened.unsent();
    if (ops.length + photos.length === 0) return true;
    const inFile =
      ops.every(id => this.handover.ops.has(id)) && photos.every(p => this.handover.photos.has(p));
    return handedOver && inFile;
  }

  end(): void {
    for (const url of this.urls.values()) URL.revokeObjectURL(url);
    this.urls.clear();
  }
}
