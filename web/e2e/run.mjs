// Runs a TypeScript module of this folder: node e2e/run.mjs e2e/shots.ts [words].
import { resolve } from "node:path";
import { runnerImport } from "vite";

const { module } = await runnerImport(resolve(process.argv[2]), { configFile: false });
await module.default(process.argv.slice(3));
