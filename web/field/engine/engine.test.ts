import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Closure } from "../../shared/api.ts";
import { Box } from "./box.ts";
import type { Engine } from "./seam.ts";
import { born, jobOf, json, picture, problem, signedIn, stand, until, World } from "./test/rig.ts";

let world: World;
let leave: () => void;
let engine: Engine;

beforeEach(() => {
  world = new World();
  leave = stand(world);
});

afterEach(() => {
  engine?.stop();
  leave();
});

const job = jobOf(1).id;
const sent = () => until(engine, s => s.waiting === 0, "all is sent");

describe("the tablet", () => {
  it("shows what was done before the server has heard of it", async () => {
    engine = await signedIn(world);
    await sent();
    world.online = false;
    await engine.act("job.accept", job, {});
    await engine.act("job.check", job, { code: "power", value: true });
    expect(engine.state().jobs.find(j => j.id === job)).toMatchObject({
      state: "accepted",
      version: 1,
      record: { checks: { power: { value: true } } },
    });
    expect(engine.state()).toMatchObject({ waiting: 2 });
    expect(engine.state().queue.map(q => [q.kind, q.number])).toEqual([
      ["job.accept", "26-1"],
      ["job.check", "26-1"],
    ]);
    world.online = true;
    engine.syncNow();
    await sent();
    expect(world.ops.map(op => op.kind)).toEqual(["job.accept", "job.check"]);
    expect(engine.state().queue.every(q => q.state === "done" && q.status === "applied")).toBe(true);
    expect(engine.state().jobs.find(j => j.id === job)).toMatchObject({ state: "accepted", version: 3 });
  });

  it("shows an op while it is being written, and takes it back if it can't be", async () => {
    engine = await signedIn(world);
    await sent();
    world.online = false;
    const state = () => engine.state().jobs.find(j => j.id === job)?.state;
    const accepted = engine.act("job.accept", job, {});
    expect([state(), engine.state().waiting]).toEqual(["accepted", 0]);
    await accepted;
    expect([state(), engine.state().waiting]).toEqual(["accepted", 1]);
    vi.spyOn(crypto.subtle, "encrypt").mockRejectedValueOnce(new DOMException("no more", "OperationError"));
    const departed = engine.act("job.depart", job, {});
    expect(state()).toBe("departed");
    await expect(departed).rejects.toThrow("no more");
    expect([state(), engine.state().waiting]).toEqual(["accepted", 1]);
    vi.restoreAllMocks();
    await engine.act("job.depart", job, {});
    expect([state(), engine.state().waiting]).toEqual(["departed", 2]);
  });

  it("opens from cold without a network, with what waits", async () => {
    engine = await signedIn(world);
    await engine.act("job.accept", job, {});
    await sent();
    world.online = false;
    await engine.act("job.depart", job, {});
    await new Promise(done => setTimeout(done, 900));
    engine.stop();
    engine = await born(world);
    expect(engine.state()).toMatchObject({ phase: "ready", waiting: 1, me: { login: "crew" } });
    expect(engine.state().jobs.find(j => j.id === job)?.state).toBe("departed");
  });

  it("knows the closed roads, also without a network", async () => {
    const shut = {
      id: "c1",
      reason: "קו מים",
      lines: [],
      from: "2026-01-01T00:00:00Z",
    } as unknown as Closure;
    world.closures = [shut];
    engine = await signedIn(world);
    await until(engine, s => s.closures.length === 1);
    world.online = false;
    await new Promise(done => setTimeout(done, 100));
    engine.stop();
    engine = await born(world);
    expect(engine.state().closures).toEqual([shut]);
  });

  it("puts the day's ended jobs last", async () => {
    engine = await signedIn(world);
    await engine.act("job.complete", job, {});
    await sent();
    expect(engine.state().jobs.map(j => [j.number, j.state])).toEqual([
      ["26-2", "assigned"],
      ["26-3", "assigned"],
      ["26-1", "done"],
    ]);
  });

  it("sends photos in pieces and lets the bytes go only then", async () => {
    engine = await signedIn(world);
    const file = picture(1200);
    const sha256 = await engine.addPhoto(job, "after", file, "הפנס דולק");
    expect(engine.state().jobs.find(j => j.id === job)?.record?.photos?.[0]).toMatchObject({
      sha256,
      kind: "after",
    });
    await sent();
    expect(world.photos.get(sha256)?.stored).toBe(true);
    expect(world.requests.filter(r => r.startsWith("PUT"))).toHaveLength(3);
    await expect.poll(pieces).toBe(0);
  });

  it("keeps a photo's bytes while the server doesn't say that it has them", async () => {
    engine = await signedIn(world);
    const answers = [
      () => json({ sha256: "another", stored: true }, 201),
      () => json({ stored: false }, 200),
      () => json({}, 200),
      () => problem(500, "internal"),
      () => problem(415, "unsupported"),
    ];
    for (const [i, answer] of answers.entries()) {
      const answered = new Set<string>();
      world.spoil = (path, init) => {
        if (!path.startsWith("/photos/") || init.method !== "PUT") return undefined;
        answered.add(path.slice(8));
        return answer();
      };
      const sha256 = await engine.addPhoto(job, "before", picture(10, i + 2));
      await until(engine, s => s.queue.every(q => q.state === "done"));
      await until(
        engine,
        s => answered.has(sha256) && s.photos.every(p => p.state === "waiting"),
        "the photo had its answer",
      );
      expect(await pieces()).toBe(i + 1);
      expect(engine.state().waiting).toBe(i + 1);
    }
    await until(engine, s => s.photos.at(-1)?.refused === "unsupported");
    expect(await engine.signOut()).toBe("refused");
  });

  it("takes an op aside that can't be read, and sends the rest", async () => {
    engine = await signedIn(world);
    await sent();
    world.online = false;
    await engine.act("job.accept", job, {});
    const bad = await engine.act("job.note", job, { text: "bad" });
    await engine.act("job.depart", job, {});
    world.spoil = (path, init) =>
      path === "/sync" && String(init.body).includes(bad) ? problem(400, "bad-request") : undefined;
    world.online = true;
    engine.syncNow();
    await until(engine, s => s.queue.every(q => q.state === "done"));
    expect(world.ops.map(op => op.kind)).toEqual(["job.accept", "job.depart"]);
    expect(engine.state().queue.find(q => q.id === bad)).toMatchObject({
      status: "refused",
      reason: "unreadable",
    });
    expect(await engine.signOut()).toBe("refused");
  });

  it("lets nobody sign out over unsent work, unless the file was handed over", async () => {
    engine = await signedIn(world);
    await sent();
    world.online = false;
    const op = await engine.act("job.accept", job, {});
    const photo = await engine.addPhoto(job, "after", picture(20));
    expect(await engine.signOut()).toBe("refused");
    expect(await engine.signOut({ handedOver: true })).toBe("refused");
    const file = JSON.parse(await (await engine.exportQueue()).text());
    expect(file.ops.map((o: { id: string }) => o.id)).toContain(op);
    expect(file.photos[0]).toMatchObject({ sha256: photo, job, kind: "after" });
    expect(Buffer.from(file.photos[0].base64, "base64")).toEqual(
      Buffer.from(await picture(20).arrayBuffer()),
    );
    // What is done after the file was written isn't in it.
    const late = await engine.act("job.depart", job, {});
    expect(await engine.signOut({ handedOver: true })).toBe("refused");
    expect(JSON.parse(await (await engine.exportQueue()).text()).ops.at(-1).id).toBe(late);
    expect(await engine.signOut({ handedOver: true })).toBe("done");
    expect(engine.state()).toMatchObject({ phase: "signed-out", jobs: [], queue: [], me: null });
    // The server hears of it when there is a network.
    engine.stop();
    world.online = true;
    engine = await born(world);
    await new Promise(done => setTimeout(done, 50));
    expect(world.signedIn).toBe(false);
  });

  it("shreds, wipes and says so when the device is revoked", async () => {
    engine = await signedIn(world);
    await engine.act("job.accept", job, {});
    await sent();
    world.revoked = true;
    await engine.act("job.depart", job, {});
    await until(engine, s => s.phase === "revoked");
    expect(engine.state()).toMatchObject({ jobs: [], queue: [], me: null });
    while (world.wiped === 0) await new Promise(done => setTimeout(done, 5));
    expect((await indexedDB.databases()).map(d => d.name)).toEqual(["moked-device"]);
    engine.stop();
    engine = await born(world);
    expect(engine.state().phase).toBe("signed-out");
    expect(world.wiped).toBe(1);
  });

  it("ends with whatever it was doing, at whatever moment", async () => {
    const failed: unknown[] = [];
    const note = (err: unknown) => failed.push(err);
    process.on("unhandledRejection", note);
    try {
      for (let turns = 0; turns < 40; turns += 3) {
        engine = await signedIn(world);
        world.revoked = true;
        await engine.act("job.accept", job, {});
        for (let i = 0; i < turns; i++) await new Promise(done => setImmediate(done));
        engine.stop();
        await new Promise(done => setTimeout(done, 10));
        world.revoked = false;
        leave();
        leave = stand(world);
      }
      expect(failed).toEqual([]);
    } finally {
      process.off("unhandledRejection", note);
    }
  }, 60_000);

  it("locks at the lease's end, and still sends what waits", async () => {
    engine = await signedIn(world);
    await sent();
    world.online = false;
    await engine.act("job.complete", job, { note: "הוחלפה נורה" });
    engine.stop();
    const box = new Box(Box.named("netanya", "u-crew"));
    await box.setFact("contact", Date.now() - 73 * 3_600_000);
    box.close();
    engine = await born(world);
    expect(engine.state()).toMatchObject({ phase: "locked", jobs: [], queue: [], waiting: 1 });
    await expect(engine.act("job.accept", job, {})).rejects.toMatchObject({ code: "locked" });
    world.online = true;
    engine.syncNow();
    await sent();
    expect(world.ops.map(op => op.kind)).toEqual(["job.complete"]);
    expect(engine.state().phase).toBe("locked");
    await expect(engine.signIn("crew", "wrong")).rejects.toMatchObject({ status: 401 });
    expect(engine.state().phase).toBe("locked");
    await engine.signIn("crew", "right");
    await until(engine, s => s.phase === "ready" && s.jobs.length > 0);
  });

  it("isn't fooled by a clock that is set back", async () => {
    engine = await signedIn(world);
    await sent();
    engine.stop();
    const box = new Box(Box.named("netanya", "u-crew"));
    await box.setFact("contact", Date.now() - 10 * 3_600_000);
    await box.setFact("seen", Date.now() + 70 * 3_600_000);
    box.close();
    world.online = false;
    engine = await born(world);
    expect(engine.state().phase).toBe("locked");
  });

  it("locks, and keeps all, when the server doesn't know the session any more", async () => {
    engine = await signedIn(world);
    await sent();
    world.signedIn = false;
    world.secret = "";
    await engine.act("job.accept", job, {});
    await until(engine, s => s.phase === "locked");
    await engine.signIn("crew", "right");
    await sent();
    expect(world.ops.map(op => op.kind)).toEqual(["job.accept"]);
  });

  it("gets its cookie back when the browser has lost it", async () => {
    engine = await signedIn(world);
    await sent();
    world.signedIn = false;
    await engine.act("job.accept", job, {});
    await sent();
    expect(engine.state().phase).toBe("ready");
    expect(world.sessions).toBe(1);
    world.signedIn = false;
    world.revoked = true;
    await engine.act("job.depart", job, {});
    await until(engine, s => s.phase === "revoked");
  });

  it("isn't locked where the cookie is lost again at once, and is where that goes on", async () => {
    engine = await signedIn(world);
    await sent();
    for (let times = 0; times < 3; times++) {
      world.signedIn = false;
      await engine.act("job.note", job, { text: `פעם ${times}` });
      await sent();
      expect(engine.state().phase).toBe("ready");
    }
    expect(world.ops).toHaveLength(3);
    world.signedIn = false;
    await engine.act("job.note", job, { text: "עוד פעם" });
    await until(engine, s => s.phase === "locked");
    // What waits isn't lost: it goes out after signing in.
    await engine.signIn("crew", "right");
    await sent();
    expect(world.ops).toHaveLength(4);
  });

  it("warns before the disk is full, keeps photos a while, and ops to the last", async () => {
    world.disk = 26 << 20;
    engine = await signedIn(world);
    await until(engine, s => s.storage.usage === 0 && world.disk < 3 << 20);
    expect(engine.state().storage).toMatchObject({ low: false, full: false });
    world.online = false;
    await engine.addPhoto(job, "before", picture(3000, 3));
    await until(engine, s => s.storage.low);
    expect(engine.state().storage.full).toBe(false);
    let shot = 1;
    for (; shot < 12; shot++) {
      const refused = await engine.addPhoto(job, "after", picture(3000, 3 + shot)).then(
        () => undefined,
        err => err.code,
      );
      if (refused === "storage-full") break;
      expect(refused).toBeUndefined();
    }
    expect(shot).toBeGreaterThan(4);
    expect(shot).toBeLessThan(12);
    await until(engine, s => s.storage.full);
    world.disk = 0;
    await engine.act("job.accept", job, {});
    await engine.act("job.depart", job, {});
    expect(engine.state().waiting).toBe(2 * shot + 2);
    world.online = true;
    engine.syncNow();
    await sent();
    expect([...world.photos.values()].filter(p => p.stored)).toHaveLength(shot);
  });

  it("goes under the id that the server knows it by", async () => {
    world.device = "00000000-0000-7000-8000-0000000000dd";
    engine = await signedIn(world);
    await engine.act("job.accept", job, {});
    await sent();
    engine.stop();
    engine = await born(world);
    await engine.act("job.depart", job, {});
    await sent();
    expect(world.ops.map(op => op.device)).toEqual([world.device, world.device]);
    await engine.signIn("crew", "right");
    expect(world.asked.at(-1)).toBe(world.device);
    expect(world.asked[0]).not.toBe(world.device);
  });

  it("keeps a photo for an incident that is about to be opened", async () => {
    engine = await signedIn(world);
    const sha256 = await engine.keepPhoto(picture(30));
    expect(engine.state().waiting).toBe(0);
    await engine.act("incident.open", undefined, { category: "pothole", text: "בור", photos: [sha256] });
    await sent();
    expect(world.photos.get(sha256)?.stored).toBe(true);
    expect(world.ops[0]).toMatchObject({ kind: "incident.open", data: { photos: [sha256] } });
  });

  it("keeps each person's work in a box of their own", async () => {
    engine = await signedIn(world);
    await sent();
    world.online = false;
    await engine.act("job.accept", job, {});
    world.signedIn = false;
    world.secret = "";
    world.online = true;
    engine.syncNow();
    await until(engine, s => s.phase === "locked");
    await engine.signIn("night", "right");
    await until(engine, s => s.phase === "ready");
    expect(engine.state()).toMatchObject({ waiting: 0, me: { login: "night" } });
    await engine.signIn("crew", "right");
    await sent();
    expect(world.ops.map(op => op.kind)).toEqual(["job.accept"]);
  });

  it("sends nothing in the clear to the disk", async () => {
    engine = await signedIn(world);
    await engine.act("job.note", job, { text: "הדייר מקומה שלישית" });
    await engine.addPhoto(job, "after", picture(20));
    engine.stop();
    const box = new Box(Box.named("netanya", "u-crew"));
    const rows: unknown[] = [];
    for (const table of box.tables) rows.push(...(await table.toArray()));
    box.close();
    const words = JSON.stringify(rows, (_, v) =>
      v instanceof ArrayBuffer ? Buffer.from(v).toString("latin1") + Buffer.from(v).toString("utf8") : v,
    );
    expect(words.length).toBeGreaterThan(20_000);
    for (const secret of ["הדייר", "26-1", "street-light-out", "job.note", '"crew"'])
      expect(words).not.toContain(secret);
  });
});

async function pieces(): Promise<number> {
  const box = new Box(Box.named("netanya", "u-crew"));
  const count = await box.pieces.count();
  box.close();
  return count;
}
