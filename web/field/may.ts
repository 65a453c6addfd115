import { useField } from "./state.tsx";

// useMayRaise says whether the crew may open incidents and call other
// departments: volunteers and contractors do neither, as dispatch has it.
export function useMayRaise(): boolean {
  return useField(s => s.crew?.kind !== "volunteer" && s.crew?.kind !== "contractor");
}
