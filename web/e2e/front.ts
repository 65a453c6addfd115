// A front stands between the tablet and the program, as a city's proxy does. It
// can hold files back, let the API fall silent, and bring the app's next build.
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";

export interface Front {
  url: string;
  // hold keeps files back by their path; let go, they come at once.
  hold: (path: RegExp) => () => void;
  // silent makes the API unreachable while the app's own files still come.
  silent: (is: boolean) => void;
  // cut lets so many bytes of answers through and then no more; they break off
  // when it is mended.
  cut: (path: RegExp, bytes: number) => () => void;
  // asked is what came by, with the piece that was asked for: "GET /a bytes=0-9".
  asked: string[];
  // build is the app's next build: its document and its worker say its name.
  build: (name: string) => void;
  close: () => Promise<void>;
}

export async function front(behind: string): Promise<Front> {
  const { hostname, port } = new URL(behind);
  const held = new Map<RegExp, Promise<void>>();
  const cuts = new Map<RegExp, number>();
  const stuck = new Set<ServerResponse>();
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let quiet = false;
  let name = "";

  const pass = async (req: IncomingMessage, res: ServerResponse) => {
    const path = (req.url ?? "/").split("?")[0]!;
    asked.push([req.method, path, req.headers.range].filter(Boolean).join(" "));
    if (quiet && path.startsWith("/api/")) return void req.socket.destroy();
    for (const [which, gone] of held) if (which.test(path)) await gone;
    const dressed = name !== "" && /^\/field(\/sw\.js)?$/.test(path);
    const headers = { ...req.headers };
    if (dressed) for (const h of ["accept-encoding", "if-none-match", "if-modified-since"]) delete headers[h];
    const ask = request({ hostname, port, path: req.url, method: req.method, headers }, answer => {
      if (!dressed) {
        res.writeHead(answer.statusCode!, answer.headers);
        const cut = [...cuts.keys()].find(which => which.test(path));
        if (!cut) return void answer.pipe(res);
        answer.on("data", (part: Buffer) => {
          const left = cuts.get(cut) ?? part.length;
          cuts.set(cut, left - part.length);
          if (left >= part.length) return void res.write(part);
          answer.pause();
          if (left > 0) res.write(part.subarray(0, left));
          stuck.add(res);
        });
        return void answer.on("end", () => res.end());
      }
      const parts: Buffer[] = [];
      answer.on("data", part => parts.push(part));
      answer.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        const { "content-length": _, etag: __, ...rest } = answer.headers;
        res
          .writeHead(answer.statusCode!, rest)
          .end(path === "/field" ? titled(text, name) : revised(text, name));
      });
    });
    ask.on("error", () => res.destroy());
    res.on("close", () => ask.destroy());
    req.pipe(ask);
  };
  const server = createServer((req, res) => void pass(req, res));
  server.on("connection", socket => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  // The feed's socket is passed through as it is.
  server.on("upgrade", (req, socket, head) => {
    if (quiet) return socket.destroy();
    const lines = req.rawHeaders.flatMap((h, i) => (i % 2 ? [] : [`${h}: ${req.rawHeaders[i + 1]}`]));
    const through = connect(Number(port), hostname, () => {
      through.write(`${req.method} ${req.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      through.write(head);
      through.pipe(socket).pipe(through);
    });
    for (const end of [through, socket]) {
      end.on("error", () => {});
      end.on("close", () => {
        through.destroy();
        socket.destroy();
      });
    }
  });
  await new Promise<void>(done => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const at = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${at}`,
    hold: path => {
      let go = () => {};
      held.set(path, new Promise(done => (go = done)));
      return () => {
        held.delete(path);
        go();
      };
    },
    cut: (path, bytes) => {
      cuts.set(path, bytes);
      return () => {
        cuts.delete(path);
        for (const res of stuck) res.destroy();
        stuck.clear();
      };
    },
    asked,
    silent: is => {
      quiet = is;
      if (is) for (const socket of sockets) socket.destroy();
    },
    build: next => {
      name = next;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise(done => server.close(done));
    },
  };
}

function titled(document: string, name: string): string {
  return document.replace("<head>", `<head><meta name="build" content="${name}">`);
}

// revised is a worker that keeps another document: the list of its files gives
// each that has no hash in its name a revision.
function revised(worker: string, name: string): string {
  const next = worker.replace(/(revision:)([`"'])[0-9a-f]{32}\2/g, `$1"${name}"`);
  const same = worker.replace(/("revision":)"[0-9a-f]{32}"/g, `$1"${name}"`);
  const made = next === worker ? same : next;
  if (made === worker) throw new Error("the worker's list has no revisions");
  return made;
}
