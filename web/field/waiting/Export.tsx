import { useState } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { download, exportName } from "../export.ts";
import { useSay } from "../parts/Say.tsx";
import { useEngine } from "../state.tsx";
import { useT } from "../texts/index.tsx";

// ExportButton takes everything unsent out as a file, as the last resort.
export function ExportButton({ onDone, main = false }: { onDone?: () => void; main?: boolean }) {
  const t = useT();
  const engine = useEngine();
  const say = useSay();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      download(await engine.exportQueue(), exportName(engine.state(), Date.now()));
      say.done(t("waiting.exported"));
      onDone?.();
    } catch (err) {
      say.problem(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <button
      type="button"
      className={main ? "button main" : "button"}
      disabled={busy}
      onClick={() => void save()}
    >
      <Icon name="file" size={24} /> {t("waiting.export")}
    </button>
  );
}
