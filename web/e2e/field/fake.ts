// An engine in the page's memory, for the screens' tests: it does at once what
// the real one does durably, and sends nothing anywhere.
import type { Engine, FieldJob, FieldState, OpKind, PhotoKind, QueueItem } from "../../field/engine/index.ts";
import { Problem } from "../../shared/client.ts";
import { emptyState, jobsAt, messagesAt, queueAt } from "./day.ts";

const next: Partial<Record<OpKind, FieldJob["state"]>> = {
  "job.accept": "accepted",
  "job.depart": "departed",
  "job.arrive": "arrived",
  "job.pause": "paused",
  "job.complete": "done",
};

// The days that the tests look at.
export const scenes: Record<string, (now: number) => Partial<FieldState>> = {
  empty: () => ({}),
  busy: now => ({ jobs: jobsAt(now), messages: messagesAt(now), queue: queueAt(now, true) }),
  offline: now => ({
    jobs: jobsAt(now),
    messages: messagesAt(now),
    queue: queueAt(now, false),
    link: { state: "offline", since: now - 26 * 60_000 },
    waiting: 5,
    skewMs: 190_000,
    lease: { until: new Date(now + 9 * 3_600_000).toISOString() },
    storage: { usage: 1.9e9, quota: 2.1e9, low: true, full: false },
    photos: [
      {
        sha256: "a".repeat(64),
        job: "0190a000-0000-7000-8000-000000000612",
        kind: "before",
        bytes: 3_400_000,
        sent: 1_300_000,
        state: "waiting",
      },
    ],
  }),
  resuming: now => ({
    jobs: jobsAt(now),
    link: { state: "resuming", since: now - 40_000 },
    update: true,
    map: { state: "ready", bytes: 6.4e6, total: 6.4e6, at: new Date(now - 9e7).toISOString() },
  }),
  arriving: now => ({
    jobs: jobsAt(now),
    nearJob: {
      job: "0190a000-0000-7000-8000-000000000612",
      metres: 34,
      accuracy: 9,
      lat: 32.3251,
      lon: 34.8641,
    },
  }),
  out: () => ({ phase: "signed-out", me: null, crew: null }),
  "out-offline": now => ({
    phase: "signed-out",
    me: null,
    crew: null,
    link: { state: "offline", since: now - 60_000 },
  }),
  locked: now => ({ phase: "locked", waiting: 3, link: { state: "offline", since: now - 72 * 3_600_000 } }),
  revoked: () => ({ phase: "revoked", me: null, crew: null }),
  starting: () => ({ phase: "starting", me: null }),
};

export interface FakeEngine extends Engine {
  change(part: Partial<FieldState>): void;
  acts: { kind: OpKind; job: string | undefined; data: object }[];
}

const pixel = () =>
  new Promise<Blob>(done => {
    const canvas = document.createElement("canvas");
    canvas.width = 320;
    canvas.height = 240;
    const pen = canvas.getContext("2d")!;
    const sky = pen.createLinearGradient(0, 0, 0, 240);
    sky.addColorStop(0, "#8fb7d6");
    sky.addColorStop(0.6, "#d9d2c2");
    sky.addColorStop(1, "#6d6a63");
    pen.fillStyle = sky;
    pen.fillRect(0, 0, 320, 240);
    pen.fillStyle = "#3d3f42";
    pen.fillRect(150, 40, 10, 180);
    pen.fillRect(120, 36, 60, 10);
    canvas.toBlob(b => done(b!), "image/jpeg");
  });

export function fakeEngine(scene: string, now = Date.now()): FakeEngine {
  let current: FieldState = { ...emptyState(now), ...scenes[scene]?.(now) };
  const listeners = new Set<() => void>();
  const blobs = new Map<string, Blob>();
  const acts: FakeEngine["acts"] = [];
  let n = 0;
  const change = (part: Partial<FieldState>) => {
    current = { ...current, ...part };
    for (const f of listeners) f();
  };
  const edit = (id: string | undefined, f: (job: FieldJob) => FieldJob) =>
    change({ jobs: current.jobs.map(j => (j.id === id ? f(j) : j)) });
  const record = (id: string | undefined, f: (r: NonNullable<FieldJob["record"]>) => FieldJob["record"]) =>
    edit(id, j => ({ ...j, record: f(j.record ?? {}) }));

  const act: Engine["act"] = async (kind, job, data) => {
    acts.push({ kind, job, data });
    // biome-ignore lint/suspicious/noExplicitAny: what an op holds depends on its kind
    const d = data as Record<string, any>;
    const at = new Date().toISOString();
    const id = `op-${++n}`;
    const live = current.link.state === "live";
    const item: QueueItem = {
      id,
      kind,
      job,
      number: current.jobs.find(j => j.id === job)?.number,
      performed_at: at,
      state: live ? "done" : "waiting",
      ...(live ? { status: "applied" as const } : {}),
      data: d,
    };
    change({ queue: [...current.queue, item], waiting: current.waiting + (live ? 0 : 1) });
    const to = next[kind];
    if (to)
      edit(job, j => ({
        ...j,
        state: to,
        ...(to === "paused" ? { paused_from: j.state, reason: d.reason } : {}),
        ...(to === "arrived" ? { arrived_at: at } : {}),
        ...(to === "done" ? { ended_at: at } : {}),
      }));
    if (kind === "job.resume") edit(job, j => ({ ...j, state: j.paused_from ?? "accepted" }));
    if (kind === "job.decline") change({ jobs: current.jobs.filter(j => j.id !== job) });
    if (kind === "job.check")
      record(job, r => ({ ...r, checks: { ...r.checks, [d.code]: { value: d.value, at } } }));
    if (kind === "job.material")
      record(job, r => ({
        ...r,
        materials: { ...r.materials, [d.code]: (r.materials?.[d.code] ?? 0) + Number(d.add) },
      }));
    if (kind === "job.note")
      record(job, r => ({ ...r, notes: [...(r.notes ?? []), { id, text: d.text, at }] }));
    if (kind === "crew.duty" && current.crew) {
      const until = new Date(Date.now() + 8 * 3_600_000).toISOString();
      const state = String(d.state);
      change({
        crew: {
          ...current.crew,
          on_break: state === "break",
          on_until: state === "on" || state === "break" ? until : undefined,
          standby_until: state === "standby" ? until : undefined,
        } as FieldState["crew"],
      });
    }
    if (kind === "message.read")
      change({ messages: current.messages.map(m => (m.id === d.message ? { ...m, read_at: at } : m)) });
    return id;
  };

  const keep = async (file: Blob, job: string, kind: PhotoKind | "signature") => {
    const sha256 = String(++n).padStart(64, "0");
    blobs.set(sha256, file);
    const live = current.link.state === "live";
    change({
      photos: [
        ...current.photos,
        {
          sha256,
          job,
          kind,
          bytes: file.size,
          sent: live ? file.size : 0,
          state: live ? "stored" : "waiting",
        },
      ],
    });
    return sha256;
  };

  return {
    acts,
    change,
    state: () => current,
    subscribe: f => {
      listeners.add(f);
      return () => listeners.delete(f);
    },
    signIn: async (login, password) => {
      await new Promise(done => setTimeout(done, 50));
      if (current.link.state === "offline") throw new Problem(0, "offline", "");
      if (password === "wrong") throw new Problem(401, "unauthenticated", "");
      change({ ...emptyState(now), ...scenes.busy!(now), me: { name: login, login, lang: "he" } });
    },
    signOut: async opts => {
      if (current.waiting > 0 && !opts?.handedOver) return "refused";
      change({ ...scenes.out!(now), waiting: 0 });
      return "done";
    },
    act,
    addPhoto: async (job, kind, file) => {
      const sha256 = await keep(file, job, kind);
      const at = new Date().toISOString();
      record(job, r => ({ ...r, photos: [...(r.photos ?? []), { sha256, kind, at }] }));
      return sha256;
    },
    addSignature: async (job, png, name) => {
      const sha256 = await keep(png, job, "signature");
      record(job, r => ({ ...r, signature: { op: sha256, sha256, name, at: new Date().toISOString() } }));
      return sha256;
    },
    keepPhoto: file => keep(file, "", "other"),
    photoUrl: async sha256 => URL.createObjectURL(blobs.get(sha256) ?? (await pixel())),
    syncNow: () => {},
    exportQueue: async () => new Blob([JSON.stringify({ ops: current.queue })], { type: "application/json" }),
    downloadMap: async (onProgress, signal) => {
      for (let done = 0; done <= 6.4e6; done += 1.6e6) {
        onProgress(done, 6.4e6);
        await new Promise(go => setTimeout(go, 300));
        if (signal.aborted) throw new DOMException("", "AbortError");
      }
      change({ map: { state: "ready", bytes: 6.4e6, total: 6.4e6, at: new Date().toISOString() } });
    },
    removeMap: async () => change({ map: { state: "none", bytes: 0, total: 6.4e6 } }),
    mapSource: async () => null,
    applyUpdate: () => change({ update: false }),
    stop: () => {},
  };
}
