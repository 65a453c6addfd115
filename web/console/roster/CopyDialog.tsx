import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useIntl } from "react-intl";
import type { WeekCopied } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { Choice } from "../Choice.tsx";
import { usePicture } from "../state.tsx";
import type { useShifts } from "./useRoster.ts";
import { plus } from "./week.ts";

interface Props {
  // The Sunday of the week to copy.
  from: string;
  shifts: ReturnType<typeof useShifts>;
  onClose: () => void;
}

// CopyDialog repeats the week, and names what was in the way.
export function CopyDialog({ from, shifts, onClose }: Props) {
  const t = useT();
  const intl = useIntl();
  const { city } = usePicture();
  const [to, setTo] = useState(plus(from, 7));
  const [weeks, setWeeks] = useState(1);
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<WeekCopied>();
  const when = (time: string) =>
    intl.formatDate(time, {
      weekday: "short",
      day: "numeric",
      month: "numeric",
      hour: "2-digit",
      minute: "2-digit",
    });

  // The weeks to come, named by their dates, whatever the zone.
  const coming = Array.from({ length: 12 }, (_, n) => {
    const id = plus(from, 7 * (n + 1));
    const [first, last] = [id, plus(id, 6)].map(d => Date.parse(`${d}T12:00:00Z`));
    return { id, label: intl.formatDateTimeRange(first!, last!, { day: "numeric", month: "long" }) };
  });

  const copy = async () => {
    if (busy) return;
    setBusy(true);
    setResult(await shifts.copyWeek(from, to, weeks));
    setBusy(false);
  };
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={open => !open && onClose()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{t("roster.copy")}</Heading>
          <form
            onSubmit={e => {
              e.preventDefault();
              void copy();
            }}
          >
            <div className="two">
              <div className="field">
                <span>{t("roster.copy-to")}</span>
                <Choice wide label={t("roster.copy-to")} value={to} onChange={setTo} options={coming} />
              </div>
              <label className="field">
                <span>{t("roster.copy-weeks")}</span>
                <input
                  className="input"
                  type="number"
                  min={1}
                  max={8}
                  required
                  value={weeks}
                  onChange={e => setWeeks(e.target.valueAsNumber || 1)}
                />
              </label>
            </div>
            {result && (
              <div className="copy-result" role="status">
                <p>
                  <strong>{t("roster.copy-made", { n: result.made.length })}</strong>{" "}
                  {t("roster.copy-already", { n: result.already })}
                </p>
                {result.conflicts.length > 0 && (
                  <>
                    <p>{t("roster.copy-conflicts", { n: result.conflicts.length })}</p>
                    <ul>
                      {result.conflicts.map(c => (
                        <li key={c.shift.id}>
                          <bdi>{city.crews.get(c.shift.crew)?.name}</bdi> · {when(c.shift.from)} ·{" "}
                          <span className="dim">
                            {when(c.with.from)} – {when(c.with.until)}
                          </span>
                        </li>
                      ))}
                    </ul>
                  </>
                )}
              </div>
            )}
            <div className="dialog-foot">
              <Button className="button" onPress={onClose}>
                {t("do.close")}
              </Button>
              <Button className="button primary" type="submit">
                <Icon name="check" size={16} /> {t("roster.copy-do")}
              </Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
