import type { ID } from "../../shared/api.ts";
import type { Op } from "./ahead.ts";
import { again, type Box, type OpRow } from "./box.ts";
import type { QueueItem, Verdict } from "./seam.ts";
import type { Vault } from "./vault.ts";

// Result is the server's verdict on an op.
export interface Result {
  id: ID;
  status: Verdict;
  reason?: string;
  text?: string;
}

// Entry is an op in the queue with all that is known of it. number is the
// job's, as it was when the op was done.
export interface Entry {
  n: number;
  op: Op;
  number?: string;
  state: OpRow["state"];
  at: number;
  result?: Result;
}

type Sealed = Omit<Entry, "n" | "state" | "at">;

// shape is how this build writes an op.
const shape = 1;
// What got its verdict is shown for so long.
const kept = 24 * 3_600_000;

// Queue is what was done here, in the order in which it was done. An op is on
// the disk before put resolves, and leaves only a day after its verdict: the
// page may be killed at any await here and nothing is lost, nor, as its id
// stays, done twice.
export class Queue {
  private entries: Entry[] = [];
  private writing: Entry[] = [];
  private shown = new WeakMap<Entry, QueueItem>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private box: Box,
    private vault: Vault,
  ) {}

  // load reads what other tabs wrote. Entries that it knows in the same state
  // are not opened again.
  async load(): Promise<void> {
    const rows = await again(this.box, () => this.box.ops.orderBy("n").toArray());
    const known = new Map(this.entries.map(e => [e.n, e]));
    const read = await Promise.all(
      rows.map(async row => {
        const was = known.get(row.n!);
        if (was && was.state === row.state) return was;
        // A row that can't be opened stays where it is and holds nothing up.
        const sealed = await this.vault.openJSON<Sealed>(row.sealed, `op/${row.id}`).catch(() => undefined);
        return sealed && { ...sealed, n: row.n!, state: row.state, at: row.at };
      }),
    );
    this.entries = read.filter(e => e !== undefined);
  }

  // put writes an op, after those put before it. also is what must be written
  // in the same transaction or not at all.
  put(op: Op, number?: string, also?: { write: () => PromiseLike<unknown> }): Promise<Entry> {
    const entry: Entry = { n: Number.NaN, op, number, state: "waiting", at: 0 };
    if (!also) this.writing.push(entry);
    const done = this.turn
      .then(() => this.write(entry, also))
      .finally(() => {
        this.writing = this.writing.filter(e => e !== entry);
      });
    this.turn = done.catch(() => {});
    return done;
  }

  private async write(entry: Entry, also?: { write: () => PromiseLike<unknown> }): Promise<Entry> {
    const { op, number } = entry;
    const sealed = await this.vault.sealJSON({ op, number } satisfies Sealed, `op/${op.id}`);
    const row: OpRow = { id: op.id, state: "waiting", shape, at: 0, sealed };
    const tables = also ? [this.box.ops, this.box.photos, this.box.pieces, this.box.thumbs] : [this.box.ops];
    entry.n = await again(this.box, () =>
      this.box.transaction("rw", tables, async () => {
        await also?.write();
        return this.box.ops.add(row);
      }),
    );
    this.entries = [...this.entries.filter(e => e.n !== entry.n), entry].sort((a, b) => a.n - b.n);
    return entry;
  }

  // waiting is what has no verdict yet, in order.
  waiting(): Entry[] {
    return this.entries.filter(e => e.state === "waiting");
  }

  // shows is what waits, and after it what is on its way to the disk: what the
  // screens show as done. It goes from them if the disk refuses it. An op whose
  // transaction writes more than itself shows only when it is written.
  shows(): Entry[] {
    const waiting = this.waiting();
    const there = new Set(waiting.map(e => e.op.id));
    return [...waiting, ...this.writing.filter(e => !there.has(e.op.id))];
  }

  all(): Entry[] {
    return this.entries;
  }

  // settle writes verdicts down. What isn't in the queue, or has a verdict, is
  // passed over.
  async settle(results: Result[], now: number): Promise<void> {
    const verdicts = new Map(results.map(r => [r.id, r]));
    const settled: Entry[] = [];
    for (const e of this.entries) {
      const result = verdicts.get(e.op.id);
      if (!result || e.state === "done") continue;
      const { id, status, reason, text } = result;
      settled.push({ ...e, state: "done", at: now, result: { id, status, reason, text } });
    }
    const rows = await Promise.all(
      settled.map(async ({ n, op, number, result, at }): Promise<OpRow> => {
        const sealed = await this.vault.sealJSON({ op, number, result } satisfies Sealed, `op/${op.id}`);
        return { n, id: op.id, state: "done", shape, at, sealed };
      }),
    );
    await again(this.box, () => this.box.ops.bulkPut(rows));
    const by = new Map(settled.map(e => [e.n, e]));
    this.entries = this.entries.map(e => by.get(e.n) ?? e);
  }

  // prune forgets verdicts of more than a day ago; what was refused without
  // the server having stored it stays.
  async prune(now: number): Promise<void> {
    const old = this.entries.filter(
      e => e.state === "done" && now - e.at > kept && e.result?.reason !== aside,
    );
    if (old.length === 0) return;
    await again(this.box, () => this.box.ops.bulkDelete(old.map(e => e.n)));
    const gone = new Set(old.map(e => e.n));
    this.entries = this.entries.filter(e => !gone.has(e.n));
  }

  // items is the queue as it is shown. What hasn't changed stays the same object.
  items(sending: ReadonlySet<ID>): QueueItem[] {
    return this.entries.map(e => {
      const state = e.state === "waiting" && sending.has(e.op.id) ? "sending" : e.state;
      const was = this.shown.get(e);
      if (was?.state === state) return was;
      const { op, number, result } = e;
      const item: QueueItem = {
        ...{
          id: op.id,
          kind: op.kind,
          job: op.job,
          number,
          performed_at: op.performed_at,
          data: op.data,
          state,
        },
        ...(result && { status: result.status, reason: result.reason, text: result.text }),
      };
      this.shown.set(e, item);
      return item;
    });
  }
}

// aside is the reason of an op whose very request the server, or something
// before it, refuses to read. It is set aside so that the next ones get
// through, and stays until it was handed over.
export const aside = "unreadable";
