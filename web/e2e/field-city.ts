// A small city on the real program, with one crew and its jobs: what the
// tablet's tests stand on. bin/moked keeps a private database in a folder of
// its own, gone when the test ends.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { Conflict, Filed, ID, Job } from "../shared/api.ts";

const program = process.env.MOKED_BIN ?? join(import.meta.dirname, "../../bin/moked");

// missing says what the test lacks, or nothing.
export const missing = existsSync(program) ? undefined : program;

export const middle = { lat: 32.3265, lon: 34.8585 };
export const password = "correct horse battery";

export interface FieldCity {
  url: string;
  crew: ID;
  // other is a second crew, which has its own login.
  other: ID;
  api: <T>(path: string, body?: unknown) => Promise<T>;
  // assign files a report near the middle and gives its job to a crew.
  assign: (n: number, crew?: ID) => Promise<Job>;
  job: (id: ID) => Promise<Job>;
  conflicts: () => Promise<Conflict[]>;
  // restart kills the program and starts it at the same address.
  halt: () => Promise<void>;
  resume: () => Promise<void>;
  close: () => Promise<void>;
}

const run = promisify(execFile);

export async function fieldCity(): Promise<FieldCity> {
  const folder = await mkdtemp(join(tmpdir(), "moked-field-"));
  await chmod(folder, 0o711);
  const moked = async (...args: string[]) => {
    const { stdout } = await run(program, [...args, "--data", folder]);
    return stdout.trimEnd().split("\n").at(-1)!;
  };
  let end: () => Promise<void> = async () => {};
  const serve = async (listen: string) => {
    const server = spawn(program, ["serve", "--data", folder, "--listen", listen], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    process.once("exit", () => server.kill("SIGINT"));
    const ended = new Promise<void>(done => server.once("exit", () => done()));
    end = async () => {
      server.kill("SIGINT");
      await ended;
    };
    let said = "";
    server.stderr.on("data", text => {
      said += text;
    });
    return new Promise<string>((found, failed) => {
      createInterface(server.stdout).on("line", line => {
        const at = /^Moked answers on (\S+)/.exec(line);
        if (at) found(at[1]!);
      });
      server.once("exit", () => failed(new Error(`moked serve ended:\n${said}`)));
    });
  };
  const close = async () => {
    await end();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = await serve("127.0.0.1:0");
    const ours = ["--authority", "netanya"];
    const boundary = join(folder, "boundary.geojson");
    await writeFile(boundary, JSON.stringify(square()));
    await moked("authority", "create", "netanya", "--name", "נתניה", "--boundary", boundary);
    const token = await moked("token", "create", ...ours, "--role", "dispatcher");
    const crews: ID[] = [];
    for (const [code, login] of [
      ["חשמל 1", "electric"],
      ["חשמל 2", "second"],
    ] as const) {
      const crew = await moked(
        ...["crew", "add", ...ours, "--code", code, "--name", `צוות ${code}`, "--department", "electricity"],
      );
      await moked(
        ...["user", "add", ...ours, "--login", login, "--password", password, "--name", `צוות ${code}`],
        ...["--role", "crew", "--crew", crew],
      );
      crews.push(crew);
    }
    const api = async <T>(path: string, body?: unknown): Promise<T> => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    };
    const job = async (id: ID) => (await api<{ job: Job }>(`/jobs/${id}`)).job;
    const assign = async (n: number, crew = crews[0]!) => {
      const filed = await api<Filed>("/reports", {
        ...{ channel: "phone", category: "street-light-out", text: `פנס כבוי ${n}` },
        place: { lat: middle.lat + n * 0.002, lon: middle.lon },
      });
      const { version } = await job(filed.jobs[0]!.id);
      const given = await api<{ job: Job }>(`/jobs/${filed.jobs[0]!.id}/assign`, {
        crew,
        base_version: version,
      });
      return given.job;
    };
    return {
      ...{ url, crew: crews[0]!, other: crews[1]!, api, assign, job, close },
      conflicts: async () => (await api<{ conflicts: Conflict[] }>("/conflicts")).conflicts,
      halt: () => end(),
      resume: async () => {
        await serve(new URL(url).host);
      },
    };
  } catch (err) {
    await close();
    throw err;
  }
}

function square() {
  const [w, s, e, n] = [middle.lon - 0.05, middle.lat - 0.05, middle.lon + 0.05, middle.lat + 0.05];
  const ring = [
    [w, s],
    [e, s],
    [e, n],
    [w, n],
    [w, s],
  ];
  const feature = { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
  return { type: "FeatureCollection", features: [feature] };
}
