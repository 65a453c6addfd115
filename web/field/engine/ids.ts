let last = 0;
let count = 0;

// opId is a UUID of version 7. Those that one page makes are in order, also
// within a millisecond and when the clock is set back.
export function opId(now: number = Date.now()): string {
  if (now > last) {
    last = now;
    count = crypto.getRandomValues(new Uint16Array(1))[0]! & 0x7ff;
  } else if (++count > 0xfff) {
    last++;
    count = 0;
  }
  const b = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(b.buffer);
  view.setUint16(0, Math.floor(last / 2 ** 32));
  view.setUint32(2, last % 2 ** 32);
  view.setUint16(6, 0x7000 | count);
  b[8] = (b[8]! & 0x3f) | 0x80;
  const hex = [...b].map(v => v.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// hashOf is the SHA-256 of bytes as the server writes it.
export async function hashOf(bytes: BufferSource): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...sum].map(v => v.toString(16).padStart(2, "0")).join("");
}
