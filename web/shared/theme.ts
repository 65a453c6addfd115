import { useEffect, useState } from "react";

export type Theme = "dark" | "light";

const kept = "moked.theme";

// useTheme is the light that a person chose. Control rooms live in the dark, so
// that is what they begin with.
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, set] = useState<Theme>(() => {
    return localStorage.getItem(kept) === "light" ? "light" : "dark";
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
