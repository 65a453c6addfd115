import { useState } from "react";
import {
  Button,
  Dialog,
  Heading,
  Menu,
  MenuItem,
  MenuTrigger,
  Modal,
  ModalOverlay,
  Popover,
} from "react-aria-components";
import type { Crew, Duty, Job } from "../../shared/api.ts";
import { call } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import type { IconName } from "../../shared/icons.ts";
import { useT } from "../../shared/texts/index.tsx";
import { useHands } from "../hands.tsx";
import { may } from "../may.ts";
import { useDesk } from "../state.tsx";
import { useSay } from "../toasts.tsx";
import { MessageDialog } from "./MessageDialog.tsx";

type Act = "on" | "back" | "break-15" | "break-30" | "break" | "standby" | "off";

const duties: Record<Act, { icon: IconName; state: Duty; minutes?: number }> = {
  on: { icon: "play", state: "on" },
  back: { icon: "play", state: "on" },
  "break-15": { icon: "coffee", state: "break", minutes: 15 },
  "break-30": { icon: "coffee", state: "break", minutes: 30 },
  break: { icon: "coffee", state: "break" },
  standby: { icon: "standby", state: "standby" },
  off: { icon: "power", state: "off" },
};

// What can be asked of a crew in each state.
const acts: Record<Duty, Act[]> = {
  on: ["break-15", "break-30", "break", "standby", "off"],
  break: ["back", "standby", "off"],
  standby: ["on", "off"],
  off: ["on", "standby"],
};

// DutyMenu shows a crew on the map, puts it on a break, back to work, on standby
// or off duty, and writes to it. Where it has jobs in hand, sending it home is asked twice.
export function DutyMenu({ crew, duty, jobs, at }: { crew: Crew; duty: Duty; jobs: Job[]; at: number }) {
  const t = useT();
  const say = useSay();
  const { session } = useDesk();
  const [asked, setAsked] = useState<Act>();
  const [writing, setWriting] = useState(false);
  const { showCrew } = useHands();
  const mine = may(session.actor.role, "crews");
  const seen = crew.lat !== undefined && duty !== "off";
  if (!mine && !seen) return null;

  const put = async (act: Act) => {
    const { state, minutes } = duties[act];
    const until = minutes && new Date(at + minutes * 60_000).toISOString();
    setAsked(undefined);
    try {
      await call(`/crews/${crew.id}/duty`, { body: { state, until } });
      say.done(t(`duty.done-${state}`, { crew: crew.code }));
    } catch (err) {
      say.problem(err);
    }
  };
  return (
    <>
      <MenuTrigger>
        <Button className="icon-button" aria-label={t("duty.menu", { crew: crew.code })}>
          <Icon name="more" size={16} />
        </Button>
        <Popover className="popover" placement="bottom end">
          <Menu
            className="menu"
            onAction={key => {
              if (key === "message") return setWriting(true);
              if (key === "map") return showCrew(crew.id);
              const act = key as Act;
              if (jobs.length > 0 && (act === "off" || act === "standby")) setAsked(act);
              else void put(act);
            }}
          >
            {seen && (
              <MenuItem className="menu-item" id="map" textValue={t("do.show-on-map")}>
                <Icon name="crosshair" size={16} />
                {t("do.show-on-map")}
              </MenuItem>
            )}
            {(mine ? acts[duty] : []).map(act => (
              <MenuItem className="menu-item" id={act} key={act} textValue={t(`duty.${act}`)}>
                <Icon name={duties[act].icon} size={16} />
                {t(`duty.${act}`)}
              </MenuItem>
            ))}
            {mine && (
              <MenuItem className="menu-item" id="message" textValue={t("duty.message")}>
                <Icon name="message" size={16} />
                {t("duty.message")}
              </MenuItem>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
      {asked && (
        <ModalOverlay
          className="veil"
          isOpen
          isDismissable
          onOpenChange={open => !open && setAsked(undefined)}
        >
          <Modal className="modal">
            <Dialog className="dialog" role="alertdialog">
              <Heading slot="title">{t(`duty.${asked}`)}</Heading>
              <p>{t("duty.has-jobs", { crew: crew.code, n: jobs.length })}</p>
              <ul className="duty-jobs">
                {jobs.map(j => (
                  <li key={j.id}>
                    <bdi>{j.number}</bdi> · <bdi>{j.place.label}</bdi>
                  </li>
                ))}
              </ul>
              <div className="dialog-foot">
                <Button className="button" onPress={() => setAsked(undefined)}>
                  {t("do.cancel")}
                </Button>
                <Button className="button primary" autoFocus onPress={() => void put(asked)}>
                  {t("do.confirm")}
                </Button>
              </div>
            </Dialog>
          </Modal>
        </ModalOverlay>
      )}
      {writing && <MessageDialog crew={crew} onClose={() => setWriting(false)} />}
    </>
  );
}
