import { afterAll, describe, expect, it } from "vitest";
import type { Engine, OpKind } from "./seam.ts";
import { born, jobOf, picture, signedIn, stand, until, World } from "./test/rig.ts";

// A shift, step by step. A step whose promise never resolved may or may not
// have happened; the crew sees which, and does again what isn't there.
type Deed = { what: string; do: (e: Engine) => Promise<unknown>; there: (e: Engine) => boolean };

const job = jobOf(1).id;
const other = jobOf(2).id;

function act(kind: OpKind, at: string, data: Record<string, unknown> = {}): Deed {
  const same = (d: object) => JSON.stringify(d) === JSON.stringify(data);
  return {
    what: `${kind} ${JSON.stringify(data)}`,
    do: e => e.act(kind, at, data),
    there: e => e.state().queue.some(q => q.kind === kind && q.job === at && same(q.data)),
  };
}

function shoot(at: string, seed: number, kilobytes: number): Deed {
  return {
    what: `photo ${seed}`,
    do: e => e.addPhoto(at, "after", picture(kilobytes, seed), `photo ${seed}`),
    there: e => e.state().queue.some(q => q.data.caption === `photo ${seed}`),
  };
}

const shift: Deed[] = [
  act("job.accept", job),
  act("job.arrive", job),
  act("job.material", job, { code: "lamp", add: 2 }),
  shoot(job, 3, 700),
  act("job.complete", job, { note: "done" }),
  shoot(other, 5, 20),
  act("job.decline", other, { reason: "ladder" }),
];

// live does the shift from a step on, and says how far it got before the page
// was killed.
async function live(world: World, engine: Engine, from: number): Promise<number> {
  for (let i = from; i < shift.length; i++) {
    const deed = shift[i]!;
    if (deed.there(engine)) continue;
    deed.do(engine).catch(() => {});
    if ((await Promise.race([there(engine, deed), dying(world)])) === "killed") return i;
  }
  if (!world.online) return shift.length;
  await Promise.race([until(engine, s => s.waiting === 0, "all is sent").catch(() => {}), dying(world)]);
  return shift.length;
}

async function there(engine: Engine, deed: Deed): Promise<"done"> {
  while (!deed.there(engine)) await new Promise(done => setTimeout(done, 1));
  return "done";
}

async function dying(world: World): Promise<"killed"> {
  while (!world.dead) await new Promise(done => setTimeout(done, 1));
  return "killed";
}

// story lives the shift on a device that is killed at the given step, and
// again at the same distance after each start, until all is sent.
async function story(die: number, kills: number, offline = false): Promise<{ world: World; steps: number }> {
  const world = new World();
  const leave = stand(world);
  let engine = await signedIn(world);
  await until(engine, s => s.waiting === 0);
  await new Promise(done => setTimeout(done, 5));
  try {
    world.steps = 0;
    world.die = die;
    world.online = !offline;
    let at = 0;
    for (let n = 0; n <= kills; n++) {
      at = await live(world, engine, at);
      if (!world.dead && world.online) break;
      // The page is gone; what it had begun never comes back.
      await new Promise(done => setTimeout(done, 10));
      engine.stop();
      await new Promise(done => setTimeout(done, 10));
      engine = await born(world);
      world.online = true;
      world.steps = 0;
      if (n < kills) world.die = die;
    }
    const steps = world.steps;
    world.die = Number.POSITIVE_INFINITY;
    await live(world, engine, at);
    await until(engine, s => s.waiting === 0 && s.photos.every(p => p.state === "stored"), "all is sent");
    return { world, steps };
  } finally {
    engine.stop();
    leave();
  }
}

function judge(world: World, name: string): void {
  const said = world.ops.map(op => `${op.kind} ${JSON.stringify(op.data.caption ?? op.data)}`);
  const want = [
    "job.accept {}",
    "job.arrive {}",
    'job.material {"code":"lamp","add":2}',
    'job.photo "photo 3"',
    'job.complete {"note":"done"}',
    'job.photo "photo 5"',
    'job.decline {"reason":"ladder"}',
  ];
  expect(said, name).toEqual(want);
  expect(new Set(world.ops.map(op => op.id)).size, name).toBe(want.length);
  const after = world.jobs.get(job)!;
  expect(after.state, name).toBe("done");
  expect(after.record?.materials, name).toEqual({ lamp: 2 });
  expect([...world.photos.values()].map(p => [p.stored, p.bytes.length]).sort(), name).toEqual([
    [true, 20 * 1024],
    [true, 700 * 1024],
  ]);
}

describe("a page that is killed", () => {
  const tried: number[] = [];
  afterAll(() => console.log(`killed at each of ${tried.length} steps`));

  it("loses nothing and does nothing twice, at whatever step", async () => {
    const { world, steps } = await story(Number.POSITIVE_INFINITY, 0);
    judge(world, "unharmed");
    expect(steps).toBeGreaterThan(40);
    for (let die = 1; die <= steps; die++) {
      const { world } = await story(die, 1);
      judge(world, `killed at step ${die}`);
      tried.push(die);
    }
  }, 120_000);

  it("gets through when it is killed again and again", async () => {
    for (const die of [9, 14, 23, 37]) judge((await story(die, 6)).world, `killed every ${die} steps`);
  }, 60_000);

  it("gets through when it is killed while it sends a shift done offline", async () => {
    for (let die = 2; die < 60; die += 3)
      judge((await story(die, 2, true)).world, `offline, killed at ${die}`);
  }, 120_000);
});

describe("an answer that is lost", () => {
  it.each(["POST /sync", "PUT /photos", "HEAD /photos"])("%s", async what => {
    const world = new World();
    const leave = stand(world);
    const engine = await signedIn(world);
    try {
      await until(engine, s => s.waiting === 0);
      world.lose = [new RegExp(what), new RegExp(what)];
      for (const deed of shift) {
        await deed.do(engine);
        engine.syncNow();
      }
      const nudge = setInterval(() => engine.syncNow(), 20);
      await until(engine, s => s.waiting === 0, "all is sent");
      clearInterval(nudge);
      expect(world.lose).toHaveLength(0);
      judge(world, what);
    } finally {
      engine.stop();
      leave();
    }
  });
});
