import type { ID, Job } from "../../shared/api.ts";
import { call, Problem } from "../../shared/client.ts";
import { metres } from "../../shared/distance.ts";
import { again, type Box, full } from "./box.ts";
import type { FieldState } from "./seam.ts";
import type { Vault } from "./vault.ts";

// Fix is where the crew was; at is by the device's clock, in milliseconds.
export interface Fix {
  lat: number;
  lon: number;
  accuracy: number;
  heading?: number;
  speed?: number;
  at: number;
}

// A fix worse than this says nothing, in metres.
const vague = 150;
// How often a fix is kept: while the crew moves, and while it stands.
const moving = { seconds: 10, metres: 25 };
const standing = 60;
// What is kept of a shift without a network, at most; then the older half is
// thinned.
const most = 3000;
const batch = 500;

export const near = { metres: 80, leaves: 120, seconds: 20 };

// worth says whether a fix is to be kept after the last one that was.
export function worth(fix: Fix, last: Fix | undefined): boolean {
  if (fix.accuracy > vague) return false;
  if (!last) return true;
  const seconds = (fix.at - last.at) / 1000;
  if (seconds >= standing) return true;
  if (seconds < moving.seconds) return false;
  return metres(fix, last) >= Math.max(moving.metres, fix.accuracy / 2);
}

// Fence suggests that the crew has arrived: at the place of a job that it is
// on its way to, for long enough. It is the crew's to confirm.
export class Fence {
  private at: { job: ID; since: number } | undefined;

  see(fix: Fix, jobs: readonly Job[]): FieldState["nearJob"] {
    if (fix.accuracy > near.leaves) return this.say(fix, jobs);
    const reach = (job: Job) => (this.at?.job === job.id ? near.leaves : near.metres);
    const candidates = jobs
      .filter(j => j.state === "accepted" || j.state === "departed")
      .map(job => ({ job, away: metres(fix, job.place) }))
      .filter(c => c.away <= reach(c.job))
      .sort((a, b) => a.away - b.away);
    const still = candidates.find(c => c.job.id === this.at?.job);
    const found = still ?? candidates[0];
    if (!found) this.at = undefined;
    else if (!still) this.at = { job: found.job.id, since: fix.at };
    return this.say(fix, jobs);
  }

  private say(fix: Fix, jobs: readonly Job[]): FieldState["nearJob"] {
    const job = jobs.find(j => j.id === this.at?.job);
    if (!this.at || !job || (job.state !== "accepted" && job.state !== "departed")) return null;
    if (fix.at - this.at.since < near.seconds * 1000) return null;
    return {
      job: job.id,
      metres: Math.round(metres(fix, job.place)),
      accuracy: Math.round(fix.accuracy),
      lat: fix.lat,
      lon: fix.lon,
    };
  }
}

// Track is the fixes that are yet to be told.
export class Track {
  private last: Fix | undefined;

  constructor(
    private box: Box,
    private vault: Vault,
  ) {}

  async keep(fix: Fix): Promise<boolean> {
    if (!worth(fix, this.last)) return false;
    this.last = fix;
    const sealed = await this.vault.sealJSON(fix, "fix");
    try {
      await again(this.box, () => this.box.fixes.add({ at: fix.at, sealed }));
    } catch (err) {
      // What is left of a full disk is for ops.
      if (full(err)) return false;
      throw err;
    }
    await this.thin();
    return true;
  }

  private async thin(): Promise<void> {
    const all = await again(this.box, () => this.box.fixes.toCollection().primaryKeys());
    if (all.length <= most) return;
    const drop = all.slice(0, all.length / 2).filter((_, i) => i % 2 === 1);
    await again(this.box, () => this.box.fixes.bulkDelete(drop));
  }

  // send tells what is kept, the oldest first. skewMs is taken off: the server
  // judges a fix by its own clock.
  async send(skewMs: number): Promise<void> {
    for (;;) {
      const rows = await again(this.box, () => this.box.fixes.orderBy("n").limit(batch).toArray());
      if (rows.length === 0) return;
      const positions = [];
      for (const row of rows) {
        const fix = await this.vault.openJSON<Fix>(row.sealed, "fix").catch(() => undefined);
        if (!fix) continue;
        const { lat, lon, accuracy, heading, speed, at } = fix;
        positions.push({ lat, lon, accuracy, heading, speed, at: new Date(at - skewMs).toISOString() });
      }
      try {
        if (positions.length > 0) await call("/positions", { body: { positions } });
      } catch (err) {
        // Positions are telemetry: what the server won't read is let go.
        if (!(err instanceof Problem) || ![400, 413, 422].includes(err.status)) throw err;
      }
      await again(this.box, () => this.box.fixes.bulkDelete(rows.map(r => r.n!)));
    }
  }
}

// watch follows the device's position until it is stopped.
export function watch(see: (fix: Fix) => void): () => void {
  const geo = globalThis.navigator?.geolocation;
  if (!geo) return () => {};
  const id = geo.watchPosition(
    ({ coords, timestamp }) =>
      see({
        lat: coords.latitude,
        lon: coords.longitude,
        accuracy: coords.accuracy,
        // A device that stands says NaN, and null where it doesn't know.
        heading: Number.isFinite(coords.heading) ? coords.heading! : undefined,
        speed: Number.isFinite(coords.speed) ? coords.speed! : undefined,
        at: timestamp,
      }),
    () => {},
    { enableHighAccuracy: true, maximumAge: 5000, timeout: 60_000 },
  );
  return () => geo.clearWatch(id);
}
