import type { ID } from "../../shared/api.ts";
import { again, type Box, type PhotoRow, type PieceRow } from "./box.ts";
import { hashOf } from "./ids.ts";
import type { PhotoItem } from "./seam.ts";
import type { Vault } from "./vault.ts";

// What a photo is sent in. A piece is sealed by itself.
export const pieceBytes = 512 * 1024;
// A photo that no op ever named is forgotten after this long.
const unnamed = 7 * 24 * 3_600_000;
const thumbPixels = 320;

export interface About {
  job: ID;
  kind: PhotoItem["kind"];
  type: string;
  refused?: string;
}

export interface Photo extends About {
  sha256: string;
  op: ID;
  state: PhotoRow["state"];
  bytes: number;
  sent: number;
  at: number;
}

// Ready is a photo sealed and cut, to be written in one transaction with the
// op that names it.
export interface Ready {
  sha256: string;
  write: () => PromiseLike<unknown>;
}

// Photos are the pictures taken here. Bytes go only when the server has said,
// naming the hash, that they are stored, and the op naming them has its verdict.
export class Photos {
  private list: Photo[] = [];
  private released = new Set<string>();

  constructor(
    private box: Box,
    private vault: Vault,
  ) {}

  async load(): Promise<void> {
    const rows = await again(this.box, () => this.box.photos.toArray());
    const read = await Promise.all(
      rows.map(async ({ sealed, ...row }) => {
        const about = await this.vault.openJSON<About>(sealed, `photo/${row.sha256}`).catch(() => undefined);
        return about && { ...row, ...about };
      }),
    );
    this.list = read.filter(p => p !== undefined).sort((a, b) => a.at - b.at);
  }

  all(): Photo[] {
    return this.list;
  }

  // due is what is to be sent, the oldest first: what an op has named.
  due(): Photo[] {
    return this.list.filter(p => p.state === "waiting" && p.op !== "");
  }

  // ready seals a photo. The same bytes taken twice are one photo.
  async ready(file: Blob, about: About, op: ID, now: number): Promise<Ready> {
    const bytes = await file.arrayBuffer();
    const sha256 = await hashOf(bytes);
    const pieces: PieceRow[] = [];
    for (let i = 0; i * pieceBytes < bytes.byteLength; i++) {
      const piece = bytes.slice(i * pieceBytes, (i + 1) * pieceBytes);
      pieces.push({ sha256, i, sealed: await this.vault.seal(piece, `piece/${sha256}/${i}`) });
    }
    const thumb = await small(file).catch(() => undefined);
    const sealedThumb = thumb && (await this.vault.seal(thumb, `thumb/${sha256}`));
    const row: PhotoRow = {
      sha256,
      state: "waiting",
      op,
      bytes: bytes.byteLength,
      sent: 0,
      at: now,
      sealed: await this.vault.sealJSON(about, `photo/${sha256}`),
    };
    const write = async () => {
      const known = await this.box.photos.get(sha256);
      if (known && known.state !== "refused") {
        // Its bytes are here or at the server already; the op may be its first.
        if (!known.op) await this.box.photos.update(sha256, { op });
        return;
      }
      await this.box.photos.put(row);
      await this.box.pieces.bulkPut(pieces);
      if (sealedThumb) await this.box.thumbs.put({ sha256, at: now, sealed: sealedThumb });
    };
    return { sha256, write };
  }

  // keep writes a photo that no op names yet.
  async keep(ready: Ready): Promise<void> {
    await again(this.box, () =>
      this.box.transaction("rw", [this.box.photos, this.box.pieces, this.box.thumbs], async () => {
        await ready.write();
      }),
    );
    await this.load();
  }

  // name says which op names photos that were kept before it.
  async name(hashes: string[], op: ID): Promise<void> {
    await again(this.box, () => this.box.photos.where("sha256").anyOf(hashes).modify({ op }));
    this.list = this.list.map(p => (hashes.includes(p.sha256) ? { ...p, op } : p));
  }

  async piece(sha256: string, i: number): Promise<ArrayBuffer | undefined> {
    const row = await again(this.box, () => this.box.pieces.get([sha256, i]));
    return row && this.vault.open(row.sealed, `piece/${sha256}/${i}`);
  }

  // bytes is the whole photo, as long as it is here.
  async bytes(sha256: string): Promise<Blob | undefined> {
    const photo = this.list.find(p => p.sha256 === sha256);
    if (!photo) return undefined;
    const parts: ArrayBuffer[] = [];
    for (let i = 0; i * pieceBytes < photo.bytes; i++) {
      const part = await this.piece(sha256, i);
      if (!part) return undefined;
      parts.push(part);
    }
    return new Blob(parts, { type: photo.type });
  }

  async thumb(sha256: string): Promise<Blob | undefined> {
    const row = await again(this.box, () => this.box.thumbs.get(sha256));
    return row && new Blob([await this.vault.open(row.sealed, `thumb/${sha256}`)], { type: "image/jpeg" });
  }

  async sent(sha256: string, sent: number): Promise<void> {
    await this.change(sha256, { sent });
  }

  // stored is the server's word, naming the hash, that it holds the bytes.
  async stored(sha256: string): Promise<void> {
    const photo = this.list.find(p => p.sha256 === sha256);
    await this.change(sha256, { state: "stored", sent: photo?.bytes ?? 0 });
  }

  // refused is the server's word that it will never take these bytes. They stay.
  async refused(sha256: string, code: string): Promise<void> {
    const photo = this.list.find(p => p.sha256 === sha256);
    if (!photo) return;
    const { job, kind, type } = photo;
    const sealed = await this.vault.sealJSON({ job, kind, type, refused: code }, `photo/${sha256}`);
    await again(this.box, () => this.box.photos.update(sha256, { state: "refused", sealed }));
    this.list = this.list.map(p => (p.sha256 === sha256 ? { ...p, state: "refused", refused: code } : p));
  }

  private async change(sha256: string, change: Partial<Pick<PhotoRow, "state" | "sent">>): Promise<void> {
    await again(this.box, () => this.box.photos.update(sha256, change));
    this.list = this.list.map(p => (p.sha256 === sha256 ? { ...p, ...change } : p));
  }

  // release deletes the bytes of what is stored and whose op has its verdict,
  // and what no op ever named. settled says whether an op has its verdict; one
  // that the queue has forgotten has. Rows and thumbs go after a while.
  async release(settled: (op: ID) => boolean, now: number): Promise<void> {
    const left = this.list.filter(p => p.state === "stored" && settled(p.op));
    const stored = left.filter(p => !this.released.has(p.sha256) || now - p.at > unnamed);
    const old = this.list.filter(p => p.op === "" && p.state === "waiting" && now - p.at > unnamed);
    const gone = [...old, ...stored.filter(p => now - p.at > unnamed)].map(p => p.sha256);
    for (const { sha256 } of [...stored, ...old]) {
      await again(this.box, () =>
        this.box.transaction("rw", [this.box.photos, this.box.pieces, this.box.thumbs], async () => {
          await this.box.pieces
            .where("[sha256+i]")
            .between([sha256, 0], [sha256, Number.MAX_SAFE_INTEGER])
            .delete();
          if (!gone.includes(sha256)) return;
          await this.box.photos.delete(sha256);
          await this.box.thumbs.delete(sha256);
        }),
      );
      this.released.add(sha256);
    }
    if (gone.length > 0) this.list = this.list.filter(p => !gone.includes(p.sha256));
  }

  items(sending: string | undefined): PhotoItem[] {
    return this.list
      .filter(p => p.op !== "")
      .map(p => ({
        sha256: p.sha256,
        job: p.job,
        kind: p.kind,
        bytes: p.bytes,
        sent: p.sent,
        state: p.state === "stored" ? "stored" : p.sha256 === sending ? "sending" : "waiting",
        ...(p.refused && { refused: p.refused }),
      }));
  }
}

// small is the picture for lists, when its bytes have left.
async function small(file: Blob): Promise<ArrayBuffer | undefined> {
  if (typeof createImageBitmap !== "function" || typeof OffscreenCanvas !== "function") return undefined;
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, thumbPixels / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(picture.width * scale)),
    Math.max(1, Math.round(picture.height * scale)),
  );
  canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.7 });
  return blob.arrayBuffer();
}
