import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { Problem } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../texts/index.tsx";

interface Words {
  id: number;
  kind: "done" | "wrong";
  text: string;
}

interface Say {
  done: (text: string) => void;
  wrong: (text: string) => void;
  // problem says what failed, in the server's words where it has any.
  problem: (err: unknown) => void;
}

const SayContext = createContext<Say>({ done: () => {}, wrong: () => {}, problem: () => {} });

export function useSay(): Say {
  return useContext(SayContext);
}

// Saying shows one sentence at a time; what went wrong stays until it is put away.
export function Saying({ children }: { children: ReactNode }) {
  const t = useT();
  const [words, set] = useState<Words>();
  const next = useRef(1);
  const add = useCallback((kind: Words["kind"], text: string) => {
    const id = next.current++;
    set({ id, kind, text });
    if (kind === "done") setTimeout(() => set(w => (w?.id === id ? undefined : w)), 5000);
  }, []);
  const say = useMemo<Say>(
    () => ({
      done: text => add("done", text),
      wrong: text => add("wrong", text),
      problem: err => {
        const p = err instanceof Problem ? err : undefined;
        const full = p?.code === "storage-full" || (err as Error)?.name === "QuotaExceededError";
        add("wrong", full ? t("problem.full") : p?.detail || t("problem.other"));
      },
    }),
    [add, t],
  );
  return (
    <SayContext value={say}>
      {children}
      <div className="say" role="status" aria-live="polite">
        {words && (
          <div className={`say-words ${words.kind}`} key={words.id}>
            <Icon name={words.kind === "done" ? "circle-check" : "alert"} size={24} />
            <p>{words.text}</p>
            <button
              type="button"
              className="icon-button"
              aria-label={t("do.dismiss")}
              onClick={() => set(undefined)}
            >
              <Icon name="close" size={20} />
            </button>
          </div>
        )}
      </div>
    </SayContext>
  );
}
