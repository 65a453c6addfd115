import type { FieldState } from "./engine/index.ts";

// exportName is what a file of unsent work is called: whose, and from when.
export function exportName(state: Pick<FieldState, "crew" | "me">, at: number): string {
  const who = (state.crew?.code ?? state.me?.login ?? "tablet").replace(/[^\p{L}\p{N}-]+/gu, "-");
  const when = new Date(at).toISOString().slice(0, 16).replace(/[:T]/g, "-");
  return `moked-${who}-${when}.json`;
}

// download gives a file to the person. The address lives for a minute, which is
// long enough for the slowest disk to begin.
export function download(blob: Blob, name: string): void {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(blob);
  a.download = name;
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(a.href), 60_000);
}
