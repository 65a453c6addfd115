// The API's shapes, one type per noun, as the server sends them: snake_case,
// times in RFC 3339 UTC, coordinates in WGS84.

export type ID = string;
export type Time = string;
export type Lang = "he" | "en" | "ar" | "ru";
export type Names = Partial<Record<Lang, string>>;

export type Role =
  | "dispatcher"
  | "operator"
  | "crew"
  | "department"
  | "district"
  | "admin"
  | "resident"
  | "public"
  | "integration"
  | "system";

export interface Actor {
  authority: string;
  role: Role;
  id: ID;
  name?: string;
  district?: string;
  department?: string;
  crew?: ID;
  lang?: Lang;
}

export interface Authority {
  code: string;
  names: Names;
  center: [lon: number, lat: number];
  bbox: [west: number, south: number, east: number, north: number];
}

export interface Session {
  actor: Actor;
  authority: Authority;
}

export interface Ref {
  code: string;
  name: string;
}

export type Precision =
  | "pin"
  | "house"
  | "interpolated"
  | "intersection"
  | "place"
  | "street"
  | "area"
  | "unplaced";

// lat and lon are null when precision is "unplaced".
export interface Place {
  lat: number | null;
  lon: number | null;
  precision: Precision;
  score: number;
  label: string;
  text?: string;
  district: Ref | null;
  neighbourhood: Ref | null;
}

export type Unit = "clock_hours" | "working_hours" | "working_days";

export interface Duration {
  n: number;
  unit: Unit;
}

export interface Pause {
  from: Time;
  until?: Time;
  reason: string;
}

// due_at counts the pauses that have ended; while paused it is the due time as
// of the pause.
export interface Clock {
  kind: "response" | "resolution";
  standard: Duration;
  started_at: Time;
  due_at: Time;
  stopped_at?: Time;
  pauses?: Pause[];
}

export interface Incident {
  id: ID;
  number: string;
  version: number;
  state: "open" | "closed" | "merged";
  category: string;
  department: string;
  priority: number;
  text: string;
  place: Place;
  reports: number;
  clocks: Clock[];
  withheld?: string;
  into?: ID;
  opened_at: Time;
  closed_at?: Time;
}

export type JobState =
  | "planned"
  | "assigned"
  | "accepted"
  | "departed"
  | "arrived"
  | "paused"
  | "done"
  | "cancelled";

export type JobAction =
  | "assign"
  | "accept"
  | "depart"
  | "arrive"
  | "pause"
  | "resume"
  | "complete"
  | "decline"
  | "cancel"
  | "reopen";

export interface Job {
  id: ID;
  number: string;
  version: number;
  state: JobState;
  incident: ID;
  crew: ID | null;
  department: string;
  category: string;
  priority: number;
  text: string;
  place: Place;
  due_at: Time | null;
  reason?: string;
  note?: string;
  paused_from?: JobState;
  created_at: Time;
  assigned_at?: Time;
  arrived_at?: Time;
  ended_at?: Time;
}

export interface Crew {
  id: ID;
  version: number;
  code: string;
  name: string;
  kind: string;
  departments: string[];
  skills: string[];
  district?: string;
  vehicle?: string;
  on_until?: Time;
  on_break?: boolean;
  retired?: boolean;
  lat?: number;
  lon?: number;
  heading?: number;
  at?: Time;
}

export interface Position {
  id: ID;
  lat: number;
  lon: number;
  heading?: number;
  speed?: number;
  at: Time;
}

export type Answer = boolean | number | string;

export interface Contact {
  name?: string;
  phone?: string;
  email?: string;
  lang?: string;
}

export interface Report {
  id: ID;
  number: string;
  token?: string;
  channel: string;
  category: string;
  text: string;
  place: Place;
  contact?: Contact;
  answers?: Record<string, Answer>;
  incident_id: ID;
  filed_at: Time;
}

export interface NewReport {
  channel: string;
  category: string;
  text: string;
  place: { text?: string; lat?: number; lon?: number };
  contact?: Contact;
  answers?: Record<string, Answer>;
  // The incident that the operator said it is about.
  incident?: ID;
}

export interface Filed {
  id: ID;
  number: string;
  token: string;
  place: Place;
  incident: { id: ID; number: string; merged: boolean };
  jobs: { id: ID; number: string; state: JobState; crew: ID | null }[];
  clocks: { kind: Clock["kind"]; due_at: Time }[];
}

export interface Department {
  code: string;
  names: Names;
  icon: string;
  phone?: string;
}

export interface Question {
  code: string;
  kind: "bool" | "number" | "choice";
  names: Names;
  choices?: { code: string; names: Names }[];
}

export interface Category {
  code: string;
  department: string;
  domain: string;
  names: Names;
  keywords?: Names;
  icon: string;
  priority: number;
  skills: string[];
  sensitive?: boolean;
  auto?: boolean;
  retired?: boolean;
  questions: Question[];
  response: { default: Duration };
  resolution: { default: Duration };
}

export interface Catalogue {
  departments: Department[];
  categories: Category[];
}

export interface Area {
  id: ID;
  level: "boundary" | "district" | "neighbourhood";
  code: string;
  name: string;
  names?: Names;
  bbox: [number, number, number, number];
  center: [number, number];
}

export interface Found {
  label: string;
  lat: number;
  lon: number;
  precision: Precision;
  score: number;
  street?: string;
  house?: string;
  district?: Ref | null;
}

export interface Near {
  incident: Incident;
  distance: number;
}

export interface Recommendation {
  crew: ID;
  score: number;
  seconds: number | null;
  reasons: { key: string; args?: Record<string, unknown> }[];
  text: string[];
  suitable: boolean;
}

export interface Hit {
  kind: "incident" | "report" | "job" | "crew" | "address";
  id?: ID;
  label: string;
  lat?: number;
  lon?: number;
}

export type Note = Record<string, unknown>;

// One event as the feed and an incident's timeline carry it, with the object
// after it under its noun. An event with removed took the object out of the
// reader's view, and the object may then hold nothing but its id.
export interface Event {
  seq: number;
  type: string;
  at: Time;
  by?: { role: Role; name?: string };
  incident?: Incident;
  job?: Job;
  crew?: Crew;
  operation?: { id: ID };
  removed?: boolean;
  note?: Note;
}

export interface OpenIncident {
  incident: Incident;
  reports: Report[];
  jobs: Job[];
  timeline: Event[];
}

export interface Snapshot {
  seq: number;
  log: string;
  at: Time;
  incidents: Incident[];
  jobs: Job[];
  crews: Crew[];
  operations: { id: ID }[];
}

export type Entry =
  | Event
  | { type: "positions"; crews: Position[] }
  | { type: "upto"; upto: number }
  | { type: "resync" };
