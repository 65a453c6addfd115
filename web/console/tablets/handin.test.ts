import { afterEach, describe, expect, it, vi } from "vitest";
import { bytesOf, handIn, read } from "./handin.ts";

const sum = "a".repeat(64);
const file = (change: object = {}) =>
  JSON.stringify({
    ...{ moked: "field-queue", version: 1, device: "d", login: "avi", exported_at: "2026-03-01T10:00:00Z" },
    ...{ ops: [{ id: "1", kind: "job.note" }], photos: [{ sha256: sum, base64: btoa("photo") }], ...change },
  });

afterEach(() => vi.unstubAllGlobals());

describe("a file that a tablet saved", () => {
  it("is told from any other", () => {
    expect(read(file())).toMatchObject({ login: "avi", ops: [{ id: "1" }], photos: [{ sha256: sum }] });
    const whole = file();
    for (const other of ["", "{", "null", "[]", "17", '{"moked":"other"}', whole.slice(0, whole.length / 2)])
      expect(read(other), other).toBeUndefined();
    expect(read(file({ ops: 5 }))).toBeUndefined();
  });

  it("leaves out photos that can't be any, and keeps the rest", () => {
    const photos = [
      null,
      { sha256: "../../x", base64: "" },
      { sha256: sum },
      { sha256: sum, base64: "eA==" },
    ];
    expect(read(file({ photos }))!.photos).toEqual([{ sha256: sum, base64: "eA==" }]);
    expect(bytesOf("%%%")).toBeUndefined();
  });

  it("is sent as its tablet would have, and says what became of it", async () => {
    const asked: [string, unknown][] = [];
    vi.stubGlobal("fetch", async (url: string, ask: { body: BodyInit }) => {
      asked.push([url, ask.body]);
      if (url.includes("/photos/"))
        return new Response(null, { status: (ask.body as Uint8Array).length > 1 ? 201 : 422 });
      const { ops } = JSON.parse(ask.body as string);
      // The server may settle fewer than it is sent; the rest is sent again.
      const results = ops.slice(0, 60).map((_: unknown, n: number) => ({ status: n ? "applied" : "kept" }));
      return Response.json({ results, more: ops.length > 60 });
    });
    const work = read(
      file({
        ops: Array.from({ length: 130 }, (_, n) => ({ id: String(n), kind: "job.note" })),
        photos: [
          { sha256: sum, base64: btoa("photo") },
          { sha256: sum, base64: btoa("x") },
          { sha256: sum, base64: "%" },
        ],
      }),
    )!;
    const progress: number[] = [];
    const taken = await handIn(work, (done, all) => progress.push(done / all));
    expect(taken).toEqual({ verdicts: { kept: 3, applied: 127 }, photos: 1, refused: 2 });
    expect(asked.filter(([url]) => url.endsWith("/sync"))).toHaveLength(3);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });

  it("is not said to be taken when the network goes", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("network");
    });
    await expect(handIn(read(file())!, () => {})).rejects.toMatchObject({ code: "offline" });
  });
});
