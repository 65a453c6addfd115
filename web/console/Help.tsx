import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useT } from "../shared/texts/index.tsx";

const keys = [
  ["N", "help.new"],
  ["Ctrl K", "help.palette"],
  ["↓ ↑", "help.walk"],
  ["↵", "help.open"],
  ["A", "help.assign"],
  ["M", "help.merge"],
  ["Ctrl ↵", "help.file"],
  ["Esc", "help.close"],
  ["?", "help.help"],
] as const;

export function Help({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useT();
  return (
    <ModalOverlay className="veil" isOpen={isOpen} isDismissable onOpenChange={open => !open && onClose()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{t("help.title")}</Heading>
          <dl className="keys">
            {keys.map(([key, text]) => (
              <div key={key}>
                <dt>
                  <kbd dir="ltr">{key}</kbd>
                </dt>
                <dd>{t(text)}</dd>
              </div>
            ))}
          </dl>
          <div className="dialog-foot">
            <Button className="button" onPress={onClose}>
              {t("do.close")}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
