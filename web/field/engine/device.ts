import Dexie, { type Table } from "dexie";
import { freshId } from "../../shared/client.ts";
import { hashOf } from "./ids.ts";

// Ending is what the server is yet to be told of a box that is gone.
export type Ending = { kind: "wiped" } | { kind: "signed-out" };

// Device is what this browser knows before anybody signs in: its own id, whose
// box is open, and what is left to do. Nothing in it is personal.
export class Device extends Dexie {
  private facts!: Table<{ name: string; value: unknown }, string>;

  constructor() {
    super("moked-device", { chromeTransactionDurability: "strict" });
    this.version(1).stores({ facts: "name" });
  }

  private async read<T>(name: string): Promise<T | undefined> {
    return (await this.facts.get(name))?.value as T | undefined;
  }

  // identity is this device's id for who has this login, made once: a tablet
  // that two crews share is a device of each.
  async identity(login: string): Promise<string> {
    const name = await idName(login);
    return this.transaction("rw", this.facts, async () => {
      const known = await this.read<string>(name);
      if (known) return known;
      const id = freshId();
      await this.facts.add({ name, value: id });
      return id;
    });
  }

  // known notes the id that the server knows this device by for a login.
  async known(login: string, id: string): Promise<void> {
    await this.facts.put({ name: await idName(login), value: id });
  }

  // current is the name of the box in use.
  current(): Promise<string | undefined> {
    return this.read("box");
  }

  // ending is what must be told to the server, and doomed the box to delete.
  async leaving(): Promise<{ ending?: Ending; doomed?: string }> {
    const [ending, doomed] = await Promise.all([this.read<Ending>("ending"), this.read<string>("doomed")]);
    return { ending, doomed };
  }

  async hold(box: string): Promise<void> {
    await this.transaction("rw", this.facts, async () => {
      await this.facts.put({ name: "box", value: box });
      await this.facts.delete("ending");
    });
  }

  // doom says that a box is to go and what the server is to be told: written
  // before anything is deleted, so that a device that dies goes on with it.
  async doom(box: string, ending: Ending | undefined): Promise<void> {
    await this.transaction("rw", this.facts, async () => {
      await this.facts.delete("box");
      await this.facts.put({ name: "doomed", value: box });
      if (ending) await this.facts.put({ name: "ending", value: ending });
      // A device that was revoked doesn't come back under its id.
      if (ending?.kind === "wiped") await this.facts.where("name").startsWith("id/").delete();
    });
  }

  async gone(): Promise<void> {
    await this.facts.delete("doomed");
  }

  async told(): Promise<void> {
    await this.facts.delete("ending");
  }
}

async function idName(login: string): Promise<string> {
  return `id/${await hashOf(new TextEncoder().encode(login.trim().toLowerCase()))}`;
}
