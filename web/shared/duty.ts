import type { Crew, Duty, Time } from "./api.ts";

// The duty of a crew as dispatch/duty.go has it: what it was put to ends by
// itself at its time, a break in work again and the rest off duty.

function ahead(time: Time | undefined, at: number): boolean {
  return !!time && Date.parse(time) > at;
}

export function dutyAt(crew: Crew, at: number): Duty {
  if (ahead(crew.standby_until, at)) return "standby";
  if (!ahead(crew.on_until, at)) return "off";
  if (crew.on_break && (!crew.break_until || ahead(crew.break_until, at))) return "break";
  return "on";
}

// endsAt is when the crew's state ends by itself.
export function endsAt(crew: Crew, at: number): Time | undefined {
  switch (dutyAt(crew, at)) {
    case "standby":
      return crew.standby_until;
    case "break":
      return crew.break_until;
    case "on":
      return crew.on_until;
  }
}

// skillsOf are the crew's own and those of the shift that it works.
export function skillsOf(crew: Crew): string[] {
  return [...new Set([...(crew.skills ?? []), ...(crew.shift?.skills ?? [])])];
}
