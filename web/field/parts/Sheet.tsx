import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../texts/index.tsx";

interface Props {
  title: string;
  onClose: () => void;
  // What stays in sight below what scrolls.
  foot?: ReactNode;
  children: ReactNode;
}

// Sheet is a question over the page: from the bottom on a phone, in the middle
// on a tablet. The browser's own dialog keeps the focus inside and gives it back.
export function Sheet({ title, onClose, foot, children }: Props) {
  const t = useT();
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it is still on the page, or the focus would not go back.
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      className="sheet"
      aria-labelledby={id}
      onCancel={e => {
        e.preventDefault();
        onClose();
      }}
      onMouseDown={e => {
        if (e.target === box.current) onClose();
      }}
      onKeyDown={e => e.stopPropagation()}
    >
      <div className="sheet-body">
        <div className="sheet-head">
          <h2 id={id}>{title}</h2>
          <button type="button" className="icon-button" aria-label={t("do.close")} onClick={onClose}>
            <Icon name="close" size={24} />
          </button>
        </div>
        <div className="sheet-scroll">{children}</div>
        {foot && <div className="sheet-foot">{foot}</div>}
      </div>
    </dialog>
  );
}
