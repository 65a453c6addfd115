import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
} from "@tanstack/react-router";
import type { ID } from "../shared/api.ts";
import { Console } from "./Console.tsx";
import { Entrance } from "./Entrance.tsx";
import { Login } from "./Login.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: () => <Navigate to="/console" /> });

// Whoever is inside has signed in and has the live picture.
const inside = createRoute({ getParentRoute: () => root, id: "inside", component: Entrance });

// What the address keeps, so that a link opens what its sender saw.
export interface ConsoleSearch {
  incident?: ID;
}

export const consoleRoute = createRoute({
  getParentRoute: () => inside,
  path: "/console",
  component: Console,
  validateSearch: (search: Record<string, unknown>): ConsoleSearch =>
    typeof search.incident === "string" ? { incident: search.incident } : {},
});

export interface RosterSearch {
  // A date of the week that is shown.
  week?: string;
}

export const rosterRoute = createRoute({
  getParentRoute: () => inside,
  path: "/console/roster",
  component: lazyRouteComponent(() => import("./roster/RosterPage.tsx"), "RosterPage"),
  validateSearch: (search: Record<string, unknown>): RosterSearch =>
    typeof search.week === "string" && /^\d{4}-\d\d-\d\d$/.test(search.week) ? { week: search.week } : {},
});

export interface ConflictsSearch {
  // The conflict that is shown.
  conflict?: ID;
}

export const conflictsRoute = createRoute({
  getParentRoute: () => inside,
  path: "/console/conflicts",
  component: lazyRouteComponent(() => import("./conflicts/ConflictsPage.tsx"), "ConflictsPage"),
  validateSearch: (search: Record<string, unknown>): ConflictsSearch =>
    typeof search.conflict === "string" ? { conflict: search.conflict } : {},
});

export const loginRoute = createRoute({ getParentRoute: () => root, path: "/login", component: Login });

export const router = createRouter({
  routeTree: root.addChildren([inside.addChildren([consoleRoute, rosterRoute, conflictsRoute]), loginRoute]),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
