import type { Time } from "./api.ts";

// What the server answers instead of what was asked: RFC 9457 with a stable
// code. current is the object as it stands, when the refusal is about a version.
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly field?: string,
    readonly current?: unknown,
  ) {
    super(`${status} ${code}`);
  }
}

export const base = "/api/v1";

let language = "he";

// speak sets the language that answers come in.
export function speak(lang: string): void {
  language = lang;
}

let skew = 0;

// now is the server's time, as far as its answers told: every screen's clocks
// agree even where a computer's own is off.
export function now(): number {
  return Date.now() + skew;
}

// agree takes the server's time from an answer. Less than two seconds is noise.
export function agree(at: Time | null): void {
  if (!at) return;
  const off = Date.parse(at) - Date.now();
  if (Number.isFinite(off)) skew = Math.abs(off) < 2000 ? 0 : off;
}

// freshId is a random UUID (version 4). The browser's own exists only on pages
// served over HTTPS, and a hotline's own network may do without.
export function freshId(): string {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6]! & 0x0f) | 0x40;
  b[8] = (b[8]! & 0x3f) | 0x80;
  const hex = [...b].map(v => v.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

interface Ask {
  method?: string;
  body?: unknown;
  key?: string;
  signal?: AbortSignal;
  keepalive?: boolean;
}

// call asks the API and returns its answer, or throws a Problem. A network that
// fails is a Problem of status 0 and code "offline".
export async function call<T>(path: string, ask: Ask = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language };
  if (ask.body !== undefined) headers["Content-Type"] = "application/json";
  if (ask.key) headers["Idempotency-Key"] = ask.key;
  let res: Response;
  try {
    res = await fetch(base + path, {
      method: ask.method ?? (ask.body === undefined ? "GET" : "POST"),
      headers,
      body: ask.body === undefined ? undefined : JSON.stringify(ask.body),
      credentials: "same-origin",
      signal: ask.signal,
      keepalive: ask.keepalive ?? false,
    });
  } catch (err) {
    if (err instanceof DOMException && err.name === "AbortError") throw err;
    throw new Problem(0, "offline", "");
  }
  if (res.status === 204) return undefined as T;
  if (!res.ok) throw await refusal(res);
  return (await res.json().catch(() => ({}))) as T;
}

// refusal is the Problem that an answer tells.
export async function refusal(res: Response): Promise<Problem> {
  const json = await res.json().catch(() => ({}));
  return new Problem(
    res.status,
    json.code ?? "unavailable",
    json.detail ?? json.title ?? "",
    json.field,
    json.current,
  );
}

// query writes parameters as a query string, leaving out what is empty.
export function query(params: Record<string, string | number | boolean | undefined | null>): string {
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== "") q.set(name, String(value));
  }
  const text = q.toString();
  return text ? `?${text}` : "";
}
