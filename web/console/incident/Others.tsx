import { useEffect, useState } from "react";
import type { Hand, ID } from "../../shared/api.ts";
import { call, freshId } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";

// Each window of the console is a screen of its own, also of one person's.
const client = freshId();

// The server forgets a hand that it hasn't heard of for fifteen seconds.
const every = 4000;

type Doing = "reading" | "writing" | "nothing";

function tell(id: ID, doing: Doing): Promise<{ hands: Hand[] }> {
  // A page on its way out may still say so.
  return call(`/incidents/${id}/hands`, { body: { client, doing }, keepalive: true });
}

// useOthers tells what this person does with an incident for as long as it is
// open, and returns who else has it open.
export function useOthers(id: ID, doing: Doing): Hand[] {
  const [hands, setHands] = useState<Hand[]>([]);
  useEffect(() => {
    let open = true;
    const say = () =>
      tell(id, doing).then(
        answer => open && setHands(answer.hands),
        () => open && setHands([]),
      );
    void say();
    const timer = setInterval(say, every);
    return () => {
      open = false;
      clearInterval(timer);
    };
  }, [id, doing]);
  useEffect(() => {
    const leave = () => void tell(id, "nothing").catch(() => undefined);
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      setHands([]);
      leave();
    };
  }, [id]);
  return hands;
}

// Others says who else is at this incident, and who is changing it.
export function Others({ hands }: { hands: Hand[] }) {
  const t = useT();
  return (
    <p className="others" role="status">
      {hands.map(hand => (
        <span key={`${hand.name} ${hand.since}`} className={`other ${hand.doing}`}>
          <Icon name={hand.doing === "writing" ? "pencil" : "eye"} size={14} />
          {t(hand.doing === "writing" ? "others.writing" : "others.reading")}{" "}
          <bdi>{hand.name || t("others.somebody")}</bdi>
        </span>
      ))}
    </p>
  );
}
