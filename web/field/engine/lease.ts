import type { Box } from "./box.ts";

// A device that the server hasn't spoken to for this long shows nothing until
// the same person signs in again.
export const leaseTime = 72 * 3_600_000;
const every = 30_000;

// Lease is the rule of a lost tablet that stays off the network. When it ends,
// the screens are locked; the key stays, because work that isn't sent must not
// be lost to a long weekend, and what waits is still sent as soon as there is
// a network. Only a sign-in by the same person opens the lock. Shredding the
// key is for revocation alone.
//
// Setting the clock back doesn't lengthen it: the latest time ever seen counts.
export class Lease {
  private contact = 0;
  private seen = 0;
  private ended = false;
  private wrote = 0;

  constructor(private box: Box) {}

  async load(now: number): Promise<void> {
    this.contact = (await this.box.fact<number>("contact")) ?? 0;
    this.seen = (await this.box.fact<number>("seen")) ?? 0;
    this.ended = (await this.box.fact<boolean>("locked")) ?? false;
    await this.check(now);
  }

  until(): string {
    return new Date(this.contact + leaseTime).toISOString();
  }

  locked(): boolean {
    return this.ended;
  }

  // check moves time on and says whether the lease has ended.
  async check(now: number): Promise<boolean> {
    this.seen = Math.max(this.seen, now);
    if (!this.ended && this.seen > this.contact + leaseTime) {
      this.ended = true;
      await this.box.setFact("locked", true);
    }
    if (this.seen - this.wrote >= every) {
      this.wrote = this.seen;
      await this.box.setFact("seen", this.seen);
    }
    return this.ended;
  }

  // touched is an answer of the server to this device.
  async touched(now: number): Promise<void> {
    if (this.ended || now - this.contact < every) return;
    this.contact = Math.max(now, this.contact);
    await this.box.setFact("contact", this.contact);
  }

  // lock is the server's word that it doesn't know this session any more.
  async lock(): Promise<void> {
    this.ended = true;
    await this.box.setFact("locked", true);
  }

  // renew is a sign-in: it also believes the clock anew.
  async renew(now: number): Promise<void> {
    this.contact = now;
    this.seen = now;
    this.ended = false;
    await this.box.transaction("rw", this.box.facts, async () => {
      await this.box.setFact("contact", now);
      await this.box.setFact("seen", now);
      await this.box.setFact("locked", undefined);
    });
  }
}
