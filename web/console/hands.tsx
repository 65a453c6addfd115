import { createContext, useContext } from "react";
import type { Closure, ID } from "../shared/api.ts";
import type { Drawn } from "./map/trail.ts";

export interface Point {
  lat: number;
  lon: number;
}

// Pin is the one pin on the map: an address that was looked up, or the place
// of a report being taken, which can be dragged.
export interface Pin extends Point {
  label: string;
  onDrag?: (at: Point) => void;
}

// Drawing is a road that is about to be closed: its lines so far, and what a
// click on the map adds.
export interface Drawing {
  lines: Closure["lines"] | undefined;
  onPoint: (at: Point) => void;
}

// Hands are what any part of the console may do to the others.
export interface Hands {
  open: (id: ID | undefined) => void;
  // touch remembers that this person worked on an incident.
  touch: (id: ID) => void;
  setPin: (pin: Pin | undefined) => void;
  show: (lat: number, lon: number, closest?: number) => void;
  showCrew: (id: ID) => void;
  // showTrail opens a crew's day beside the map, and setTrail draws it there.
  showTrail: (id: ID) => void;
  setTrail: (drawn: Drawn | undefined) => void;
  // showPlan opens what a crew is to do today.
  showPlan: (id: ID) => void;
  // showClosures opens the closed roads; with a place or a reason, closing one
  // begins there.
  showClosures: (start?: { at?: Point; reason?: string }) => void;
  setDrawing: (drawing: Drawing | undefined) => void;
  merge: (id: ID) => void;
  center: () => Point | undefined;
}

export const HandsContext = createContext<Hands | undefined>(undefined);

export function useHands(): Hands {
  const hands = useContext(HandsContext);
  if (!hands) throw new Error("useHands is used outside of the console");
  return hands;
}
