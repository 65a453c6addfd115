// A tablet: a real Chromium with a profile on the disk, which can be killed
// and started again.
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import type { Engine, FieldState } from "../field/engine/index.ts";
import { executable, flags } from "./browser.ts";

declare global {
  var mokedEngine: Engine;
}

export class Tablet {
  page!: Page;
  context!: BrowserContext;
  // errors is what the page complained of, its policy's violations among it.
  readonly errors: string[] = [];

  private constructor(
    readonly folder: string,
    private url: string,
  ) {}

  static async bought(url: string): Promise<Tablet> {
    const tablet = new Tablet(await mkdtemp(join(tmpdir(), "moked-tablet-")), url);
    await tablet.start();
    return tablet;
  }

  // start opens the browser; the page isn't asked for yet.
  async start(): Promise<void> {
    this.context = await chromium.launchPersistentContext(this.folder, {
      executablePath: executable,
      args: flags,
      viewport: { width: 800, height: 1280 },
      hasTouch: true,
      locale: "he-IL",
      reducedMotion: "reduce",
      permissions: ["geolocation"],
    });
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    this.page.on("pageerror", e => this.errors.push(e.message));
    this.page.on("console", m => {
      if (m.type() === "error" && !/Failed to load resource|WebSocket|ERR_/.test(m.text()))
        this.errors.push(m.text());
    });
  }

  async open(path = "/field"): Promise<void> {
    await this.page.goto(this.url + path);
    await this.page.waitForFunction(() => globalThis.mokedEngine?.state().phase !== "starting");
  }

  // settled waits until the app is kept for a cold start.
  async settled(): Promise<void> {
    await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await this.page.waitForFunction(() => !!navigator.serviceWorker.controller);
  }

  state(): Promise<FieldState> {
    return this.page.evaluate(() => mokedEngine.state());
  }

  // kill ends the browser's processes as a dead battery would.
  async kill(): Promise<void> {
    const closed = new Promise<void>(done => this.context.once("close", () => done()));
    for (const pid of this.pids()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It went with its parent.
      }
    }
    await closed;
  }

  // The processes that were started on this tablet's own folder.
  private pids(): number[] {
    return readdirSync("/proc")
      .map(Number)
      .filter(pid => pid > 0)
      .filter(pid => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.folder);
        } catch {
          return false;
        }
      });
  }

  async close(): Promise<void> {
    await this.context.close().catch(() => {});
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
