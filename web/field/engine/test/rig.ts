// The ground that the engine's tests stand on: a browser's databases in memory
// and a server that keeps what it is told, either of which can be cut off at
// any step.
import Dexie from "dexie";
import {
  IDBFactory,
  IDBKeyRange,
  IDBDatabase as MemoryDatabase,
  IDBObjectStore as MemoryStore,
} from "fake-indexeddb";
import { vi } from "vitest";
import type { Closure, Crew, Job } from "../../../shared/api.ts";
import { ahead, type Op } from "../ahead.ts";
import { createEngine } from "../engine.ts";
import { hashOf } from "../ids.ts";
import type { Engine, FieldJob, FieldState } from "../seam.ts";

export const me = "00000000-0000-7000-8000-00000000000c";

export function jobOf(n: number, state: Job["state"] = "assigned"): FieldJob {
  return {
    id: `00000000-0000-7000-8000-00000000000${n}`,
    number: `26-${n}`,
    version: 1,
    state,
    incident: "i",
    crew: me,
    department: "electricity",
    category: "street-light-out",
    priority: 3,
    text: "",
    place: {
      ...{ lat: 32.3, lon: 34.85 + n / 100, precision: "house", score: 1, label: "", district: null },
      neighbourhood: null,
    },
    due_at: null,
    created_at: "2026-01-01T00:00:00Z",
  } as unknown as FieldJob;
}

// Dead is thrown where the page was killed.
class Dead extends Error {}

// World is one device and one server. die says at which step the page is
// killed; steps counts them: each transaction, and each request's way there
// and back.
export class World {
  jobs = new Map<string, FieldJob>([1, 2, 3].map(n => [jobOf(n).id, jobOf(n)]));
  crew: Crew = {
    ...{ id: me, version: 1, code: "ח1", name: "חשמל 1", kind: "crew", departments: [], skills: [] },
  } as unknown as Crew;
  // ops is what the server took, once each, in order.
  ops: Op[] = [];
  results = new Map<string, { id: string; status: string; reason: string; text: string }>();
  photos = new Map<string, { bytes: Uint8Array; stored: boolean }>();
  positions: { at: string; lat: number }[] = [];
  sessions = 0;
  signedIn = false;
  // secret is the device's; without it nothing gets a lost cookie back.
  secret = "";
  // device is what the server calls the device, where not by its own id.
  device = "";
  asked: string[] = [];
  revoked = false;
  wiped = 0;
  online = true;
  closures: Closure[] = [];
  skew = 0;
  requests: string[] = [];
  // spoil changes an answer, for servers that misbehave.
  spoil: ((path: string, init: RequestInit) => Response | undefined) | undefined;
  // lose names requests whose answer never comes back, once each.
  lose: RegExp[] = [];
  seq = 10;

  // disk is how many bytes it still takes.
  disk = Number.POSITIVE_INFINITY;

  // Pages that were killed never touch the disk again.
  page = 0;
  pages = new WeakMap<object, number>();

  steps = 0;
  die = Number.POSITIVE_INFINITY;
  dead = false;

  step(): void {
    if (this.dead) throw new Dead();
    if (++this.steps >= this.die) {
      this.dead = true;
      throw new Dead();
    }
  }

  // fetch is the network. After a kill nothing comes back.
  fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const path = String(input).replace(/^.*\/api\/v1/, "");
    try {
      this.step();
      if (!this.online) throw new TypeError("no network");
      const method = init.method ?? "GET";
      this.requests.push(`${method} ${path}`);
      const lost = this.lose.findIndex(r => r.test(`${method} ${path}`));
      const answer = this.spoil?.(path, init) ?? (await this.answer(method, path, init));
      if (lost >= 0) {
        this.lose.splice(lost, 1);
        throw new TypeError("the answer was lost");
      }
      this.step();
      return answer;
    } catch (err) {
      if (err instanceof Dead) return new Promise(() => {});
      throw err;
    }
  };

  private async answer(method: string, path: string, init: RequestInit): Promise<Response> {
    const body = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    if (path === "/session/wiped") {
      this.wiped++;
      return new Response(null, { status: 204 });
    }
    if (path === "/session" && method === "POST") {
      if (body.password !== "right") return problem(401, "unauthenticated");
      this.sessions++;
      this.asked.push(body.device.id);
      const device = this.device || body.device.id;
      this.signedIn = true;
      this.secret = `secret ${this.sessions}`;
      return json({ ...this.session(body.login), secret: this.secret, device: { id: device } });
    }
    if (path === "/session/resume" && !this.revoked) {
      if (body.secret !== this.secret) return problem(401, "unauthenticated");
      this.signedIn = true;
      return json(this.session("crew"));
    }
    if (this.revoked) return problem(401, "device-revoked");
    if (!this.signedIn) return problem(401, "unauthenticated");
    if (path === "/session" && method === "DELETE") {
      this.signedIn = false;
      return new Response(null, { status: 204 });
    }
    if (path === "/session") return json(this.session("crew"));
    if (path === "/snapshot") {
      return json({
        ...{ seq: this.seq, log: "L", at: new Date().toISOString(), incidents: [], operations: [] },
        ...{
          jobs: [...this.jobs.values()].filter(j => j.state !== "done"),
          crews: [this.crew],
          messages: [],
        },
      });
    }
    if (path === "/closures") return json({ closures: this.closures });
    if (path === "/categories") return json({ departments: [], categories: [] });
    if (path === "/sync") return json(this.sync(body));
    if (path === "/positions") {
      this.positions.push(...body.positions);
      return json({ accepted: body.positions.length });
    }
    if (path.startsWith("/photos/")) return this.photo(method, path.slice(8), init);
    return problem(404, "not-found");
  }

  private session(login: string) {
    const actor = { authority: "netanya", role: "crew", id: `u-${login}`, name: login, crew: me, lang: "he" };
    return { actor, authority: { code: "netanya" } };
  }

  private sync(body: { ops: Op[]; sent_at: string }) {
    const results = body.ops.slice(0, 500).map(op => {
      const known = this.results.get(op.id);
      if (known) return known;
      this.ops.push(op);
      const job = op.job && this.jobs.get(op.job);
      const result = { id: op.id, status: "applied", reason: "", text: "" };
      this.results.set(op.id, result);
      if (!job) return result;
      const after = { ...ahead(job, op, op.performed_at), version: job.version + 1 };
      this.jobs.set(job.id, after);
      this.seq++;
      return { ...result, job: after };
    });
    const at = new Date();
    return {
      results,
      events: [],
      seq: this.seq,
      more: false,
      received_at: at.toISOString(),
      skew_ms: this.skew,
    };
  }

  private async photo(method: string, sha256: string, init: RequestInit): Promise<Response> {
    const known = this.photos.get(sha256);
    if (method === "HEAD") {
      if (!known) return new Response(null, { status: 404 });
      return new Response(null, { headers: { "Upload-Offset": String(known.bytes.length) } });
    }
    if (known?.stored) return json({ sha256, stored: true }, 200);
    const [, from, total] = /bytes (\d+)-\d+\/(\d+)/.exec(new Headers(init.headers).get("Content-Range")!)!;
    const has = known?.bytes ?? new Uint8Array();
    const at = (n: number) => ({ "Upload-Offset": String(n) });
    if (Number(from) !== has.length) return new Response("{}", { status: 409, headers: at(has.length) });
    const piece = new Uint8Array(init.body as ArrayBuffer);
    const bytes = new Uint8Array(has.length + piece.length);
    bytes.set(has);
    bytes.set(piece, has.length);
    this.photos.set(sha256, { bytes, stored: false });
    if (bytes.length < Number(total)) return new Response(null, { status: 202, headers: at(bytes.length) });
    if ((await hashOf(bytes)) !== sha256) {
      this.photos.delete(sha256);
      return problem(422, "hash-mismatch");
    }
    this.photos.set(sha256, { bytes, stored: true });
    return json({ sha256, bytes: bytes.length, stored: true }, 201);
  }
}

export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status });
}

export function problem(status: number, code: string): Response {
  return json({ status, code, detail: code }, status);
}

// stand puts the world under the engine, and takes away what a test left.
export function stand(world: World): () => void {
  Dexie.dependencies = { indexedDB: new IDBFactory(), IDBKeyRange };
  const begin = MemoryDatabase.prototype.transaction;
  MemoryDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof begin>) {
    const page = world.pages.get(this) ?? world.page;
    world.pages.set(this, page);
    if (page !== world.page) throw new Dead();
    world.step();
    return begin.apply(this, args);
  } as typeof begin;
  const { put, add, delete: drop } = MemoryStore.prototype;
  const bounded = (write: typeof put) =>
    function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
      if (world.disk < weight(args[0])) throw new DOMException("the disk is full", "QuotaExceededError");
      world.disk -= weight(args[0]);
      return write.apply(this, args);
    } as typeof put;
  MemoryStore.prototype.put = bounded(put);
  MemoryStore.prototype.add = bounded(add);
  MemoryStore.prototype.delete = function (this: IDBObjectStore, ...args: Parameters<typeof drop>) {
    if (this.name === "ballast") world.disk += 4 << 20;
    return drop.apply(this, args);
  } as typeof drop;
  vi.stubGlobal("indexedDB", Dexie.dependencies.indexedDB);
  vi.stubGlobal("fetch", world.fetch);
  vi.stubGlobal("BroadcastChannel", undefined);
  vi.stubGlobal(
    "WebSocket",
    class {
      close() {}
    },
  );
  vi.stubGlobal("window", { addEventListener() {}, removeEventListener() {} });
  vi.stubGlobal("location", { href: "https://city.example/field" });
  vi.stubGlobal("requestAnimationFrame", (f: () => void) => setTimeout(f, 1));
  vi.stubGlobal("document", { hidden: false, addEventListener() {}, removeEventListener() {} });
  vi.stubGlobal("navigator", { onLine: true });
  return () => {
    MemoryDatabase.prototype.transaction = begin;
    MemoryStore.prototype.put = put;
    MemoryStore.prototype.add = add;
    MemoryStore.prototype.delete = drop;
    vi.unstubAllGlobals();
  };
}

// weight is what a record takes on the disk.
function weight(record: unknown): number {
  const bytes = Object.values(record as object).filter(v => v instanceof ArrayBuffer);
  return bytes.reduce((sum, b) => sum + b.byteLength, 100);
}

// until waits for the engine to be so.
export async function until(
  engine: Engine,
  is: (s: FieldState) => boolean,
  what = String(is),
): Promise<void> {
  const end = Date.now() + 8000;
  while (!is(engine.state())) {
    if (Date.now() > end) throw new Error(`never: ${what}; ${JSON.stringify(engine.state()).slice(0, 600)}`);
    await new Promise(done => setTimeout(done, 2));
  }
}

// born starts the engine on the world's device.
export async function born(world: World): Promise<Engine> {
  world.page++;
  world.dead = false;
  world.die = Number.POSITIVE_INFINITY;
  const engine = createEngine({ app: "1.0.0", device: "test" });
  await until(engine, s => s.phase !== "starting");
  return engine;
}

export async function signedIn(world: World): Promise<Engine> {
  const engine = await born(world);
  await engine.signIn("crew", "right");
  await until(engine, s => s.phase === "ready" && s.jobs.length === 3);
  return engine;
}

const pictures = new Map<string, Blob>();

// picture is a photo of so many kilobytes, another for each seed.
export function picture(kilobytes: number, seed = 1): Blob {
  const name = `${kilobytes}/${seed}`;
  let made = pictures.get(name);
  if (!made) {
    const bytes = new Uint8Array(kilobytes * 1024);
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * seed) ^ (i >> 8);
    made = new Blob([bytes], { type: "image/jpeg" });
    pictures.set(name, made);
  }
  return made;
}
