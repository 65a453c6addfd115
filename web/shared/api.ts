// The API's shapes by the names that the screens use, taken from schema.ts,
// which `npm run generate` writes from the server's own description. Times are
// RFC 3339, coordinates WGS84.
import type { components } from "./schema.ts";

type Schemas = components["schemas"];

// Objects may hold fields that this build doesn't know. Known leaves those out
// of the type, so that a misspelt one is still an error.
type Known<T> = T extends (infer U)[]
  ? Known<U>[]
  : T extends object
    ? keyof NamedKeys<T> extends never
      ? T
      : { [K in keyof NamedKeys<T>]: Known<NamedKeys<T>[K]> }
    : T;
type NamedKeys<T> = { [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K] };

export type ID = string;
export type Time = string;
export type Names = Record<string, string>;

export type Actor = Known<Schemas["Actor"]>;
export type Role = Actor["role"];
export type Lang = NonNullable<Actor["lang"]>;
export type Authority = Known<Schemas["Authority"]>;
export type Session = Known<Schemas["SignedIn"]>;

export type Place = Known<Schemas["Place"]>;
export type Precision = Place["precision"];
export type Clock = Known<Schemas["Clock"]>;
export type Duration = Known<Schemas["Duration"]>;
export type Incident = Known<Schemas["Incident"]>;
export type Hand = Known<Schemas["Hand"]>;
export type Near = Known<Schemas["NearIncident"]>;
export type Job = Known<Schemas["Job"]>;
export type JobState = Job["state"];
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
export type Crew = Known<Schemas["Crew"]>;
export type Duty = Crew["duty"];
export type Shift = Known<Schemas["Shift"]>;
export type Roster = Known<Schemas["Roster"]>;
export type RosterDay = Known<Schemas["RosterDay"]>;
export type WeekCopied = Known<Schemas["WeekCopied"]>;
export type Position = Known<Schemas["Position"]>;
export type Trail = Known<Schemas["Trail"]>;
export type Tracker = Known<Schemas["Tracker"]>;
export type AddedTracker = Known<Schemas["AddedTracker"]>;
export type Recommendation = Known<Schemas["Recommendation"]>;

// Answer is the reply to one of a category's questions.
export type Answer = boolean | number | string;
export type Report = Omit<Known<Schemas["ReportView"]>, "answers"> & { answers?: Record<string, Answer> };
export type NewReport = Omit<Known<Schemas["NewReport"]>, "answers"> & { answers?: Record<string, Answer> };
export type Filed = Known<Schemas["Filed"]>;

export type Department = Known<Schemas["Department"]>;
export type Category = Known<Schemas["Category"]>;
export type Skill = Known<Schemas["Skill"]>;
export type Question = Known<Schemas["Question"]>;
export type Catalogue = Known<Schemas["Catalogue"]>;
export type Area = Known<Schemas["AreaView"]>;
export type Found = Known<Schemas["Found"]>;
export type Hit = Known<Schemas["Hit"]>;

// Operation is an emergency; this console keeps them and shows none yet.
export interface Operation {
  id: ID;
}

// Message is one entry of a crew's inbox, and Conflict what the field and the
// desk disagree about.
export type Message = Known<Schemas["Message"]>;
export type Conflict = Known<Schemas["FieldConflict"]>;
// Plan is the day of a crew, Stop one job of it, and Closure a road that nobody
// drives.
export type Plan = Known<Schemas["DayPlan"]>;
export type Stop = Known<Schemas["PlanStop"]>;
export type Closure = Known<Schemas["Closure"]>;
export type Settlement = Known<Schemas["Settling"]>["choice"];
export type Device = Known<Schemas["Tablet"]>;
export type Form = Known<Schemas["Form"]>;

export type Snapshot = Omit<Known<Schemas["Snapshot"]>, "operations"> & { operations: Operation[] };

// An event with removed took the object out of the reader's view, and the
// object may then hold nothing but its id.
export type Event = Known<Schemas["FeedEvent"]> & { operation?: Operation };
export type Entry =
  | Event
  | Known<Schemas["FeedPositions"]>
  | Known<Schemas["FeedMark"]>
  | Known<Schemas["FeedResync"]>;

// Photo is one that a job's record names.
export type Photo = Known<Schemas["IncidentPhoto"]>;

export type OpenIncident = {
  incident: Incident;
  reports: Report[];
  jobs: Job[];
  photos: Photo[];
  timeline: Event[];
};
