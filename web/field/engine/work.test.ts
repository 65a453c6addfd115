import Dexie from "dexie";
import { describe, expect, it } from "vitest";
import { Work } from "./work.ts";

// thrown is what nobody heard of while something was done.
async function thrown(f: (work: Work) => void): Promise<string[]> {
  const names: string[] = [];
  const note = (err: Error) => names.push(err.name);
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", note);
  f(new Work());
  await new Promise(done => setTimeout(done, 5));
  process.off("unhandledRejection", note);
  for (const other of others) process.on("unhandledRejection", other);
  return names;
}

const closed = () => Promise.reject(new Dexie.DatabaseClosedError("Database has been closed"));

describe("work", () => {
  it("takes a closed database for its end, once it has ended", async () => {
    expect(
      await thrown(work => {
        work.do(closed);
        work.end();
      }),
    ).toEqual([]);
    expect(await thrown(work => work.do(closed))).toEqual(["DatabaseClosedError"]);
  });

  it("hides nothing else", async () => {
    expect(
      await thrown(work => {
        work.do(() => Promise.reject(new TypeError()));
        work.end();
      }),
    ).toEqual(["TypeError"]);
  });

  it("begins nothing after its end", () => {
    const work = new Work();
    work.end();
    work.do(() => {
      throw new Error("begun");
    });
    expect(work.signal.aborted).toBe(true);
  });
});
