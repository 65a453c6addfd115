import { Problem } from "../../shared/client.ts";
import type { Engine } from "./seam.ts";
import { Store } from "./state.ts";

export interface EngineOptions {
  // app is this build's version, which the server notes of the device.
  app?: string;
}

// createEngine starts the tablet's engine: it opens what the device holds and
// goes on where it was.
export function createEngine(_options: EngineOptions = {}): Engine {
  const store = new Store();
  store.set({ phase: "signed-out" });
  const later = async (): Promise<never> => {
    throw new Problem(0, "offline", "");
  };
  return {
    state: store.get,
    subscribe: store.subscribe,
    signIn: later,
    signOut: async () => "done",
    act: later,
    addPhoto: later,
    addSignature: later,
    keepPhoto: later,
    photoUrl: later,
    syncNow: () => {},
    exportQueue: later,
    downloadMap: later,
    removeMap: async () => {},
    mapSource: async () => null,
    applyUpdate: () => {},
    stop: () => {},
  };
}
