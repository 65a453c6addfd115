import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { call } from "../shared/client.ts";
import { Icon } from "../shared/Icon.tsx";
import type { IconName } from "../shared/icons.ts";
import { useT } from "../shared/texts/index.tsx";

// Opening holds the console's places while it loads, so that nothing jumps.
export function Opening() {
  const t = useT();
  return (
    <main className="opening" aria-busy="true" aria-label={t("state.loading")}>
      <div className="opening-bar" />
      <div className="opening-zone">
        {Array.from({ length: 7 }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the places are alike and never move
          <div className="opening-row" key={i} />
        ))}
      </div>
      <div className="opening-map" />
      <div className="opening-zone" />
    </main>
  );
}

// Empty says why a place is empty and what to do about it.
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} size={32} />
      <p className="empty-title">{title}</p>
      {children && <div className="empty-more">{children}</div>}
    </div>
  );
}

interface FailedProps {
  icon?: IconName;
  title: string;
  detail: string;
  onRetry?: () => void;
  signOut?: boolean;
}

// Failed is a whole page that can't be shown, with the way on.
export function Failed({ icon = "offline", title, detail, onRetry, signOut }: FailedProps) {
  const t = useT();
  const leave = useSignOut();
  return (
    <main className="failed">
      <Icon name={icon} size={40} />
      <h1>{title}</h1>
      <p>{detail}</p>
      {onRetry && (
        <Button className="button primary" onPress={onRetry}>
          <Icon name="refresh" size={16} /> {t("do.retry")}
        </Button>
      )}
      {signOut && (
        <Button className="button" onPress={leave}>
          <Icon name="logout" size={16} /> {t("do.sign-out")}
        </Button>
      )}
    </main>
  );
}

export function useSignOut(): () => void {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return () => {
    void call("/session", { method: "DELETE" })
      .catch(() => {})
      .then(() => {
        queries.clear();
        void navigate({ to: "/login" });
      });
  };
}
