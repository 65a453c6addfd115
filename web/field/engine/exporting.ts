import type { Photos } from "./photos.ts";
import type { Entry } from "./queue.ts";

// Handover says up to where a file holds everything that was unsent.
export interface Handover {
  ops: Set<string>;
  photos: Set<string>;
}

// exported is the file of last resort: the ops as the server would read them,
// and the photos' bytes in base64. It isn't sealed: whoever holds it reads it.
export async function exported(
  ops: Entry[],
  photos: Photos,
  about: { device: string; login: string; at: string },
): Promise<{ file: Blob; handover: Handover }> {
  const parts: string[] = [
    `{"moked":"field-queue","version":1,"device":${JSON.stringify(about.device)},`,
    `"login":${JSON.stringify(about.login)},"exported_at":${JSON.stringify(about.at)},`,
    `"ops":${JSON.stringify(ops.map(e => e.op))},"photos":[`,
  ];
  const handover: Handover = { ops: new Set(ops.map(e => e.op.id)), photos: new Set() };
  for (const p of photos.all()) {
    if (p.state === "stored") continue;
    const bytes = await photos.bytes(p.sha256);
    if (!bytes) continue;
    const { sha256, job, kind, type, op } = p;
    const head = JSON.stringify({ sha256, job, kind, type, op });
    const comma = handover.photos.size > 0 ? "," : "";
    parts.push(`${comma}${head.slice(0, -1)},"base64":"${base64(await bytes.arrayBuffer())}"}`);
    handover.photos.add(sha256);
  }
  parts.push("]}");
  return { file: new Blob(parts, { type: "application/json" }), handover };
}

function base64(bytes: ArrayBuffer): string {
  const all = new Uint8Array(bytes);
  const step = 0x8000 - (0x8000 % 3);
  let out = "";
  for (let i = 0; i < all.length; i += step) out += btoa(String.fromCharCode(...all.subarray(i, i + step)));
  return out;
}
