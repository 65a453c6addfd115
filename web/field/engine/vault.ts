import type { Box } from "./box.ts";

const version = 1;
const ivBytes = 12;

// Vault seals what is personal with AES-GCM under a key that the browser keeps
// and no script can read out. Without the key's record the box is noise: that
// is what shred removes when a device is revoked. The label of what is sealed
// is authenticated with it, so that no record passes for another.
export class Vault {
  private constructor(private key: CryptoKey) {}

  // of opens the box's vault; a box that has none gets one.
  static async of(box: Box): Promise<Vault> {
    const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
      "encrypt",
      "decrypt",
    ]);
    return box.transaction("rw", box.keys, async () => {
      const known = await box.keys.get("vault");
      if (known) return new Vault(known.key);
      await box.keys.add({ name: "vault", key: fresh });
      return new Vault(fresh);
    });
  }

  static async shred(box: Box): Promise<void> {
    await box.keys.clear();
  }

  async seal(bytes: BufferSource, label: string): Promise<ArrayBuffer> {
    const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
    const text = await crypto.subtle.encrypt(this.how(iv, label), this.key, bytes);
    const out = new Uint8Array(1 + ivBytes + text.byteLength);
    out[0] = version;
    out.set(iv, 1);
    out.set(new Uint8Array(text), 1 + ivBytes);
    return out.buffer;
  }

  // open throws an OperationError for what was sealed by another key, under
  // another label, or changed.
  async open(sealed: ArrayBuffer, label: string): Promise<ArrayBuffer> {
    const all = new Uint8Array(sealed);
    const iv = all.slice(1, 1 + ivBytes);
    return crypto.subtle.decrypt(this.how(iv, label), this.key, all.slice(1 + ivBytes));
  }

  sealJSON(value: unknown, label: string): Promise<ArrayBuffer> {
    return this.seal(new TextEncoder().encode(JSON.stringify(value)), label);
  }

  async openJSON<T>(sealed: ArrayBuffer, label: string): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await this.open(sealed, label))) as T;
  }

  private how(iv: BufferSource, label: string): AesGcmParams {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(label) };
  }
}
