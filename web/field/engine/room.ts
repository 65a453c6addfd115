import { again, type Box, full } from "./box.ts";
import type { FieldState } from "./seam.ts";
import type { Work } from "./work.ts";

const lowShare = 0.15;
const lowBytes = 200e6;
// With less than this left no photo is taken on; ops still are.
const fullBytes = 25e6;
// What is held back: so many pieces. As long as all of them can be laid there is
// room; photos may use all but the last, and that one is for ops alone.
const pieces = 6;
const pieceBytes = 4 << 20;

export type Storage = FieldState["storage"];

// Room watches how much space is left, and keeps a reserve of random bytes that
// is let go when the disk is full. What a browser estimates is a hint: some
// say the same however full the disk is. That the reserve can't be laid is sure.
export class Room {
  private refusedAt = 0;

  constructor(
    private box: Box,
    private work: Work,
    private say: (storage: Storage) => void,
  ) {}

  // measure asks the browser, and lays the reserve again where there is space.
  async measure(): Promise<Storage> {
    const { usage = 0, quota = 0 } = (await globalThis.navigator?.storage?.estimate?.()) ?? {};
    const left = quota - usage;
    const known = quota > 0;
    const laid = await this.lay();
    const storage = {
      usage,
      quota,
      low: laid < pieces || (known && (left < lowBytes || left < quota * lowShare)),
      full: laid <= 1 || (known && left < fullBytes),
    };
    this.say(storage);
    return storage;
  }

  // lay says how many pieces there are. One that was refused isn't tried again
  // for a minute.
  private async lay(): Promise<number> {
    const have = new Set(await this.laid());
    if (have.size === pieces || Date.now() - this.refusedAt < 60_000) return have.size;
    const bytes = new Uint8Array(pieceBytes);
    for (let i = 0; i < bytes.length; i += 65536) crypto.getRandomValues(bytes.subarray(i, i + 65536));
    for (let i = 0; i < pieces; i++) {
      const name = String(i);
      if (have.has(name)) continue;
      try {
        await again(this.box, () => this.box.ballast.put({ name, bytes: bytes.buffer }));
        have.add(name);
      } catch (err) {
        if (!full(err)) throw err;
        this.refusedAt = Date.now();
        break;
      }
    }
    return have.size;
  }

  private laid(): Promise<string[]> {
    return again(this.box, () => this.box.ballast.toCollection().primaryKeys());
  }

  // insist writes what must be written: where the space is used up, as much of
  // the reserve is given for it as it needs. photo is a photo's size; an op
  // needs little, and gets the last piece too.
  async insist<T>(write: () => Promise<T>, photo = 0): Promise<T> {
    for (;;) {
      try {
        return await write();
      } catch (err) {
        if (!full(err)) throw err;
        this.refusedAt = Date.now();
        const laid = await this.laid();
        const spare = laid.slice(photo > 0 ? 1 : 0, Math.ceil(photo / pieceBytes) + 1);
        if (spare.length === 0 || spare.length * pieceBytes < photo) throw err;
        await again(this.box, () => this.box.ballast.bulkDelete(spare));
        this.work.do(() => this.measure());
      }
    }
  }

  // spent notes that the browser refused to write.
  spent(): void {
    this.refusedAt = Date.now();
    this.work.do(() => this.measure());
  }
}

// persist asks the browser not to clear this page's data when space runs out.
export async function persist(): Promise<void> {
  await globalThis.navigator?.storage?.persist?.().catch(() => false);
}
