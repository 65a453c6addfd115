import { createRootRoute, createRoute, createRouter, Navigate, Outlet } from "@tanstack/react-router";
import type { ID } from "../shared/api.ts";
import { Entrance } from "./Entrance.tsx";
import { Login } from "./Login.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: () => <Navigate to="/console" /> });

// What the address keeps, so that a link opens what its sender saw.
export interface ConsoleSearch {
  incident?: ID;
}

export const consoleRoute = createRoute({
  getParentRoute: () => root,
  path: "/console",
  component: Entrance,
  validateSearch: (search: Record<string, unknown>): ConsoleSearch =>
    typeof search.incident === "string" ? { incident: search.incident } : {},
});

export const loginRoute = createRoute({ getParentRoute: () => root, path: "/login", component: Login });

export const router = createRouter({ routeTree: root.addChildren([consoleRoute, loginRoute]) });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
