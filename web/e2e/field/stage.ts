// The stage of the tablet's screens: the screens themselves, built as they are
// shipped, on the engine in memory of fake.ts, with a city's tiles behind them.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize, resolve } from "node:path";
import react from "@vitejs/plugin-react";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { launch } from "../browser.ts";
import { fixture } from "../fixture/server.ts";

export interface Look {
  scene?: string;
  look?: "light" | "dark" | "sun";
  lang?: "he" | "en" | "ar" | "ru";
  width?: number;
  height?: number;
  at?: string;
}

export interface FieldStage {
  errors: string[];
  page: (look?: Look) => Promise<Page>;
  close: () => Promise<void>;
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
};

// The pages' policy, as the server has it.
const policy =
  "default-src 'self'; img-src 'self' blob: data:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'";

export async function fieldStage(): Promise<FieldStage> {
  const root = resolve(import.meta.dirname ?? process.cwd(), "../..");
  const out = join(tmpdir(), `moked-field-stage-${process.pid}`);
  await build({
    configFile: false,
    root,
    logLevel: "error",
    plugins: [react()],
    build: {
      outDir: out,
      emptyOutDir: true,
      copyPublicDir: false,
      target: "es2023",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
      rollupOptions: { input: join(root, "e2e/field/index.html") },
    },
  });
  const city = fixture({ living: false });
  const server = createServer((req, res) => {
    if (city.handle(req, res)) return;
    const path = normalize(new URL(req.url ?? "/", "http://stage").pathname);
    const file = join(out, path.startsWith("/assets/") ? path : "e2e/field/index.html");
    readFile(file).then(
      content =>
        res
          .writeHead(200, {
            "Content-Type": types[extname(file)] ?? "application/octet-stream",
            "Content-Security-Policy": policy,
          })
          .end(content),
      () => res.writeHead(404).end(),
    );
  });
  await new Promise<void>(done => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const browser: Browser = await launch();
  const errors: string[] = [];
  const page = async ({
    scene = "busy",
    look = "light",
    lang = "he",
    width = 800,
    height = 1280,
    at = "",
  }: Look = {}) => {
    const context = await browser.newContext({
      viewport: { width, height },
      locale: "he-IL",
      timezoneId: "Asia/Jerusalem",
      reducedMotion: "reduce",
      hasTouch: true,
      permissions: ["geolocation"],
      geolocation: { latitude: 32.3249, longitude: 34.8639, accuracy: 8 },
    });
    await context.addInitScript(
      ([l, s]) => {
        localStorage.setItem("moked.field.look", l!);
        localStorage.setItem("moked.lang", s!);
      },
      [look, lang] as const,
    );
    const made = await context.newPage();
    made.on("pageerror", e => errors.push(e.message));
    made.on("console", m => {
      if (m.type() === "error" && !/Failed to load resource/.test(m.text())) errors.push(m.text());
    });
    await made.goto(`${url}/?scene=${scene}${at}`);
    await made.locator("main").waitFor();
    return made;
  };
  return {
    errors,
    page,
    close: async () => {
      await browser.close();
      city.stop();
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  };
}
