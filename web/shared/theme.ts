import { useEffect, useState } from "react";

export type Theme = "dark" | "light";

const kept = "moked.theme";

// useTheme is the light that a person chose, or else the system's. Control
// rooms live in the dark, so a system without a wish gets that.
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, set] = useState<Theme>(() => {
    const saved = localStorage.getItem(kept);
    if (saved === "dark" || saved === "light") return saved;
    return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  });
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    document
      .querySelector('meta[name="theme-color"]')
      ?.setAttribute("content", theme === "dark" ? "#12181f" : "#ffffff");
  }, [theme]);
  return [
    theme,
    next => {
      localStorage.setItem(kept, next);
      set(next);
    },
  ];
}
