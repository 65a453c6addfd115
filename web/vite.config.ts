/// <reference types="vitest/config" />
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { firstLoad } from "./first-load.mjs";

// Where the API answers while developing: MOKED_URL, or the fixture city.
const target = process.env.MOKED_URL;

function fixtureCity(): Plugin {
  return {
    name: "moked-fixture",
    apply: (_, env) => env.command === "serve" && !target && !process.env.VITEST,
    async configureServer(server) {
      const { fixture } = await import("./e2e/fixture/server.ts");
      const city = fixture();
      server.middlewares.use((req, res, next) => {
        if (!city.handle(req, res)) next();
      });
      server.httpServer?.on("upgrade", (req, socket, head) => city.upgrade(req, socket, head));
      server.httpServer?.on("close", () => city.stop());
    },
  };
}

// Each address is a built document, as the Go server has it.
function pages(): Plugin {
  return {
    name: "moked-pages",
    configureServer(server) {
      server.middlewares.use((req, _res, next) => {
        if (/^\/(console(\/[^.?]*)?|login)?(\?|$)/.test(req.url ?? "")) req.url = "/console/index.html";
        if (/^\/field(\/[^.?]*)?(\?|$)/.test(req.url ?? "")) req.url = "/field/index.html";
        if (/^\/district(\?|$)/.test(req.url ?? "")) req.url = "/district/index.html";
        next();
      });
    },
  };
}

// The server sends these instead of compressing at each request.
function compressed(): Plugin {
  return {
    name: "moked-compressed",
    apply: "build",
    writeBundle({ dir }) {
      const assets = join(dir!, "assets");
      for (const file of readdirSync(assets)) {
        if (!/\.(js|mjs|css|svg)$/.test(file)) continue;
        const whole = readFileSync(join(assets, file));
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: 11,
          [constants.BROTLI_PARAM_SIZE_HINT]: whole.length,
        };
        writeFileSync(join(assets, `${file}.br`), brotliCompressSync(whole, { params }));
        writeFileSync(join(assets, `${file}.gz`), gzipSync(whole, { level: 9 }));
      }
    },
  };
}

// The fonts of the server's printed pages, whole ones in two weights: a PDF can't
// carry variable ones as fonts. The letters of all four languages are among them.
function printFonts(): Plugin {
  const sets = [
    "noto-sans-hebrew/hebrew",
    "noto-sans-hebrew/latin",
    "noto-sans-arabic/arabic",
    "noto-sans/cyrillic",
  ];
  return {
    name: "moked-print-fonts",
    apply: "build",
    writeBundle({ dir }) {
      mkdirSync(join(dir!, "print"), { recursive: true });
      for (const [name, letters] of sets.map(s => s.split("/"))) {
        for (const weight of [400, 700]) {
          const file = `${name}-${letters}-${weight}-normal.woff2`;
          const from = join(import.meta.dirname, "node_modules/@fontsource", name!, "files", file);
          copyFileSync(from, join(dir!, "print", file));
        }
      }
    },
  };
}

// The tablet's worker, with the list of the files that it keeps written in:
// those of /field, and what its page imports later marked so.
function fieldWorker() {
  const dist = join(import.meta.dirname, "dist");
  return VitePWA({
    strategies: "injectManifest",
    srcDir: "field",
    filename: "sw.ts",
    outDir: join(dist, "field"),
    injectRegister: false,
    manifest: false,
    injectManifest: {
      swDest: join(dist, "field/sw.js"),
      globDirectory: dist,
      globPatterns: ["assets/*.{js,mjs,css,svg,woff2}", "field/index.html", "field/*.{svg,png,webmanifest}"],
      rollupFormat: "iife",
      maximumFileSizeToCacheInBytes: 10e6,
      manifestTransforms: [
        entries => {
          const { shell, rest } = firstLoad(dist, "field/index.html");
          const named = entries.filter(
            e => shell.has(e.url) || rest.has(e.url) || !e.url.startsWith("assets/"),
          );
          const manifest = named.map(e => ({
            url: e.url === "field/index.html" ? "/field" : `/${e.url}`,
            revision: e.url.startsWith("assets/") ? null : e.revision,
            size: e.size,
            ...(rest.has(e.url) && { rest: true }),
          }));
          return { manifest };
        },
      ],
    },
  });
}

export default defineConfig({
  plugins: [react(), pages(), fixtureCity(), compressed(), printFonts(), fieldWorker()],
  build: {
    target: "es2023",
    manifest: true,
    rollupOptions: {
      input: {
        console: "console/index.html",
        field: "field/index.html",
        district: "district/index.html",
      },
    },
    // The pages' policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
    // public/.keep comes back as dist/.keep, so that the Go program can embed the folder before a build.
    emptyOutDir: true,
  },
  server: target
    ? {
        proxy: { "/api": { target, ws: true, changeOrigin: true }, "/tiles": { target, changeOrigin: true } },
      }
    : {},
  test: { include: ["{shared,console,field,district}/**/*.test.{ts,tsx}"], environment: "node" },
});
