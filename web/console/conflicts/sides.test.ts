import { describe, expect, it } from "vitest";
import type { Conflict } from "../../shared/api.ts";
import { choiceOf, delay, fieldWords, first, skewed } from "./sides.ts";

const conflict = (op: Partial<Conflict["op"]>, other: Partial<Conflict["other"]> = {}) =>
  ({
    op: { at: "2026-03-01T10:00:00Z", performed_at: "2026-03-01T10:00:00Z", data: {}, ...op },
    other: { state: "done", ...other },
    choices: ["keep", "accept"],
  }) as unknown as Conflict;

describe("the sides of a conflict", () => {
  it("say which came first, where that is known", () => {
    expect(first(conflict({}, { at: "2026-03-01T10:00:01Z" }))).toBe("field");
    expect(first(conflict({}, { at: "2026-03-01T09:59:59Z" }))).toBe("desk");
    expect(first(conflict({}))).toBeUndefined();
  });

  it("speak of the device's clock from a minute on", () => {
    expect(skewed(conflict({ performed_at: "2026-03-01T10:00:40Z" }))).toBe(false);
    expect(skewed(conflict({ performed_at: "2026-03-01T09:58:00Z" }))).toBe(true);
  });

  it("never arrive before they are done", () => {
    expect(delay(conflict({ received_at: "2026-03-01T12:30:00Z" }))).toBe(9_000_000);
    expect(delay(conflict({ received_at: "2026-03-01T09:00:00Z" }))).toBe(0);
  });

  it("have the crew's words, all of them", () => {
    expect(fieldWords(conflict({ data: { reason: "אין גישה", note: "שער נעול" } }))).toBe(
      "אין גישה · שער נעול",
    );
    expect(fieldWords(conflict({}))).toBe("");
  });

  it("are settled by the digits that stand at the choices, and by no other key", () => {
    expect(choiceOf(conflict({}), "1")).toBe("keep");
    expect(choiceOf(conflict({}), "2")).toBe("accept");
    for (const key of ["0", "3", "12", "a", "Enter"]) expect(choiceOf(conflict({}), key)).toBeUndefined();
  });
});
