import { Icon } from "../../shared/Icon.tsx";
import { useLook } from "../look.ts";
import { useT } from "../texts/index.tsx";

// LookButton is the way into the sun and out of it, in one tap.
export function LookButton() {
  const t = useT();
  const [look, choose] = useLook();
  const sunny = look === "sun";
  return (
    <button
      type="button"
      className="icon-button look-button"
      aria-pressed={sunny}
      aria-label={t("look.sun")}
      onClick={() => choose(sunny ? "auto" : "sun")}
    >
      <Icon name="glare" size={24} />
    </button>
  );
}
