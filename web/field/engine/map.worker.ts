// Fetches an archive into a file of the origin's own, piece by piece. Only a
// worker may write such a file in place. What it told of is flushed: one that
// is ended midway, or whose piece breaks off, may be started again from there.

export interface Order {
  url: string;
  file: string;
  from: number;
  etag: string;
  total: number;
}

export type Word =
  | { kind: "progress"; done: number }
  | { kind: "done" }
  | { kind: "changed" }
  | { kind: "failed"; status: number; name: string };

// TypeScript's DOM library leaves out what only workers have.
interface SyncHandle {
  write(bytes: BufferSource, at: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

const pieceBytes = 2 << 20;
const flushBytes = 32 << 10;
// A connection of which nothing comes for so long is given up.
const silence = 30_000;
const say = (word: Word) => self.postMessage(word);

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  let handle: SyncHandle | undefined;
  try {
    const root = await navigator.storage.getDirectory();
    const file = (await root.getFileHandle(data.file, { create: true })) as FileSystemFileHandle & {
      createSyncAccessHandle(): Promise<SyncHandle>;
    };
    handle = await file.createSyncAccessHandle();
    let at = Math.min(data.from, handle.getSize());
    handle.truncate(at);
    while (at < data.total) {
      const last = Math.min(at + pieceBytes, data.total) - 1;
      const stop = new AbortController();
      let timer = setTimeout(() => stop.abort(), silence);
      const res = await fetch(data.url, {
        signal: stop.signal,
        credentials: "same-origin",
        headers: { Range: `bytes=${at}-${last}`, "If-Range": data.etag },
      });
      if (res.status === 200 || res.status === 412 || res.status === 416) {
        void res.body?.cancel();
        say({ kind: "changed" });
        return;
      }
      if (res.status !== 206) {
        say({ kind: "failed", status: res.status, name: "" });
        return;
      }
      const from = at;
      let kept = at;
      const keep = (file: SyncHandle) => {
        file.flush();
        kept = at;
        say({ kind: "progress", done: at });
      };
      const reader = res.body!.getReader();
      try {
        for (;;) {
          const { done, value: bytes } = await reader.read();
          clearTimeout(timer);
          if (done) break;
          timer = setTimeout(() => stop.abort(), silence);
          if (at + bytes.length > last + 1) throw new TypeError("a piece of another size");
          for (let n = 0; n < bytes.length; ) n += handle.write(bytes.subarray(n), { at: at + n });
          at += bytes.length;
          if (at - kept >= flushBytes) keep(handle);
        }
      } finally {
        clearTimeout(timer);
        if (at > kept) keep(handle);
      }
      // A proxy may give less than was asked for.
      if (at === from) throw new TypeError("a piece of nothing");
    }
    say({ kind: "done" });
  } catch (err) {
    say({ kind: "failed", status: 0, name: (err as Error).name });
  } finally {
    handle?.close();
  }
};
