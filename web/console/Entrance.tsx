import { useQuery } from "@tanstack/react-query";
import { Navigate, Outlet } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import type { Area, Catalogue, Session } from "../shared/api.ts";
import { call, Problem } from "../shared/client.ts";
import { Feed } from "../shared/feed.ts";
import { usePersonsLanguage, useT, Zoned } from "../shared/texts/index.tsx";
import { Failed, Opening } from "./States.tsx";
import { DeskContext, PictureContext, watchPicture } from "./state.tsx";
import { Toasts } from "./toasts.tsx";

const mayWork = ["dispatcher", "operator", "admin", "department", "district"];

// Entrance lets a signed-in person in: it learns who sits here, fetches what
// the console stands on, and starts the feed.
export function Entrance() {
  const t = useT();
  const session = useQuery({
    queryKey: ["session"],
    queryFn: () => call<Session>("/session"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  usePersonsLanguage(session.data?.actor.lang);
  const allowed = session.data && mayWork.includes(session.data.actor.role);
  const catalogue = useQuery({
    queryKey: ["categories"],
    queryFn: () => call<Catalogue>("/categories"),
    enabled: !!allowed,
  });
  const areas = useQuery({
    queryKey: ["areas", "district"],
    queryFn: () => call<{ areas: Area[] }>("/areas?level=district"),
    enabled: !!allowed,
  });
  const [feed, setFeed] = useState<Feed>();

  useEffect(() => {
    if (!allowed) return;
    const fresh = new Feed();
    fresh.start();
    const off = fresh.onGeography(() => {
      void catalogue.refetch();
      void areas.refetch();
    });
    setFeed(fresh);
    return () => {
      off();
      fresh.stop();
    };
  }, [allowed, catalogue.refetch, areas.refetch]);

  const watched = useMemo(() => feed && watchPicture(feed), [feed]);
  const desk = useMemo(
    () =>
      session.data && feed
        ? {
            session: session.data,
            feed,
            departments: new Map((catalogue.data?.departments ?? []).map(d => [d.code, d])),
            categories: new Map((catalogue.data?.categories ?? []).map(c => [c.code, c])),
            skills: new Map((catalogue.data?.skills ?? []).map(s => [s.code, s])),
            districts: areas.data?.areas ?? [],
          }
        : undefined,
    [session.data, feed, catalogue.data, areas.data],
  );

  if (session.error instanceof Problem && session.error.status === 401) return <Navigate to="/login" />;
  const broken = session.error ?? catalogue.error;
  if (broken) {
    return (
      <Failed
        title={t("state.failed")}
        detail={broken instanceof Problem && broken.detail ? broken.detail : t("state.failed-detail")}
        onRetry={() => {
          void session.refetch();
          void catalogue.refetch();
        }}
      />
    );
  }
  if (session.data && !allowed)
    return <Failed icon="lock" title={t("state.forbidden")} detail={t("state.forbidden-detail")} signOut />;
  if (!desk || !watched || !catalogue.data) return <Opening />;
  return (
    <DeskContext value={desk}>
      <PictureContext value={watched}>
        <Zoned zone={desk.session.authority.time_zone}>
          <Toasts>
            <Outlet />
          </Toasts>
        </Zoned>
      </PictureContext>
    </DeskContext>
  );
}
