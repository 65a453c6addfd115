import { chromium } from "playwright-core";

// launch opens the real Chromium, with software WebGL so that the map draws
// where there is no graphics card.
export function launch() {
  return chromium.launch({
    executablePath: process.env.MOKED_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}
