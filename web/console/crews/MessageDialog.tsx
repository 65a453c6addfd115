import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { Crew } from "../../shared/api.ts";
import { call } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { useSay } from "../toasts.tsx";

// MessageDialog writes to a crew's inbox.
export function MessageDialog({ crew, onClose }: { crew: Crew; onClose: () => void }) {
  const t = useT();
  const say = useSay();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (busy || !text.trim()) return;
    setBusy(true);
    try {
      await call(`/crews/${crew.id}/messages`, { body: { text: text.trim() } });
      say.done(t("duty.sent", { crew: crew.code }));
      onClose();
    } catch (err) {
      say.problem(err);
      setBusy(false);
    }
  };
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={open => !open && onClose()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{t("duty.message-to", { crew: crew.code })}</Heading>
          <form
            onSubmit={e => {
              e.preventDefault();
              void send();
            }}
          >
            <label className="field">
              <span>{t("duty.text")}</span>
              <textarea
                className="input"
                rows={3}
                autoFocus
                dir="auto"
                maxLength={2000}
                value={text}
                onChange={e => setText(e.target.value)}
              />
            </label>
            <div className="dialog-foot">
              <Button className="button" onPress={onClose}>
                {t("do.cancel")}
              </Button>
              <Button className="button primary" type="submit" isDisabled={busy || !text.trim()}>
                <Icon name="send" size={16} /> {t("duty.send")}
              </Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
