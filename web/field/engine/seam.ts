// What the screens see of the engine. The engine knows nothing of React.
import type { Source } from "pmtiles";
import type { Category, Closure, Crew, Department, Form, ID, Job, Message, Time } from "../../shared/api.ts";

export type { Form, Message };

// What a tablet may do. The words are those of dispatch.Action and of sync.
export type OpKind =
  | "job.accept"
  | "job.depart"
  | "job.arrive"
  | "job.pause"
  | "job.resume"
  | "job.complete"
  | "job.decline"
  | "job.note"
  | "job.check"
  | "job.material"
  | "job.photo"
  | "job.sign"
  | "job.transfer"
  | "incident.open"
  | "crew.duty"
  | "message.read";

export type PhotoKind = "before" | "after" | "other";

// JobRecord is what the crew put down about a job.
export type JobRecord = NonNullable<Job["record"]>;
export type FieldJob = Job;
export type FieldCategory = Category;

export type Verdict = "applied" | "merged" | "kept" | "refused";

// QueueItem is one thing done on this tablet. text is the server's own words
// about its verdict, in the caller's language.
export interface QueueItem {
  id: ID;
  kind: OpKind;
  job?: ID;
  number?: string;
  performed_at: Time;
  state: "waiting" | "sending" | "done";
  status?: Verdict;
  reason?: string;
  text?: string;
  data: Record<string, unknown>;
}

// PhotoItem is one photo on this tablet. refused is the server's code where it
// will never take the bytes; they stay here and in the exported file.
export interface PhotoItem {
  sha256: string;
  job: ID;
  kind: PhotoKind | "signature";
  bytes: number;
  sent: number;
  state: "waiting" | "sending" | "stored";
  refused?: string;
}

export interface FieldState {
  phase: "starting" | "signed-out" | "locked" | "ready" | "revoked";
  me: { name: string; login: string; lang: string } | null;
  crew: Crew | null;
  // jobs have what waits in the queue folded in, in the planned order.
  jobs: FieldJob[];
  categories: FieldCategory[];
  departments: Department[];
  // closures are the roads that nobody drives, now or soon.
  closures: Closure[];
  messages: Message[];
  link: { state: "live" | "resuming" | "offline"; since: number };
  // queue holds what is done for 24 hours after its verdict.
  queue: QueueItem[];
  photos: PhotoItem[];
  // waiting counts the ops and photos that the server hasn't acknowledged.
  waiting: number;
  // skewMs is this device's clock less the server's, in milliseconds.
  skewMs: number;
  storage: { usage: number; quota: number; low: boolean; full: boolean };
  map: { state: "none" | "downloading" | "ready" | "stale"; bytes: number; total: number; at?: Time };
  lease: { until: Time };
  update: boolean;
  // nearJob is the job whose place the crew has stood at, on its way to it.
  nearJob: { job: ID; metres: number; accuracy: number; lat: number; lon: number } | null;
  // home is the middle of the authority, where a map begins that knows no other
  // place.
  home: { lat: number; lon: number } | null;
  // here is the last fix, for the map and for opening an incident where one stands.
  here: { lat: number; lon: number; accuracy: number; at: Time } | null;
}

export type PMTilesSource = Source;

export interface Engine {
  // state is immutable: a new object at each change.
  state(): FieldState;
  subscribe(f: () => void): () => void;
  // signIn throws a Problem. It renews the lease, and unlocks.
  signIn(login: string, password: string): Promise<void>;
  // signOut is refused while work is unsent, unless all of it was exported
  // (exportQueue) and the caller says that the file was handed over.
  signOut(opts?: { handedOver?: boolean }): Promise<"done" | "refused">;
  // act is durable when it resolves with the op's id, and state() already shows
  // its effect.
  act(kind: OpKind, job: ID | undefined, data: object): Promise<ID>;
  // addPhoto keeps the bytes as they are and says so to the job; it is durable
  // when it resolves with the sha256. It throws a Problem "storage-full".
  addPhoto(job: ID, kind: PhotoKind, file: Blob, caption?: string): Promise<string>;
  addSignature(job: ID, png: Blob, name: string): Promise<string>;
  // keepPhoto keeps the bytes for an incident that is about to be opened: name
  // the sha256 in incident.open's photos.
  keepPhoto(file: Blob): Promise<string>;
  // photoUrl is an object URL of the local copy, or the server's address.
  photoUrl(sha256: string): Promise<string>;
  syncNow(): void;
  // exportQueue is a JSON file of what is unsent, with the photos' bytes.
  exportQueue(): Promise<Blob>;
  downloadMap(onProgress: (done: number, total: number) => void, signal: AbortSignal): Promise<void>;
  removeMap(): Promise<void>;
  mapSource(): Promise<PMTilesSource | null>;
  // applyUpdate starts the waiting version of the app; the page loads anew.
  applyUpdate(): void;
  stop(): void;
}
