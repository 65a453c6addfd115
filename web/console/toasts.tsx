import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { Problem } from "../shared/client.ts";
import { Icon } from "../shared/Icon.tsx";
import { useT } from "../shared/texts/index.tsx";

interface Toast {
  id: number;
  kind: "done" | "wrong";
  text: string;
  action?: { label: string; run: () => void };
}

interface Say {
  done: (text: string, action?: Toast["action"]) => void;
  wrong: (text: string) => void;
  // problem says what a failed call means, in the server's words where it has any.
  problem: (err: unknown) => void;
}

const ToastContext = createContext<Say>({ done: () => {}, wrong: () => {}, problem: () => {} });

export function useSay(): Say {
  return useContext(ToastContext);
}

export function Toasts({ children }: { children: ReactNode }) {
  const t = useT();
  const [list, set] = useState<Toast[]>([]);
  const next = useRef(1);
  const drop = useCallback((id: number) => set(l => l.filter(x => x.id !== id)), []);
  const add = useCallback(
    (toast: Omit<Toast, "id">) => {
      const id = next.current++;
      set(l => [...l.slice(-2), { ...toast, id }]);
      setTimeout(() => drop(id), toast.kind === "wrong" ? 9000 : 6000);
    },
    [drop],
  );
  const say = useMemo<Say>(
    () => ({
      done: (text, action) => add({ kind: "done", text, action }),
      wrong: text => add({ kind: "wrong", text }),
      problem: err => {
        const p = err instanceof Problem ? err : undefined;
        const text = p?.code === "offline" ? t("problem.offline") : p?.detail || t("problem.other");
        add({ kind: "wrong", text });
      },
    }),
    [add, t],
  );
  return (
    <ToastContext value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {list.map(toast => (
          <div className={`toast ${toast.kind}`} key={toast.id}>
            <Icon name={toast.kind === "done" ? "circle-check" : "alert"} size={20} />
            <span>{toast.text}</span>
            {toast.action && (
              <Button
                className="toast-action"
                onPress={() => {
                  toast.action!.run();
                  drop(toast.id);
                }}
              >
                {toast.action.label}
              </Button>
            )}
            <Button className="icon-button small" aria-label={t("do.dismiss")} onPress={() => drop(toast.id)}>
              <Icon name="close" size={16} />
            </Button>
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
