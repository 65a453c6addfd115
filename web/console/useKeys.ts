import { useEffect, useRef } from "react";

interface Keys {
  down: () => void;
  up: () => void;
  enter: () => void;
  assign: () => void;
  merge: () => void;
  intake: () => void;
  palette: () => void;
  help: () => void;
  escape: () => void;
}

function writes(el: Element | null): boolean {
  return el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
}

// useKeys gives the whole console its keys. Letters go by their place on the
// keyboard, so that they work in Hebrew too, and never while somebody writes or
// a dialog is open.
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      const k = latest.current;
      if ((e.ctrlKey || e.metaKey) && e.code === "KeyK") {
        e.preventDefault();
        return k.palette();
      }
      const el = document.activeElement;
      if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
      if (document.querySelector(".veil, .popover[data-trigger]")) return;
      if (e.key === "Escape") return k.escape();
      if (writes(el)) return;
      const inQueue = el === document.body || el?.id === "queue" || !!el?.closest("#queue");
      const run = (f: () => void) => {
        e.preventDefault();
        f();
      };
      if (inQueue && e.key === "ArrowDown") return run(k.down);
      if (inQueue && e.key === "ArrowUp") return run(k.up);
      if (inQueue && e.key === "Enter") return run(k.enter);
      if (e.key === "?") return run(k.help);
      switch (e.code) {
        case "KeyJ":
          return run(k.down);
        case "KeyK":
          return run(k.up);
        case "KeyA":
          return run(k.assign);
        case "KeyM":
          return run(k.merge);
        case "KeyN":
          return run(k.intake);
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
