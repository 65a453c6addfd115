import type { ReactNode } from "react";
import { Icon } from "../../shared/Icon.tsx";

// Empty says why a place is empty and what will come there.
export function Empty({
  icon,
  title,
  whole = false,
  children,
}: {
  icon: string;
  title: string;
  // It is the whole screen, and so its heading.
  whole?: boolean;
  children?: ReactNode;
}) {
  const Title = whole ? "h1" : "p";
  return (
    <div className="empty">
      <span className="empty-sign">
        <Icon name={icon} size={40} />
      </span>
      <Title className="empty-title">{title}</Title>
      {children && <div className="empty-more">{children}</div>}
    </div>
  );
}
