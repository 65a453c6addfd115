import { createElement } from "react";
import { type IconName, shapes } from "./icons.ts";

// Icon is decoration: the words beside it, or the label of the control around
// it, carry the meaning.
export function Icon({ name, size = 20 }: { name: IconName | (string & {}); size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={size < 18 ? 2 : 1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {shapes(name).map(([tag, { key, ...attributes }]) => createElement(tag, { key, ...attributes }))}
    </svg>
  );
}
