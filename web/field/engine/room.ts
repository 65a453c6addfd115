import { again, type Box, full } from "./box.ts";
import type { FieldState } from "./seam.ts";
import type { Work } from "./work.ts";

const lowShare = 0.15;
const lowBytes = 200e6;
// With less than this left no photo is taken on; ops still are.
const fullBytes = 25e6;
// What is held back so that ops can be written on a full disk.
const ballastBytes = 1 << 20;

export type Storage = FieldState["storage"];

// Room watches how much space is left, and keeps a reserve: a record of random
// bytes that is let go when the disk is full, so that what was done can still
// be written down.
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
    const refused = Date.now() - this.refusedAt < 60_000;
    const storage = {
      usage,
      quota,
      low: refused || (known && (left < lowBytes || left < quota * lowShare)),
      full: refused || (known && left < fullBytes),
    };
    if (!storage.full) await this.lay().catch(() => {});
    this.say(storage);
    return storage;
  }

  private async lay(): Promise<void> {
    if (await this.box.ballast.get("reserve")) return;
    const bytes = new Uint8Array(ballastBytes);
    for (let i = 0; i < bytes.length; i += 65536) crypto.getRandomValues(bytes.subarray(i, i + 65536));
    await this.box.ballast.put({ name: "reserve", bytes: bytes.buffer });
  }

  // insist writes what must be written: where the space is used up, the
  // reserve is given for it.
  async insist<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (err) {
      if (!full(err)) throw err;
      this.refusedAt = Date.now();
      await again(this.box, () => this.box.ballast.clear());
      this.work.do(() => this.measure());
      return write();
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
