import {
  createContext,
  type ReactNode,
  startTransition,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { ID } from "../shared/api.ts";
import type { Engine, FieldCategory, FieldState, OpKind } from "./engine/index.ts";
import { useSay } from "./parts/Say.tsx";

const EngineContext = createContext<Engine | undefined>(undefined);

export function WithEngine({ engine, children }: { engine: Engine; children: ReactNode }) {
  return <EngineContext value={engine}>{children}</EngineContext>;
}

export function useEngine(): Engine {
  const engine = useContext(EngineContext);
  if (!engine) throw new Error("no engine");
  return engine;
}

// useField is a part of the engine's state. pick must give the same value for
// the same state: a slice of it, or a plain value.
export function useField<T>(pick: (state: FieldState) => T): T {
  const engine = useEngine();
  return useSyncExternalStore(engine.subscribe, () => pick(engine.state()));
}

// useCategory is a category by its code, or nothing for one that came later
// than this tablet's catalogue.
export function useCategory(code: string): FieldCategory | undefined {
  const categories = useField(s => s.categories);
  return useMemo(() => categories.find(c => c.code === code), [categories, code]);
}

export function useDepartments() {
  const departments = useField(s => s.departments);
  return useMemo(() => new Map(departments.map(d => [d.code, d])), [departments]);
}

// useNow is the server's time as far as this tablet knows it, afresh every so
// many milliseconds.
export function useNow(every = 15_000): number {
  const skew = useField(s => s.skewMs);
  const [at, set] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return at - skew;
}

// useAct keeps what was done. act resolves when it is written down, which takes
// as long as the device's disk and never the network; what couldn't be kept is
// said aloud, and is false. once does nothing while another is being written,
// as a finger that taps twice means one thing. busy is the kind that is being
// written for so long that it shows.
export function useAct() {
  const engine = useEngine();
  const say = useSay();
  const [busy, setBusy] = useState<OpKind>();
  const writing = useRef(0);
  const act = useCallback(
    async (kind: OpKind, job: ID | undefined, data: object = {}): Promise<boolean> => {
      writing.current++;
      const timer = setTimeout(() => setBusy(kind), shows);
      try {
        await engine.act(kind, job, data);
        return true;
      } catch (err) {
        say.problem(err);
        return false;
      } finally {
        clearTimeout(timer);
        writing.current--;
        setBusy(undefined);
      }
    },
    [engine, say],
  );
  const once: typeof act = useCallback(
    async (...what) => (writing.current > 0 ? false : act(...what)),
    [act],
  );
  return { act, once, busy };
}

// shows is after how many milliseconds of writing the button says so.
const shows = 150;

// afterFrame does a thing once the next frame has been painted: a timer that
// is set in a frame fires after that frame's paint. What it returns calls it off.
export function afterFrame(f: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(f);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

// useLater is false in the first frame and true from the next: what waits for
// it leaves the first frame, which answers the tap, to what was tapped for.
export function useLater(): boolean {
  const [later, set] = useState(false);
  useEffect(() => afterFrame(() => startTransition(() => set(true))), []);
  return later;
}

// useMedia says whether the screen is so.
export function useMedia(query: string): boolean {
  const media = useMemo(() => matchMedia(query), [query]);
  const subscribe = useCallback(
    (f: () => void) => {
      media.addEventListener("change", f);
      return () => media.removeEventListener("change", f);
    },
    [media],
  );
  return useSyncExternalStore(subscribe, () => media.matches);
}

// A screen that holds the list and the job side by side.
export const wide = "(min-width: 1000px)";
