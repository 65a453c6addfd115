import type { Entry as FeedEntry, ID, Job, Time } from "../../shared/api.ts";
import { call, Problem } from "../../shared/client.ts";
import { aside, type Entry, type Queue, type Result } from "./queue.ts";

// Answer is what POST /sync says.
export interface Answer {
  results: (Result & { job?: Job })[];
  events?: FeedEntry[];
  seq: number;
  more: boolean;
  received_at: Time;
  skew_ms: number;
}

const most = 100;
const mostBytes = 256 * 1024;

export interface Hooks {
  // since is what to ask news from, or nothing while the feed brings them.
  since: () => { since?: number; log?: string };
  sending: (ids: ReadonlySet<ID>) => void;
  // answered takes the news and the jobs of an answer, after its verdicts were
  // written down.
  answered: (answer: Answer) => void;
  now: () => number;
}

// drain sends what waits, in order, until nothing does. It asks at least once
// where asked is set. A verdict is written down before the next batch goes; a
// batch whose answer is lost is sent again, with the same ids.
export async function drain(queue: Queue, hooks: Hooks, asked: boolean): Promise<void> {
  let limit = most;
  await queue.load();
  for (;;) {
    const batch = cut(queue.waiting(), limit);
    if (batch.length === 0 && !asked) return;
    hooks.sending(new Set(batch.map(e => e.op.id)));
    try {
      const answer = await send(batch, hooks);
      await queue.settle(answer.results, hooks.now());
      hooks.answered(answer);
      limit = most;
      asked = answer.more && !!answer.events?.length;
      if (batch.length > 0 && answer.results.length === 0) throw new Problem(0, "unavailable", "");
    } catch (err) {
      if (!unreadable(err) || batch.length === 0) throw err;
      // Something in the batch can't be read. Halving finds it, so that one op
      // never holds up those after it.
      if (batch.length > 1) limit = Math.ceil(batch.length / 2);
      else await setAside(queue, batch[0]!, err as Problem, hooks.now());
    } finally {
      hooks.sending(new Set());
    }
    await queue.load();
  }
}

function send(batch: Entry[], { since, now }: Hooks): Promise<Answer> {
  const body = { ...since(), sent_at: new Date(now()).toISOString(), ops: batch.map(e => e.op) };
  return call<Answer>("/sync", { body });
}

function cut(waiting: Entry[], limit: number): Entry[] {
  let bytes = 0;
  const batch: Entry[] = [];
  for (const e of waiting.slice(0, limit)) {
    bytes += JSON.stringify(e.op).length * 2;
    if (batch.length > 0 && bytes > mostBytes) break;
    batch.push(e);
  }
  return batch;
}

function unreadable(err: unknown): boolean {
  return err instanceof Problem && [400, 413, 422].includes(err.status);
}

function setAside(queue: Queue, e: Entry, err: Problem, now: number): Promise<void> {
  return queue.settle([{ id: e.op.id, status: "refused", reason: aside, text: err.detail }], now);
}
