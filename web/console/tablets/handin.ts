import { base, call, Problem, refusal } from "../../shared/client.ts";

// A file of last resort, as a tablet saves it (field/engine/exporting.ts).
export interface SavedWork {
  login: string;
  exported_at: string;
  ops: { id: string; kind: string }[];
  photos: { sha256: string; base64: string }[];
}

export interface Taken {
  // ops by their verdict, and photos that the server has now.
  verdicts: Record<string, number>;
  photos: number;
  // refused are the photos that it won't have, or whose bytes aren't theirs.
  refused: number;
}

const batch = 100;

// read takes a file apart, or is undefined for one that no tablet saved.
export function read(text: string): SavedWork | undefined {
  let file: Partial<SavedWork> & { moked?: unknown };
  try {
    file = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (file?.moked !== "field-queue" || !Array.isArray(file.ops) || !Array.isArray(file.photos))
    return undefined;
  const photos = file.photos.filter(p => /^[0-9a-f]{64}$/.test(p?.sha256) && typeof p.base64 === "string");
  return {
    login: typeof file.login === "string" ? file.login : "",
    exported_at: typeof file.exported_at === "string" ? file.exported_at : "",
    ops: file.ops.filter(op => op && typeof op === "object"),
    photos,
  };
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  } catch {
    return undefined;
  }
}

// handIn sends what a file holds as its tablet would have. Whatever was sent
// before, from here or from the tablet, is known by its id or its hash and
// does nothing twice. onProgress hears how much of it is done.
export async function handIn(
  work: SavedWork,
  onProgress: (done: number, all: number) => void,
): Promise<Taken> {
  const all = work.ops.length + work.photos.length;
  const taken: Taken = { verdicts: {}, photos: 0, refused: 0 };
  let done = 0;
  for (let from = 0; from < work.ops.length; ) {
    const ops = work.ops.slice(from, from + batch);
    const { results } = await call<{ results: { status: string }[] }>("/sync", { body: { ops } });
    if (results.length === 0) throw new Problem(503, "unavailable", "");
    for (const { status } of results) taken.verdicts[status] = (taken.verdicts[status] ?? 0) + 1;
    from += results.length;
    done += results.length;
    onProgress(done, all);
  }
  for (const { sha256, base64 } of work.photos) {
    const bytes = bytesOf(base64);
    if (bytes && (await send(sha256, bytes))) taken.photos++;
    else taken.refused++;
    onProgress(++done, all);
  }
  return taken;
}

// send is false where the server will never take these bytes under this hash.
async function send(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  let res: Response;
  try {
    res = await fetch(`${base}/photos/${sha256}`, { method: "PUT", body: bytes, credentials: "same-origin" });
  } catch {
    throw new Problem(0, "offline", "");
  }
  if (res.ok) return true;
  if ([400, 413, 415, 422].includes(res.status)) return false;
  throw await refusal(res);
}
