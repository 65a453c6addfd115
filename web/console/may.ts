import type { JobAction, Role } from "../shared/api.ts";

// What this console offers to whom. The server's policy decides
// (dispatch/policy.go); a control that it would refuse isn't shown.
export type Deed =
  | "change"
  | "close"
  | "assign"
  | "work"
  | "cancel"
  | "crews"
  | "plan"
  | "settle"
  | "roads"
  | "figures";

const deeds: Partial<Record<Role, Deed[]>> = {
  admin: ["change", "close", "assign", "work", "cancel", "crews", "plan", "settle", "roads", "figures"],
  dispatcher: ["change", "close", "assign", "work", "cancel", "crews", "plan", "settle", "roads", "figures"],
  department: ["change", "close", "assign", "work", "cancel", "crews", "plan", "settle", "figures"],
  district: ["change", "close", "assign", "cancel", "settle", "figures"],
  operator: ["change"],
};

export function may(role: Role, deed: Deed): boolean {
  return deeds[role]?.includes(deed) ?? false;
}

// deedOf is what a step of a job takes.
export function deedOf(action: JobAction): Deed {
  if (action === "assign") return "assign";
  if (action === "cancel" || action === "reopen") return "cancel";
  return "work";
}
