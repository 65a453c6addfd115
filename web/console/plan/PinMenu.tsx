import { useState } from "react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { useIntl } from "react-intl";
import type { ID, Stop } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";

interface Props {
  stop: Stop;
  isDisabled: boolean;
  onPin: (job: ID, pinned: boolean, clock?: string) => void;
}

// PinMenu keeps a stop where it is, or at a time, or lets it go.
export function PinMenu({ stop, isDisabled, onPin }: Props) {
  const t = useT();
  const intl = useIntl();
  const clock = (at: string) => intl.formatTime(at, { hour: "2-digit", minute: "2-digit", hour12: false });
  const [time, setTime] = useState(() => clock(stop.at ?? stop.begin));
  return (
    <DialogTrigger>
      <Button
        className={`icon-button small ${stop.pinned ? "on" : ""}`}
        isDisabled={isDisabled}
        aria-label={t(stop.pinned ? "plan.pin-change" : "plan.pin", { number: stop.number })}
      >
        <Icon name="pinned" size={16} />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="plan-pin" aria-label={t("plan.pin", { number: stop.number })}>
          {({ close }) => (
            <>
              <form
                onSubmit={e => {
                  e.preventDefault();
                  if (!time) return;
                  onPin(stop.job, true, time);
                  close();
                }}
              >
                <label className="field">
                  <span>{t("plan.at")}</span>
                  <input
                    type="time"
                    className="input"
                    required
                    value={time}
                    onChange={e => setTime(e.target.value)}
                  />
                </label>
                <Button type="submit" className="button small primary">
                  {t("plan.pin-time")}
                </Button>
              </form>
              {(!stop.pinned || stop.at) && (
                <Button
                  className="button small"
                  onPress={() => {
                    onPin(stop.job, true);
                    close();
                  }}
                >
                  {t("plan.pin-here")}
                </Button>
              )}
              {stop.pinned && (
                <Button
                  className="button small"
                  onPress={() => {
                    onPin(stop.job, false);
                    close();
                  }}
                >
                  {t("plan.unpin")}
                </Button>
              )}
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
