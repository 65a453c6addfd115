import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import type { Area, Catalogue, Session } from "../shared/api.ts";
import { call, Problem } from "../shared/client.ts";
import { Icon } from "../shared/Icon.tsx";
import { usePersonsLanguage, Zoned } from "../shared/texts/index.tsx";
import { City, cityOf } from "./city.tsx";
import { Page } from "./Page.tsx";
import { useT } from "./texts/index.tsx";

const mayLook = ["dispatcher", "admin", "department", "district"];

// Door lets in whoever may see figures, with what the page stands on: who it
// is, the areas and the catalogue.
export function Door() {
  const t = useT();
  const session = useQuery({
    queryKey: ["session"],
    queryFn: () => call<Session>("/session"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  usePersonsLanguage(session.data?.actor.lang);
  const allowed = session.data && mayLook.includes(session.data.actor.role);
  const catalogue = useQuery({
    queryKey: ["categories"],
    queryFn: () => call<Catalogue>("/categories"),
    enabled: !!allowed,
  });
  const areas = useQuery({
    queryKey: ["areas"],
    queryFn: () => call<{ areas: Area[] }>("/areas"),
    enabled: !!allowed,
  });
  const out = session.error instanceof Problem && session.error.status === 401;
  useEffect(() => {
    if (out) location.replace(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }, [out]);

  if (out) return null;
  const broken = session.error ?? catalogue.error ?? areas.error;
  if (broken) {
    return (
      <Whole icon="offline" title={t("state.failed")} detail={t("state.failed-detail")}>
        <button
          type="button"
          className="button primary"
          onClick={() => {
            for (const q of [session, catalogue, areas]) if (q.error) void q.refetch();
          }}
        >
          {t("state.retry")}
        </button>
      </Whole>
    );
  }
  if (session.data && !allowed)
    return <Whole icon="lock" title={t("state.forbidden")} detail={t("state.forbidden-detail")} />;
  if (!session.data || !catalogue.data || !areas.data) {
    return (
      <main className="whole" aria-busy="true">
        <p>{t("state.loading")}</p>
      </main>
    );
  }
  return (
    <Zoned zone={session.data.authority.time_zone}>
      <City value={cityOf(session.data, catalogue.data, areas.data.areas)}>
        <Page />
      </City>
    </Zoned>
  );
}

function Whole({
  icon,
  title,
  detail,
  children,
}: {
  icon: string;
  title: string;
  detail: string;
  children?: ReactNode;
}) {
  return (
    <main className="whole">
      <Icon name={icon} size={40} />
      <h1>{title}</h1>
      <p>{detail}</p>
      {children}
    </main>
  );
}
