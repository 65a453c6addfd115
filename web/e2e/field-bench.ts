// How fast the tablet is, on the real program in a real Chromium, as lines of a
// Go benchmark: node e2e/run.mjs e2e/field-bench.ts, after make build.
import { fieldCity, missing, password } from "./field-city.ts";
import { reached, work } from "./shift.ts";
import { Tablet } from "./tablet.ts";

// How many times slower than this machine the tablet is.
const slowdown = 4;
const rounds = 10;

declare global {
  // arm waits for a tap that changes something and gives the time from the
  // finger's lift to the first painted frame that shows it, in milliseconds.
  // It is asked before the tap: a question asked meanwhile would be the page's work.
  var arm: (what: string) => Promise<number>;
}

// watch is put into the page.
function watch(): void {
  const text = (selector: string) => document.querySelector(selector)?.textContent ?? "";
  const read: Record<string, () => string> = {
    screen: () => `${document.querySelector(".frame")?.getAttribute("data-screen")} ${text("main h1")}`,
    steps: () => text(".step-bar"),
    checks: () => text("section:has(> .checks)"),
  };
  globalThis.arm = async what => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const was = read[what]!();
    let lifted = 0;
    const lift = (e: PointerEvent) => {
      lifted = e.timeStamp;
    };
    addEventListener("pointerup", lift, { once: true, capture: true });
    const changes = new MutationObserver(() => {
      if (!lifted || read[what]!() === was) return;
      changes.disconnect();
      // The next frame shows it; the task after it comes after its paint.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          resolve(performance.now() - lifted);
        };
        port2.postMessage(0);
      });
    });
    changes.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    return promise;
  };
}

// tap measures one tap.
async function tap(tablet: Tablet, selector: string, what: string): Promise<number> {
  const { page } = tablet;
  const target = page.locator(selector).first();
  await target.scrollIntoViewIfNeeded();
  const box = (await target.boundingBox())!;
  const answered = page.evaluate(what => arm(what), what);
  // What the last tap began has come to rest, as a finger takes its time.
  await page.waitForTimeout(300);
  await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
  return answered;
}

async function taps(tablet: Tablet, jobs: readonly { id: string }[]): Promise<Map<string, number[]>> {
  const { page, context } = tablet;
  const times = new Map<string, number[]>();
  const measure = async (name: string, selector: string, what: string) => {
    const all = times.get(name) ?? [];
    times.set(name, all);
    all.push(await tap(tablet, selector, what));
  };
  await page.evaluate(watch);
  const slow = await context.newCDPSession(page);
  await slow.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  for (const { id } of jobs) {
    await measure("open", `a[href="#/job/${id}"]`, "screen");
    for (let step = 0; step < 3; step++) await measure("step", ".step-bar > .button", "steps");
    for (let n = 0; n < 2; n++) await measure("check", ".check", "checks");
    for (const to of ["inbox", "waiting", "new", "today"]) await measure("tab", `.nav .to-${to}`, "screen");
  }
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  return times;
}

// at is the time that a share of the answers stay within.
function at(all: readonly number[], share: number): number {
  return all.toSorted((a, b) => a - b)[Math.ceil(all.length * share) - 1]!;
}

function line(name: string, ...figures: [value: number, unit: string][]): void {
  console.log(`Benchmark${name}\t1\t${figures.map(([v, unit]) => `${v.toFixed(2)} ${unit}`).join("\t")}`);
}

export default async function bench(): Promise<void> {
  if (missing) throw new Error(`there is no ${missing}: make build`);
  const city = await fieldCity();
  const tablet = await Tablet.bought(city.url);
  try {
    const jobs = [];
    for (let n = 0; n < rounds + 5; n++) jobs.push(await city.assign(n % 20));
    await tablet.open();
    await tablet.page.evaluate(pass => mokedEngine.signIn("electric", pass), password);
    await tablet.page.waitForFunction(n => mokedEngine.state().jobs.length === n, jobs.length);
    await tablet.settled();
    await tablet.page.waitForTimeout(3000);

    const times = await taps(tablet, jobs.slice(5));
    const tell = (name: string, all: readonly number[]) =>
      line(
        name,
        [at(all, 0.5), "p50-ms"],
        [at(all, 0.95), "p95-ms"],
        [at(all, 1), "worst-ms"],
        [all.length, "taps"],
      );
    for (const [name, all] of times) tell(`Tap/${name}`, all);
    tell("Tap", [...times.values()].flat());

    const five = jobs.slice(0, 5);
    await tablet.page.waitForFunction(() => mokedEngine.state().waiting === 0);
    await tablet.page.waitForTimeout(1500);
    await tablet.context.setOffline(true);
    await tablet.page.reload();
    await tablet.page.waitForFunction(() => globalThis.mokedEngine?.state().phase === "ready");
    await work(tablet, five);
    await tablet.kill();
    await tablet.start();
    await tablet.context.setOffline(true);
    await tablet.open();
    const back = performance.now();
    await tablet.context.setOffline(false);
    await reached(city, five);
    const desk = (performance.now() - back) / 1000;
    await tablet.page.waitForFunction(() => mokedEngine.state().waiting === 0);
    line("Back", [desk, "desk-s"], [(performance.now() - back) / 1000, "photos-s"]);
  } finally {
    await tablet.close();
    await city.close();
  }
}
