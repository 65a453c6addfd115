import Dexie, { type Table } from "dexie";
import type { ID } from "../../shared/api.ts";
import { closed } from "./work.ts";

// A box is the database of one person on this device. What is personal in it
// is sealed by the box's vault; the columns in the clear are numbers, ids and
// states. Bytes are ArrayBuffers: Blobs in IndexedDB fail on iOS.

// OpRow is an op in the queue. n is the device's order. shape is how data is
// written, for builds to come. at is when it got its verdict.
export interface OpRow {
  n?: number;
  id: ID;
  state: "waiting" | "done";
  shape: number;
  at: number;
  sealed: ArrayBuffer;
}

// PhotoRow is a photo whose bytes are in pieces here until the server holds
// them. sent is how many the server said that it has. op is the op that names
// it, or "" as long as none does.
export interface PhotoRow {
  sha256: string;
  state: "waiting" | "stored" | "refused";
  op: ID;
  bytes: number;
  sent: number;
  at: number;
  sealed: ArrayBuffer;
}

export interface PieceRow {
  sha256: string;
  i: number;
  sealed: ArrayBuffer;
}

// ThumbRow is the small picture of a photo.
export interface ThumbRow {
  sha256: string;
  at: number;
  sealed: ArrayBuffer;
}

// FixRow is a position that is yet to be told.
export interface FixRow {
  n?: number;
  at: number;
  sealed: ArrayBuffer;
}

// Box is the schema. A version that has been released is never edited: a new
// one is added after it, and an op of any version stays an op.
export class Box extends Dexie {
  keys!: Table<{ name: string; key: CryptoKey }, string>;
  facts!: Table<{ name: string; value: unknown }, string>;
  sealed!: Table<{ name: string; sealed: ArrayBuffer }, string>;
  ops!: Table<OpRow, number>;
  photos!: Table<PhotoRow, string>;
  pieces!: Table<PieceRow, [string, number]>;
  thumbs!: Table<ThumbRow, string>;
  fixes!: Table<FixRow, number>;
  ballast!: Table<{ name: string; bytes: ArrayBuffer }, string>;

  // named is the name of a person's box.
  static named(authority: string, person: ID): string {
    return `moked-field-${authority}-${person}`;
  }

  constructor(name: string) {
    // strict: what is committed is on the disk, not in a cache that a dead
    // battery empties.
    super(name, { chromeTransactionDurability: "strict" });
    this.version(1).stores({
      keys: "name",
      facts: "name",
      sealed: "name",
      ops: "++n, &id, state",
      photos: "sha256, state, op",
      pieces: "[sha256+i]",
      thumbs: "sha256",
      fixes: "++n",
      ballast: "name",
    });
  }

  // ended says that this page has let go of the box for good.
  ended = false;

  end(): void {
    this.ended = true;
    this.close();
  }

  async fact<T>(name: string): Promise<T | undefined> {
    return (await again(this, () => this.facts.get(name)))?.value as T | undefined;
  }

  async setFact(name: string, value: unknown): Promise<void> {
    if (value === undefined) await again(this, () => this.facts.delete(name));
    else await again(this, () => this.facts.put({ name, value }));
  }
}

// again does what needs the database, and does it again where the browser has
// dropped the connection, as iOS does to pages in the background. A box that was
// let go of is never opened again by what was still under way.
export async function again<T>(db: Box, f: () => PromiseLike<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await f();
    } catch (err) {
      if (tries >= 3 || db.ended || Dexie.currentTransaction || !dropped(err)) throw err;
      db.close({ disableAutoOpen: false });
      await new Promise(done => setTimeout(done, 50 * 2 ** tries));
      await db.open();
    }
  }
}

function dropped(err: unknown): boolean {
  return closed(err) || (err as Error)?.name === "UnknownError";
}

// full says that the disk or the browser's share of it is used up.
export function full(err: unknown): boolean {
  const names = [(err as Error)?.name, (err as { inner?: Error })?.inner?.name];
  return names.includes("QuotaExceededError");
}
