import { useIntl } from "react-intl";
import { Icon } from "../../shared/Icon.tsx";
import { hrefOf } from "../route.ts";
import { useField } from "../state.tsx";
import { useT } from "../texts/index.tsx";

// Connection is always on screen: whether the tablet is live, and how much
// waits to be sent. It leads to the queue.
export function Connection() {
  const t = useT();
  const intl = useIntl();
  const { state, since } = useField(s => s.link);
  const waiting = useField(s => s.waiting);
  const at = intl.formatTime(since, { hour: "2-digit", minute: "2-digit", hour12: false });
  const words =
    state === "live"
      ? waiting > 0
        ? t("link.sending", { n: waiting })
        : t("link.live")
      : t(`link.${state}`, { since: at });
  return (
    <a className={`link-state ${state} ${waiting > 0 ? "unsent" : ""}`} href={hrefOf({ screen: "waiting" })}>
      {state === "offline" ? (
        <Icon name="offline" size={20} />
      ) : (
        <span className="link-dot" aria-hidden="true" />
      )}
      <span role="status">
        {words}
        {state !== "live" && waiting > 0 && <> · {t("link.waiting", { n: waiting })}</>}
      </span>
    </a>
  );
}
