import { base, Problem, refusal } from "../../shared/client.ts";
import { type Photo, type Photos, pieceBytes } from "./photos.ts";

// What the server will never take, however often it is asked.
const final = new Set([413, 415]);
// A hash that doesn't fit after so many whole uploads means bytes gone bad here.
const attempts = 3;

export interface UploadHooks {
  sending: (sha256: string | undefined) => void;
  progress: () => void;
  contact: () => void;
}

// upload sends the photos that are due, one after another in pieces, each from
// where the server says that it is. It never believes anything but the
// server's "stored", naming the hash.
export async function upload(photos: Photos, hooks: UploadHooks): Promise<void> {
  const failed = new Map<string, unknown>();
  for (;;) {
    await photos.load();
    const photo = photos.due().find(p => !failed.has(p.sha256));
    if (!photo) break;
    hooks.sending(photo.sha256);
    try {
      await one(photos, photo, hooks);
    } catch (err) {
      if (err instanceof Problem && final.has(err.status)) await photos.refused(photo.sha256, err.code);
      // What is wrong with one photo only must not hold up the next.
      else if (err instanceof Problem && err.status >= 500) failed.set(photo.sha256, err);
      else throw err;
    } finally {
      hooks.sending(undefined);
    }
  }
  for (const err of failed.values()) throw err;
}

async function one(photos: Photos, photo: Photo, hooks: UploadHooks): Promise<void> {
  let wrong = 0;
  let offset = await offsetOf(photo);
  hooks.contact();
  while (wrong < attempts) {
    if (offset !== photo.sent) await photos.sent(photo.sha256, offset);
    hooks.progress();
    const res = await put(photos, photo, offset);
    hooks.contact();
    if (res.status === 202 || res.status === 409) {
      const at = told(res);
      // A server that says neither where it is nor anything new is asked later.
      if (at === undefined || (res.status === 409 && at === offset)) throw strange();
      offset = at;
    } else if (res.status === 422) {
      wrong++;
      offset = 0;
    } else if (res.ok) {
      const said = (await res.json()) as { sha256?: string; stored?: boolean };
      if (said.stored !== true || said.sha256 !== photo.sha256) throw strange();
      await photos.stored(photo.sha256);
      hooks.progress();
      return;
    } else {
      throw await refusal(res);
    }
  }
  await photos.refused(photo.sha256, "hash-mismatch");
}

// strange is an answer to one photo that makes no sense.
function strange(): Problem {
  return new Problem(502, "unavailable", "");
}

// offsetOf asks how much of a photo the server has. One that it has whole is
// at its end as well: putting any piece of it brings the acknowledgement.
async function offsetOf(photo: Photo): Promise<number> {
  const res = await ask(`/photos/${photo.sha256}`, { method: "HEAD" });
  if (res.status === 401) throw await refusalOf401();
  const at = told(res) ?? 0;
  return at < photo.bytes ? at : 0;
}

async function put(photos: Photos, photo: Photo, offset: number): Promise<Response> {
  const i = Math.floor(offset / pieceBytes);
  const piece = await photos.piece(photo.sha256, i);
  if (!piece) throw new Problem(500, "piece-missing", "");
  // The server may stand within a piece, after a cut.
  const body = piece.slice(offset - i * pieceBytes);
  const last = offset + body.byteLength - 1;
  return ask(`/photos/${photo.sha256}`, {
    method: "PUT",
    body,
    headers: {
      "Content-Type": photo.type || "application/octet-stream",
      "Content-Range": `bytes ${offset}-${last}/${photo.bytes}`,
    },
  });
}

function told(res: Response): number | undefined {
  const header = res.headers.get("Upload-Offset");
  const at = header === null ? Number.NaN : Number(header);
  return Number.isSafeInteger(at) && at >= 0 ? at : undefined;
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(base + path, { credentials: "same-origin", ...init });
  } catch {
    throw new Problem(0, "offline", "");
  }
}

// A HEAD has no body that would say why; the session says it.
async function refusalOf401(): Promise<Problem> {
  const res = await ask("/session", {});
  return res.ok ? new Problem(503, "unavailable", "") : refusal(res);
}
