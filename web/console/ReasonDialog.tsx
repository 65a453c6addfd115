import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Icon } from "../shared/Icon.tsx";
import { type Key, useMaybe, useT } from "../shared/texts/index.tsx";

export type About = "pause" | "decline" | "cancel" | "reopen" | "close" | "withhold" | "complete" | "split";

interface Props {
  about: About;
  // A note may be left empty; a reason may not.
  optional?: boolean;
  onClose: () => void;
  // onReason does it, and says whether it was done.
  onReason: (reason: string) => Promise<boolean>;
}

// ReasonDialog asks why, with the usual answers a keypress away.
export function ReasonDialog({ about, optional = false, onClose, onReason }: Props) {
  const t = useT();
  const maybe = useMaybe();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const usual = [1, 2, 3, 4].map(n => maybe(`reason.${about}.${n}`)).filter((text): text is string => !!text);
  const send = async (text: string) => {
    if (busy || (!optional && !text.trim())) return;
    setBusy(true);
    if (await onReason(text.trim())) onClose();
    else setBusy(false);
  };
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={open => !open && onClose()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{t(`reason.${about}` as Key)}</Heading>
          {usual.length > 0 && (
            <div className="usual">
              {usual.map(text => (
                <Button key={text} className="chip" isDisabled={busy} onPress={() => void send(text)}>
                  {text}
                </Button>
              ))}
            </div>
          )}
          <form
            onSubmit={e => {
              e.preventDefault();
              void send(reason);
            }}
          >
            <label className="field">
              <span>{t(optional ? "reason.note" : "reason.own")}</span>
              <input
                className="input"
                autoFocus
                value={reason}
                maxLength={500}
                dir="auto"
                onChange={e => setReason(e.target.value)}
              />
            </label>
            <div className="dialog-foot">
              <Button className="button" onPress={onClose}>
                {t("do.cancel")}
              </Button>
              <Button
                className="button primary"
                type="submit"
                isDisabled={busy || (!optional && !reason.trim())}
              >
                <Icon name="check" size={16} /> {t("do.confirm")}
              </Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
