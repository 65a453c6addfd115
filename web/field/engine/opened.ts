import { Box } from "./box.ts";
import { Lease } from "./lease.ts";
import { Live } from "./live.ts";
import { DistrictMap } from "./map.ts";
import { Photos } from "./photos.ts";
import { Queue } from "./queue.ts";
import { Room, type Storage } from "./room.ts";
import type { FieldState } from "./seam.ts";
import { Vault } from "./vault.ts";
import { Track } from "./whereabouts.ts";
import { Work } from "./work.ts";

export interface Tells {
  changed: () => void;
  storage: (storage: Storage) => void;
  map: (map: FieldState["map"]) => void;
  trouble: (err: unknown) => void;
  // outdated is another tab with a newer schema, or one that deletes the box.
  outdated: () => void;
}

// Opened is a person's box with all that works on it, which ends with it.
export class Opened {
  readonly work = new Work();
  readonly queue: Queue;
  readonly photos: Photos;
  readonly live: Live;
  readonly lease: Lease;
  readonly room: Room;
  readonly track: Track;
  readonly map: DistrictMap;

  private constructor(
    readonly box: Box,
    vault: Vault,
    tells: Tells,
  ) {
    this.queue = new Queue(box, vault);
    this.photos = new Photos(box, vault);
    this.live = new Live(box, vault, this.work, tells.changed);
    this.lease = new Lease(box);
    this.room = new Room(box, this.work, tells.storage);
    this.track = new Track(box, vault);
    const district = () => this.live.district();
    this.map = new DistrictMap(box, this.work, district, tells.map, tells.trouble);
    box.on("versionchange", () => {
      this.close();
      tells.outdated();
    });
  }

  static async of(name: string, now: number, tells: Tells): Promise<Opened> {
    const box = new Box(name);
    await box.open();
    const opened = new Opened(box, await Vault.of(box), tells);
    await Promise.all([
      opened.queue.load(),
      opened.photos.load(),
      opened.live.load(),
      opened.lease.load(now),
      opened.map.load(),
    ]);
    return opened;
  }

  // unsent is what the server hasn't acknowledged: ops, and photos that an op
  // names.
  unsent(): { ops: string[]; photos: string[] } {
    const aside = this.queue.all().filter(e => e.state === "done" && e.result?.reason === "unreadable");
    return {
      ops: [...this.queue.waiting(), ...aside].map(e => e.op.id),
      photos: this.photos
        .all()
        .filter(p => p.op !== "" && p.state !== "stored")
        .map(p => p.sha256),
    };
  }

  // tidy forgets what is long over.
  async tidy(now: number): Promise<void> {
    await this.queue.prune(now);
    const open = new Set(this.queue.waiting().map(e => e.op.id));
    await this.photos.release(op => !open.has(op), now);
  }

  close(): void {
    this.work.end();
    this.live.stop();
    this.box.end();
  }
}
