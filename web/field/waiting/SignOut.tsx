import { useState } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useSay } from "../parts/Say.tsx";
import { Sheet } from "../parts/Sheet.tsx";
import { useEngine, useField } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { ExportButton } from "./Export.tsx";

// SignOut leaves the tablet to another crew. While work is unsent it is refused,
// unless the work was taken out as a file and handed over.
export function SignOut() {
  const t = useT();
  const engine = useEngine();
  const say = useSay();
  const me = useField(s => s.me);
  const waiting = useField(s => s.waiting);
  const [asking, setAsking] = useState<"sure" | "unsent">();
  const [exported, setExported] = useState(false);
  const leave = async (handedOver: boolean) => {
    try {
      if ((await engine.signOut({ handedOver })) === "refused") setAsking("unsent");
      else setAsking(undefined);
    } catch (err) {
      say.problem(err);
    }
  };
  return (
    <section className="card" aria-labelledby="leaving">
      <h2 className="section-title" id="leaving">
        <Icon name="user" size={24} /> <bdi>{me?.name || me?.login || ""}</bdi>
      </h2>
      <button
        type="button"
        className="button"
        aria-haspopup="dialog"
        onClick={() => setAsking(waiting > 0 ? "unsent" : "sure")}
      >
        <Icon name="logout" size={24} /> {t("out.do")}
      </button>
      {asking === "sure" && (
        <Sheet
          title={t("out.sure")}
          onClose={() => setAsking(undefined)}
          foot={
            <button type="button" className="button main" onClick={() => void leave(false)}>
              <Icon name="logout" size={24} /> {t("out.do")}
            </button>
          }
        >
          <p className="sheet-lead">{t("out.sure-more")}</p>
        </Sheet>
      )}
      {asking === "unsent" && (
        <Sheet
          title={t("out.unsent", { n: waiting })}
          onClose={() => setAsking(undefined)}
          foot={
            <button
              type="button"
              className="button danger"
              disabled={!exported}
              onClick={() => void leave(true)}
            >
              <Icon name="logout" size={24} /> {t("out.handed")}
            </button>
          }
        >
          <p className="sheet-lead">{t("out.unsent-more")}</p>
          <div className="card-do">
            <button type="button" className="button main" onClick={() => engine.syncNow()}>
              <Icon name="send" size={24} /> {t("waiting.now")}
            </button>
            <ExportButton onDone={() => setExported(true)} />
          </div>
          <p className="dim">{t(exported ? "out.exported" : "out.export-first")}</p>
        </Sheet>
      )}
    </section>
  );
}
