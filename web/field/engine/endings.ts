import { call, Problem } from "../../shared/client.ts";
import { Box } from "./box.ts";
import type { Device, Ending } from "./device.ts";
import { removeFiles } from "./map.ts";

const asks: Record<Ending["kind"], [path: string, ask: { method: string }]> = {
  wiped: ["/session/wiped", { method: "POST" }],
  "signed-out": ["/session", { method: "DELETE" }],
};

// destroy deletes a box and its files. It is harmless to do again.
export async function destroy(device: Device, name: string): Promise<void> {
  await new Box(name).delete();
  await removeFiles(name);
  await device.gone();
}

// tell says to the server what it is yet to hear of a box that is gone. What
// can't be said now is said at the next contact.
export async function tell(device: Device): Promise<void> {
  const { ending } = await device.leaving();
  if (!ending) return;
  try {
    await call(...asks[ending.kind]);
  } catch (err) {
    // A session that is over needs no ending.
    if (!(err instanceof Problem) || ![401, 403, 404].includes(err.status)) return;
  }
  await device.told();
}

// deviceName is what people call the device by, as far as the browser tells.
export function deviceName(): string {
  const agent = globalThis.navigator?.userAgent ?? "";
  const model = /Android [^;)]*; ([^;)]+)/.exec(agent)?.[1]?.trim();
  if (model && model !== "K") return model.slice(0, 60);
  if (/iPad/.test(agent)) return "iPad";
  if (/iPhone/.test(agent)) return "iPhone";
  return /Android/.test(agent) ? "Android" : (/(Windows|Mac OS X|CrOS|Linux)/.exec(agent)?.[1] ?? "");
}
