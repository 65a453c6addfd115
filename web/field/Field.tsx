import { useEffect, useLayoutEffect, useRef } from "react";
import { useLanguage, usePersonsLanguage } from "../shared/texts/index.tsx";
import { Locked, Opening, Revoked, SignIn } from "./door/Doors.tsx";
import type { Engine } from "./engine/index.ts";
import { Frame } from "./frame/Frame.tsx";
import { Guard } from "./Guard.tsx";
import { Inbox } from "./inbox/Inbox.tsx";
import { JobScreen } from "./job/JobScreen.tsx";
import { dayOf } from "./job/steps.ts";
import { MapScreen } from "./map/MapScreen.tsx";
import { NewIncident } from "./open/NewIncident.tsx";
import { Saying } from "./parts/Say.tsx";
import { hrefOf, type Route, useRoute } from "./route.ts";
import { afterFrame, useField, useMedia, WithEngine, wide } from "./state.tsx";
import { type Key, useT } from "./texts/index.tsx";
import { Today } from "./today/Today.tsx";
import { Warm } from "./Warm.tsx";
import { Device } from "./waiting/Device.tsx";
import { Waiting } from "./waiting/Waiting.tsx";

// Field is the whole of the tablet's screens on an engine.
export function Field({ engine }: { engine: Engine }) {
  return (
    <WithEngine engine={engine}>
      <Guard engine={engine}>
        <Saying>
          <Phases engine={engine} />
        </Saying>
      </Guard>
    </WithEngine>
  );
}

function Phases({ engine }: { engine: Engine }) {
  const phase = useField(s => s.phase);
  const route = useRoute();
  const lang = useField(s => s.me?.lang);
  usePersonsLanguage(lang === "he" || lang === "en" || lang === "ar" || lang === "ru" ? lang : undefined);
  useTitle(phase === "ready" ? route : undefined);
  switch (phase) {
    case "starting":
      return <Opening />;
    case "signed-out":
      return <SignIn />;
    case "locked":
      return <Locked />;
    case "revoked":
      return <Revoked />;
    case "ready":
      return (
        <Frame route={route}>
          <Guard engine={engine} place={hrefOf(route)}>
            <Screen route={route} />
            <Warm />
          </Guard>
        </Frame>
      );
  }
}

function Screen({ route }: { route: Route }) {
  const both = useMedia(wide);
  useFresh(route);
  switch (route.screen) {
    case "map":
      return <MapScreen />;
    case "inbox":
      return <Inbox />;
    case "waiting":
      return <Waiting />;
    case "device":
      return <Device />;
    case "new":
      return <NewIncident />;
    default:
      return both ? (
        <Desk chosen={route.screen === "job" ? route.job : undefined} />
      ) : (
        <Alone route={route} />
      );
  }
}

function Alone({ route }: { route: Route }) {
  return route.screen === "job" ? <JobScreen id={route.job} alone /> : <Today />;
}

// Desk is the wide screen: the day, and beside it the job that is open or the
// one that comes next.
function Desk({ chosen }: { chosen?: string }) {
  const jobs = useField(s => s.jobs);
  const open = chosen ?? dayOf(jobs, Date.now()).next?.id;
  return (
    <div className="two-panes">
      <Today chosen={open} beside />
      {open && <JobScreen id={open} alone={false} />}
    </div>
  );
}

// useFresh begins each place at its top, with the focus there for who goes by
// keyboard or hears the page. The focus follows the first frame, as moving it
// has the browser lay out the page once more.
function useFresh(route: Route): void {
  const href = hrefOf(route);
  const before = useRef(href);
  const scrolled = useRef(false);
  useEffect(() => {
    const scroll = () => {
      scrolled.current = true;
    };
    const place = document.getElementById("place");
    place?.addEventListener("scroll", scroll, { passive: true });
    return () => place?.removeEventListener("scroll", scroll);
  }, []);
  useLayoutEffect(() => {
    if (before.current === href) return;
    before.current = href;
    const place = document.getElementById("place");
    if (scrolled.current) place?.scrollTo(0, 0);
    scrolled.current = false;
    return afterFrame(() => place?.focus({ preventScroll: true }));
  }, [href]);
}

function useTitle(route: Route | undefined): void {
  const t = useT();
  const { lang } = useLanguage();
  const number = useField(s =>
    route?.screen === "job" ? s.jobs.find(j => j.id === route.job)?.number : undefined,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the language changes the words
  useEffect(() => {
    const name =
      route === undefined
        ? t("door.title")
        : route.screen === "job"
          ? (number ?? t("nav.today"))
          : t((route.screen === "device" ? "device.title" : `nav.${route.screen}`) as Key);
    document.title = `${name} · ${t("app.name")}`;
  }, [route, number, t, lang]);
}
