export { createEngine, type EngineOptions } from "./engine.ts";
export type * from "./seam.ts";
