import type { Source } from "pmtiles";
import { base, Problem, refusal } from "../../shared/client.ts";
import type { Box } from "./box.ts";
import type { Order, Word } from "./map.worker.ts";
import type { FieldState } from "./seam.ts";
import type { Work } from "./work.ts";

// Archive is a file that is whole, or was begun.
interface Archive {
  file: string;
  code: string;
  etag: string;
  total: number;
  done: number;
  at: string;
}

type MapState = FieldState["map"];

const none: MapState = { state: "none", bytes: 0, total: 0 };
const tries = 5;

// DistrictMap keeps the district's base map as one archive on the device. It
// comes in pieces and goes on where it stopped; a newer one is fetched beside
// the one in use.
export class DistrictMap {
  private busy = false;
  private looked = "";

  constructor(
    private box: Box,
    private work: Work,
    private code: () => string,
    private say: (state: MapState) => void,
    private trouble: (err: unknown) => void,
  ) {}

  async load(): Promise<void> {
    const whole = await this.box.fact<Archive>("map");
    if (whole && !(await fileOf(whole.file))) await this.box.setFact("map", undefined);
    await this.tell();
  }

  private async tell(): Promise<void> {
    if (this.busy) return;
    const whole = await this.box.fact<Archive>("map");
    const part = await this.box.fact<Archive>("map-part");
    if (whole) {
      const code = this.code() || whole.code;
      const stale = whole.code !== code || (await this.box.fact<string>("map-newest")) !== whole.etag;
      this.say({ state: stale ? "stale" : "ready", bytes: whole.total, total: whole.total, at: whole.at });
    } else if (part) this.say({ state: "none", bytes: part.done, total: part.total });
    else this.say({ ...none, total: (await this.box.fact<number>("map-total")) ?? 0 });
  }

  // moved says that the crew's district isn't the one that was looked for.
  moved(): boolean {
    return this.looked !== this.code();
  }

  // look asks which archive is the newest, and how large it is.
  async look(): Promise<{ etag: string; total: number } | undefined> {
    let res: Response;
    const code = this.code();
    this.looked = code;
    if (!code) return undefined;
    try {
      res = await fetch(this.url(), { method: "HEAD", credentials: "same-origin" });
    } catch {
      return undefined;
    }
    const etag = res.headers.get("ETag");
    const total = Number(res.headers.get("Content-Length"));
    if (!res.ok || !etag || !(total > 0) || code !== this.code()) return undefined;
    await this.box.setFact("map-newest", etag);
    await this.box.setFact("map-total", total);
    await this.tell();
    return { etag, total };
  }

  private url(): string {
    return `${base}/districts/${encodeURIComponent(this.code())}/map`;
  }

  async download(onProgress: (done: number, total: number) => void, signal: AbortSignal): Promise<void> {
    if (this.busy) throw new Problem(0, "map-busy", "");
    this.busy = true;
    try {
      for (let n = 0; ; n++) {
        signal.throwIfAborted();
        this.work.signal.throwIfAborted();
        const newest = await this.look();
        if (newest) {
          const part = await this.begun(newest);
          const before = part.done;
          this.say({ state: "downloading", bytes: part.done, total: part.total });
          const word = await this.fetch(part, onProgress, signal);
          if (word.kind === "done") return await this.finish(part);
          if (word.kind === "failed" && word.status > 0) throw new Problem(word.status, "unavailable", "");
          if (word.kind === "failed" && word.name === "QuotaExceededError")
            throw new Problem(0, "storage-full", "");
          if (part.done > before) n = 0;
          if (n >= tries) throw new Problem(0, "offline", "");
        } else {
          const why = await this.why();
          if (why.status > 0 || n >= tries) throw why;
        }
        await pause(500 * 2 ** n, signal, this.work.signal);
      }
    } catch (err) {
      if (err instanceof Problem) this.trouble(err);
      throw err;
    } finally {
      this.busy = false;
      if (!this.work.ended) await this.tell();
    }
  }

  private async why(): Promise<Problem> {
    if (!this.code()) return new Problem(0, "offline", "");
    try {
      const res = await fetch(this.url(), { headers: { Range: "bytes=0-0" }, credentials: "same-origin" });
      return res.ok ? new Problem(503, "unavailable", "") : await refusal(res);
    } catch {
      return new Problem(0, "offline", "");
    }
  }

  // begun is the part that goes on, or a new one where the archive has changed.
  private async begun({ etag, total }: { etag: string; total: number }): Promise<Archive> {
    const code = this.code();
    const part = await this.box.fact<Archive>("map-part");
    if (part && part.etag === etag && part.code === code && (await fileOf(part.file))) return part;
    if (part) await remove(part.file);
    const file = `${this.box.name}-${Date.now().toString(36)}.pmtiles`;
    const fresh: Archive = { file, code, etag, total, done: 0, at: "" };
    await this.box.setFact("map-part", fresh);
    return fresh;
  }

  private fetch(part: Archive, onProgress: (done: number, total: number) => void, signal: AbortSignal) {
    const worker = new Worker(new URL("./map.worker.ts", import.meta.url), { type: "module" });
    return new Promise<Word>((found, failed) => {
      for (const end of [signal, this.work.signal])
        end.addEventListener("abort", () => failed(end.reason), { once: true });
      worker.onerror = () => found({ kind: "failed", status: 0, name: "Error" });
      worker.onmessage = ({ data: word }: MessageEvent<Word>) => {
        if (word.kind !== "progress") return found(word);
        part.done = word.done;
        this.work.do(() => this.box.setFact("map-part", { ...part }));
        this.say({ state: "downloading", bytes: part.done, total: part.total });
        onProgress(part.done, part.total);
      };
      const order: Order = {
        ...{ url: this.url(), file: part.file, from: part.done },
        ...{ etag: part.etag, total: part.total },
      };
      worker.postMessage(order);
    }).finally(() => worker.terminate());
  }

  private async finish(part: Archive): Promise<void> {
    const file = await fileOf(part.file);
    const magic = file && new TextDecoder().decode(await file.slice(0, 7).arrayBuffer());
    if (!file || file.size !== part.total || magic !== "PMTiles") {
      await this.box.setFact("map-part", undefined);
      await remove(part.file);
      throw new Problem(0, "map-broken", "");
    }
    const old = await this.box.fact<Archive>("map");
    await this.box.transaction("rw", this.box.facts, async () => {
      await this.box.setFact("map", { ...part, at: new Date().toISOString() });
      await this.box.setFact("map-part", undefined);
    });
    if (old) await remove(old.file);
  }

  async remove(): Promise<void> {
    for (const name of ["map", "map-part"]) {
      const archive = await this.box.fact<Archive>(name);
      await this.box.setFact(name, undefined);
      if (archive) await remove(archive.file);
    }
    await this.tell();
  }

  // source reads the archive for the pmtiles library.
  async source(): Promise<Source | null> {
    const whole = await this.box.fact<Archive>("map");
    const file = whole && (await fileOf(whole.file));
    if (!whole || !file) return null;
    return {
      getKey: () => whole.file,
      getBytes: async (offset, length) => ({ data: await file.slice(offset, offset + length).arrayBuffer() }),
    };
  }
}

function pause(ms: number, ...ends: AbortSignal[]): Promise<void> {
  return new Promise((done, failed) => {
    const end = AbortSignal.any(ends);
    const timer = setTimeout(done, ms);
    end.addEventListener("abort", () => {
      clearTimeout(timer);
      failed(end.reason);
    });
  });
}

async function fileOf(name: string): Promise<File | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    return await (await root.getFileHandle(name)).getFile();
  } catch {
    return undefined;
  }
}

async function remove(name: string): Promise<void> {
  try {
    await (await navigator.storage.getDirectory()).removeEntry(name);
  } catch {
    // It is gone, or another tab reads it; then it goes with the box.
  }
}

// removeFiles deletes every archive of a box that is gone.
export async function removeFiles(box: string): Promise<void> {
  try {
    const root = await navigator.storage.getDirectory();
    const names: string[] = [];
    const all = root as unknown as { keys(): AsyncIterable<string> };
    for await (const name of all.keys()) if (name.startsWith(`${box}-`)) names.push(name);
    for (const name of names) await remove(name);
  } catch {
    // A browser without such files has none to delete.
  }
}
