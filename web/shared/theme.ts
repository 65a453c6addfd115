import { useState } from "react";

export type Theme = "dark" | "light";

const kept = "moked.theme";

function chosen(): Theme {
  return localStorage.getItem(kept) === "light" ? "light" : "dark";
}

// dress puts a theme on the page. A page does it before its first paint, so
// that it never shows in the other light.
export function dress(theme: Theme = chosen()): void {
  document.documentElement.dataset.theme = theme;
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute("content", theme === "dark" ? "#12181f" : "#ffffff");
}

// useTheme is the light that a person chose. Control rooms live in the dark, so
// that is what they begin with.
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, set] = useState<Theme>(chosen);
  return [
    theme,
    next => {
      localStorage.setItem(kept, next);
      dress(next);
      set(next);
    },
  ];
}
