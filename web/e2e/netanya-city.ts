// The real Netanya on the real program: bin/moked with a private database in a
// folder of its own, gone when the test ends.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { Catalogue, Crew, Filed, Found, ID, Job, JobAction } from "../shared/api.ts";

const root = join(import.meta.dirname, "../..");
const program = process.env.MOKED_BIN ?? join(root, "bin/moked");
const data = join(root, "../shared/data");

// missing says what the test lacks, or nothing.
export const missing = [program, join(data, "netanya.osm.pbf")].find(file => !existsSync(file));

export interface Netanya {
  url: string;
  folder: string;
  login: string;
  password: string;
  // moked runs a command beside the server and returns the last line that it prints.
  moked: (...args: string[]) => Promise<string>;
  // api calls as a dispatcher, or as who has the token.
  api: <T>(path: string, body?: unknown, token?: string) => Promise<T>;
  token: string;
  close: () => Promise<void>;
}

const run = promisify(execFile);

// netanya starts the server on an empty database and makes the city, as the
// README says.
export async function netanya(): Promise<Netanya> {
  const folder = await mkdtemp(join(tmpdir(), "moked-netanya-"));
  await chmod(folder, 0o711);
  const moked = async (...args: string[]) => {
    const { stdout } = await run(program, [...args, "--data", folder]);
    return stdout.trimEnd().split("\n").at(-1)!;
  };
  const server = spawn(program, ["serve", "--data", folder, "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  process.once("exit", () => server.kill("SIGINT"));
  const ended = new Promise<void>(done => server.once("exit", () => done()));
  const close = async () => {
    server.kill("SIGINT");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    let said = "";
    server.stderr.on("data", text => {
      said += text;
    });
    const url = await new Promise<string>((found, failed) => {
      createInterface(server.stdout).on("line", line => {
        const at = /^Moked answers on (\S+)/.exec(line);
        if (at) found(at[1]!);
      });
      server.once("exit", () => failed(new Error(`moked serve ended:\n${said}`)));
    });
    const ours = ["--authority", "netanya"];
    const areas = (level: string, file: string) =>
      moked("import", "areas", join(data, file), ...ours, "--level", level);
    await moked(
      ...["authority", "create", "netanya", "--name", "נתניה", "--name-en", "Netanya"],
      ...["--boundary", join(data, "netanya_boundary.geojson")],
    );
    await areas("district", "netanya_districts.geojson");
    await areas("neighbourhood", "netanya_neighbourhoods.geojson");
    await moked("import", "osm", join(data, "netanya.osm.pbf"), ...ours);
    const [login, password] = ["dana", "correct horse battery"];
    await moked(
      ...["user", "add", ...ours, "--login", login, "--password", password],
      ...["--name", "דנה", "--role", "dispatcher"],
    );
    const token = await moked("token", "create", ...ours, "--role", "dispatcher");
    const api = async <T>(path: string, body?: unknown, who = token): Promise<T> => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { Authorization: `Bearer ${who}`, "Content-Type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    };
    const city: Netanya = { url, folder, login, password, moked, api, token, close };
    // What a command changes, a running server takes up in a moment.
    while (!(await find(city, "הרצל"))) await new Promise(done => setTimeout(done, 100));
    return city;
  } catch (err) {
    await close();
    throw err;
  }
}

export interface Spot {
  lat: number;
  lon: number;
}

// onDuty puts a crew on duty where it stands, or stood so many minutes ago.
export async function onDuty(city: Netanya, crew: ID, at: Spot, since = 0): Promise<void> {
  const on_until = new Date(Date.now() + 8 * 3_600_000).toISOString();
  await city.api<{ crew: Crew }>(`/crews/${crew}/duty`, { on_until });
  await stand(city, crew, at, { since });
}

// stand tells where a crew is, or was so many minutes ago.
export async function stand(
  city: Netanya,
  crew: ID,
  { lat, lon }: Spot,
  { since = 0, token }: { since?: number; token?: string } = {},
): Promise<void> {
  const positions = [{ crew, lat, lon, at: new Date(Date.now() - since * 60_000).toISOString() }];
  const { accepted } = await city.api<{ accepted: number }>("/positions", { positions }, token);
  if (accepted !== 1) throw new Error("a position was not taken");
}

// step has a job make one step and returns it as it then is.
export async function step(city: Netanya, job: Job, action: JobAction, more = {}, token?: string) {
  const answer = await city.api<{ job: Job }>(
    `/jobs/${job.id}/${action}`,
    { base_version: job.version, ...more },
    token,
  );
  return answer.job;
}

export async function find(city: Netanya, text: string): Promise<Found | undefined> {
  const { results } = await city.api<{ results: Found[] }>(`/geocode?q=${encodeURIComponent(text)}`);
  return results[0];
}

// corners are real corners of the city's streets, the nearest first and none
// within so many degrees of another.
export async function corners(city: Netanya, around: Spot, count: number, apart = 0.002): Promise<Found[]> {
  const streets = new Map<string, Spot>();
  for (let i = 0; i < 900 && streets.size < 6 * count; i++) {
    // A spiral of even density around the middle.
    const [r, turn] = [0.0011 * Math.sqrt(i), i * 2.39996];
    const at = { lat: around.lat + r * Math.sin(turn), lon: around.lon + 1.18 * r * Math.cos(turn) };
    const { street: name } = await city.api<{ street?: string }>(`/reverse?lat=${at.lat}&lon=${at.lon}`);
    if (name && !streets.has(name)) streets.set(name, at);
  }
  const found: Found[] = [];
  const distance = (a: Spot, b: Spot) => Math.hypot(a.lat - b.lat, (a.lon - b.lon) / 1.18);
  for (const [name, at] of streets) {
    if (found.length === count) break;
    const near = [...streets]
      .filter(([other]) => other !== name)
      .sort(([, a], [, b]) => distance(a, at) - distance(b, at))
      .slice(0, 5);
    for (const [other] of near) {
      const corner = await find(city, `${name} פינת ${other}`);
      if (corner?.precision !== "intersection" || corner.score < 0.9) continue;
      if (found.some(f => distance(f, corner) < apart)) continue;
      found.push(corner);
      break;
    }
  }
  return found;
}

// What a day brings, in the order in which it comes up again.
const calls: [category: string, text: string][] = [
  ["pothole", "בור עמוק בנתיב הימני, כמעט החלקתי עם הקטנוע"],
  ["household-waste", "הפחים לא פונו מאתמול"],
  ["street-light-out", "שלושה פנסים כבויים ברצף"],
  ["water-leak", "מים זורמים לאורך אבן השפה"],
  ["tree-fallen", "ענף גדול נפל על המדרכה"],
  ["parking-blocking", "רכב חוסם את היציאה מהחניה"],
  ["pavement-broken", "מרצפות התרוממו, אישה מעדה"],
  ["sewage-overflow", "ביוב עולה מהשוחה"],
  ["bulky-waste", "ספה ושני ארונות על המדרכה"],
  ["electric-hazard", "מכסה של עמוד תאורה פתוח וחוטים בחוץ"],
  ["mosquitoes", "יתושים ליד בריכת הנוי"],
  ["traffic-light", "הרמזור מהבהב בצהוב"],
  ["irrigation-leak", "ממטרה שבורה משקה את הכביש"],
  ["noise-public", "מוזיקה רועשת מהגן"],
  ["vehicle-abandoned", "רכב בלי לוחיות עומד כבר חודש"],
  ["street-dirty", "המדרכה מלאה שברי זכוכית"],
  ["animal-injured", "חתול פצוע מתחת לרכב"],
  ["water-burst", "פיצוץ צינור, המים מגיעים לכניסה"],
];

const crews: [code: string, name: string, department: string, count: number][] = [
  ["תברואה", "תברואה", "sanitation", 3],
  ["כביש", "דרכים", "roads", 2],
  ["מים", "מים", "water", 2],
  ["ביוב", "ביוב", "sewage", 1],
  ["גינון", "גינון", "gardens", 1],
  ["פיקוח", "פיקוח", "inspection", 1],
  ["חניה", "חניה", "parking", 1],
  ["וטרינר", "וטרינריה", "veterinary", 1],
];

// populate brings an ordinary day: a report from each place, crews of most
// departments near what is theirs to do, and most of them under way with it.
export async function populate(city: Netanya, places: Found[]): Promise<void> {
  const { categories } = await city.api<Catalogue>("/categories");
  const waiting = new Set<Job>();
  for (const [i, place] of places.entries()) {
    const [category, text] = calls[i % calls.length]!;
    const channel = ["phone", "app", "web", "whatsapp"][i % 4]!;
    const filed = await city.api<Filed>("/reports", {
      channel,
      category,
      text,
      place: { text: place.label },
    });
    waiting.add((await city.api<{ job: Job }>(`/jobs/${filed.jobs[0]!.id}`)).job);
  }
  let made = 0;
  for (const [code, name, department, count] of crews) {
    const skills = [...new Set(categories.filter(c => c.department === department).flatMap(c => c.skills))];
    for (let i = 1; i <= count; i++) {
      const { crew } = await city.api<{ crew: Crew }>("/crews", {
        ...{ code: `${code} ${i}`, name: `צוות ${name} ${i}`, departments: [department], skills },
      });
      let job = [...waiting].find(j => j.department === department)!;
      waiting.delete(job);
      const [lat, lon, turn] = [job.place.lat!, job.place.lon!, made++ * 2.4];
      const at = { lat: lat + 0.0022 * Math.sin(turn), lon: lon + 0.0026 * Math.cos(turn) };
      await onDuty(city, crew.id, at, 20);
      if (made % 4 === 0) continue;
      job = await step(city, job, "assign", { crew: crew.id });
      for (const action of (["accept", "depart", "arrive"] as const).slice(0, made % 4)) {
        job = await step(city, job, action);
        if (action === "arrive") await stand(city, crew.id, { lat: lat + 0.0004, lon });
      }
    }
  }
}
