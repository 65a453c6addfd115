import { useIntl } from "react-intl";
import { Icon } from "../shared/Icon.tsx";
import { useT } from "../shared/texts/index.tsx";
import { useConnection } from "./state.tsx";

function useWords(): { state: string; text: string } {
  const t = useT();
  const intl = useIntl();
  const connection = useConnection();
  const since = (at: number) => intl.formatTime(at, { hour: "2-digit", minute: "2-digit", hour12: false });
  switch (connection.state) {
    case "live":
      return { state: "live", text: t("connection.live") };
    case "loading":
      return { state: "loading", text: t("connection.loading") };
    case "resuming":
      return { state: "resuming", text: t("connection.resuming", { since: since(connection.since) }) };
    case "offline":
      return { state: "offline", text: t("connection.offline", { since: since(connection.since) }) };
    case "ended":
      return { state: "offline", text: t("connection.ended") };
  }
}

// ConnectionState is always on screen: a sign, and words with it.
export function ConnectionState() {
  const { state, text } = useWords();
  return (
    <p className={`connection ${state}`} role="status">
      {state === "offline" ? (
        <Icon name="offline" size={16} />
      ) : (
        <span className="connection-dot" aria-hidden="true" />
      )}
      <span>{text}</span>
    </p>
  );
}

// OfflineNote lies over the map while the picture is not live, and says what
// that means for the person who looks at it.
export function OfflineNote() {
  const t = useT();
  const { state, text } = useWords();
  if (state !== "offline") return null;
  return (
    <div className="offline-note" role="alert">
      <Icon name="offline" size={20} />
      <div>
        <strong>{text}</strong>
        <p>{t("connection.offline-detail")}</p>
      </div>
    </div>
  );
}
