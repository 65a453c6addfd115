import { useEffect, useState } from "react";

// Look is the light that a crew reads in. "auto" is the device's own choice
// between light and dark; "sun" is black on white, larger and with edges.
export type Look = "auto" | "light" | "dark" | "sun";

export const looks: readonly Look[] = ["auto", "light", "dark", "sun"];

const kept = "moked.field.look";
const night = () => matchMedia("(prefers-color-scheme: dark)");

export function chosenLook(): Look {
  const saved = localStorage.getItem(kept) as Look | null;
  return saved && looks.includes(saved) ? saved : "auto";
}

// dress puts a look on the page. The page does it before its first paint.
export function dress(look: Look = chosenLook()): void {
  const dark = look === "dark" || (look === "auto" && night().matches);
  const root = document.documentElement;
  root.dataset.theme = dark ? "dark" : "light";
  if (look === "sun") root.dataset.sun = "";
  else delete root.dataset.sun;
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", dark ? "#12181f" : "#ffffff");
}

const changed = new EventTarget();

export function useLook(): [Look, (look: Look) => void] {
  const [look, set] = useState<Look>(chosenLook);
  useEffect(() => {
    const again = () => set(chosenLook());
    changed.addEventListener("look", again);
    return () => changed.removeEventListener("look", again);
  }, []);
  useEffect(() => {
    if (look !== "auto") return;
    const media = night();
    const follow = () => dress("auto");
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, [look]);
  return [
    look,
    next => {
      localStorage.setItem(kept, next);
      dress(next);
      changed.dispatchEvent(new Event("look"));
    },
  ];
}

// mapTheme is the map's light under a look.
export function useMapTheme(): "dark" | "light" {
  const [look] = useLook();
  const [dark, set] = useState(() => night().matches);
  useEffect(() => {
    const media = night();
    const follow = () => set(media.matches);
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, []);
  return look === "dark" || (look === "auto" && dark) ? "dark" : "light";
}
