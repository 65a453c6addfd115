import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Crew, Entry, Snapshot } from "./api.ts";
import { Feed } from "./feed.ts";

// The browser's parts that a feed stands on, in the test's hands.
class Socket {
  static all: Socket[] = [];
  onopen?: () => void;
  onmessage?: (e: { data: string }) => void;
  onclose?: (e: { code: number }) => void;
  constructor(readonly url: URL) {
    Socket.all.push(this);
  }
  close() {}
  say(...entries: Entry[]) {
    this.onmessage?.({ data: JSON.stringify(entries) });
  }
}

let snapshots: (Partial<Snapshot> | number)[];
let feed: Feed;

const last = () => Socket.all.at(-1)!;
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(async () => {
  vi.useFakeTimers({ now: new Date("2026-01-01T12:00:00Z") });
  Socket.all = [];
  snapshots = [{ seq: 5, log: "L" }];
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("window", { addEventListener() {}, removeEventListener() {} });
  vi.stubGlobal("document", { hidden: false });
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("location", { href: "https://city.example/console" });
  vi.stubGlobal("requestAnimationFrame", (f: () => void) => setTimeout(f, 16));
  vi.stubGlobal("fetch", async () => {
    const next = snapshots.length > 1 ? snapshots.shift()! : snapshots[0]!;
    if (typeof next === "number") return new Response("{}", { status: next });
    return new Response(
      JSON.stringify({
        at: new Date().toISOString(),
        incidents: [],
        jobs: [],
        crews: [],
        operations: [],
        ...next,
      }),
    );
  });
  feed = new Feed();
  feed.start();
  await settle();
});

afterEach(() => {
  feed.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("feed", () => {
  it("reads from the snapshot's number and log, and is live", () => {
    expect(last().url.href).toBe("wss://city.example/api/v1/feed?since=5&log=L");
    last().onopen?.();
    expect(feed.connection).toEqual({ state: "live" });
  });

  it("tells its listeners of a frame's entries at once", async () => {
    const heard = vi.fn();
    feed.listen(heard);
    const crew: Crew = {
      id: "c",
      version: 1,
      code: "c",
      name: "c",
      kind: "crew",
      departments: [],
      skills: [],
      duty: "on",
    };
    last().say(
      { seq: 6, type: "crew.added", at: "", crew },
      { seq: 7, type: "crew.changed", at: "", crew: { ...crew, version: 2 } },
    );
    last().say({ type: "upto", upto: 9 });
    expect(heard).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(20);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(feed.city.crews.get("c")?.version).toBe(2);
  });

  it("comes back from where it was, and says since when it is away", async () => {
    last().say({ type: "upto", upto: 9 });
    last().onclose?.({ code: 4001 });
    expect(feed.connection).toEqual({ state: "resuming", since: Date.now() });
    await vi.advanceTimersByTimeAsync(600);
    expect(Socket.all).toHaveLength(2);
    expect(last().url.search).toBe("?since=9&log=L");
    last().say({ type: "upto", upto: 9 });
    expect(feed.connection).toEqual({ state: "live" });
  });

  it("is offline after a while, and keeps its last picture", async () => {
    const since = Date.now();
    last().onclose?.({ code: 1006 });
    for (let i = 0; i < 20; i++) {
      await vi.advanceTimersByTimeAsync(1000);
      if (Socket.all.length > 1) last().onclose?.({ code: 1006 });
    }
    expect(feed.connection).toEqual({ state: "offline", since });
    expect(feed.city.log).toBe("L");
  });

  it("takes silence for a lost connection", async () => {
    last().onopen?.();
    await vi.advanceTimersByTimeAsync(22_000);
    expect(Socket.all.length).toBeGreaterThan(1);
  });

  it("fetches the picture anew at resync", async () => {
    const heard = vi.fn();
    feed.listen(heard);
    snapshots = [{ seq: 1, log: "restored" }];
    last().say({ type: "resync" });
    await settle();
    expect(heard).toHaveBeenCalledWith(feed.city, "all");
    expect(last().url.search).toBe("?since=1&log=restored");
  });

  it.each([4500, 4999])("ends when the server says %i", async code => {
    last().onclose?.({ code });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Socket.all).toHaveLength(1);
    expect(feed.connection.state).toBe("ended");
  });

  it("finds out that the session ended while it was away", async () => {
    snapshots = [401];
    for (let i = 0; i < 12 && feed.connection.state !== "ended"; i++) {
      last().onclose?.({ code: 1006 });
      await vi.advanceTimersByTimeAsync(11_000);
    }
    expect(feed.connection).toEqual({ state: "ended", reason: "signed-out" });
  });

  it("drops what an old connection still says", async () => {
    const old = last();
    old.onclose?.({ code: 4001 });
    await vi.advanceTimersByTimeAsync(600);
    old.say({ type: "upto", upto: 99 });
    expect(feed.city.seq).toBe(5);
  });
});
