import { chromium } from "playwright-core";

export const executable = process.env.MOKED_CHROMIUM ?? "/usr/bin/chromium";

// flags open Chromium with software WebGL, so that the map draws where there is
// no graphics card.
export const flags = [
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

// launch opens the real Chromium.
export function launch() {
  return chromium.launch({ executablePath: executable, args: flags });
}
