import type { ReactNode } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useMayRaise } from "../may.ts";
import { hrefOf, type Route } from "../route.ts";
import { useField } from "../state.tsx";
import { type Key, useT } from "../texts/index.tsx";
import { Connection } from "./Connection.tsx";
import { Duty } from "./Duty.tsx";
import { LookButton } from "./LookButton.tsx";

const places: { screen: Exclude<Route["screen"], "job" | "device">; icon: string; text: Key }[] = [
  { screen: "today", icon: "list", text: "nav.today" },
  { screen: "map", icon: "map", text: "nav.map" },
  { screen: "new", icon: "pin-plus", text: "nav.new" },
  { screen: "inbox", icon: "mail", text: "nav.inbox" },
  { screen: "waiting", icon: "upload", text: "nav.waiting" },
];

// Frame is what stays: who the crew is, how the connection stands, and the five
// places, at the thumb's reach on a phone and at the side on a wide tablet.
export function Frame({ route, children }: { route: Route; children: ReactNode }) {
  const t = useT();
  const crew = useField(s => s.crew);
  const unread = useField(s => s.messages.reduce((n, m) => n + (m.read_at ? 0 : 1), 0));
  const waiting = useField(s => s.waiting);
  const raises = useMayRaise();
  const counts: Partial<Record<Route["screen"], number>> = { inbox: unread, waiting };
  const words: Partial<Record<Route["screen"], Key>> = { inbox: "nav.unread", waiting: "link.waiting" };
  const here = route.screen === "job" ? "today" : route.screen === "device" ? "waiting" : route.screen;
  return (
    <div className="frame" data-screen={route.screen}>
      <header className="bar">
        <span className="bar-crew">
          <span className="crew-tag">
            <bdi>{crew?.code ?? "–"}</bdi>
          </span>
          <strong className="bar-name">
            <bdi>{crew?.name ?? ""}</bdi>
          </strong>
        </span>
        <Duty />
        <span className="bar-space" />
        <Connection />
        <LookButton />
      </header>
      <nav className="nav" aria-label={t("nav.title")}>
        {places
          .filter(p => p.screen !== "new" || raises)
          .map(({ screen, icon, text }) => {
            const n = counts[screen] ?? 0;
            return (
              <a
                key={screen}
                className={`nav-place to-${screen}`}
                href={hrefOf({ screen })}
                aria-current={here === screen ? "page" : undefined}
              >
                <span className="nav-sign">
                  <Icon name={icon} size={26} />
                  {n > 0 && (
                    <span className="nav-badge" aria-hidden="true">
                      {n > 99 ? "99+" : n}
                    </span>
                  )}
                </span>
                <span className="nav-text">{t(text)}</span>
                {n > 0 && <span className="sr">{t(words[screen]!, { n })}</span>}
              </a>
            );
          })}
      </nav>
      <main className="place" id="place" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
