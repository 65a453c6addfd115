import type { ReactNode } from "react";
import { Icon } from "../../shared/Icon.tsx";

// Empty says why a place is empty and what will come there.
export function Empty({ icon, title, children }: { icon: string; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <span className="empty-sign">
        <Icon name={icon} size={40} />
      </span>
      <p className="empty-title">{title}</p>
      {children && <div className="empty-more">{children}</div>}
    </div>
  );
}
