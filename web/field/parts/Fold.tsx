import { type ReactNode, useState } from "react";
import { Icon } from "../../shared/Icon.tsx";

// Fold holds what few want to see, a tap away. It is made when it is opened.
export function Fold({ icon, title, children }: { icon: string; title: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="fold" onToggle={e => setOpen(e.currentTarget.open)}>
      <summary>
        <Icon name={icon} size={24} />
        <span>{title}</span>
        <Icon name="chevron" size={20} />
      </summary>
      {open && children}
    </details>
  );
}
