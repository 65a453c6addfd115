import { useEffect, useId, useRef, useState } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import type { FieldJob } from "../engine/index.ts";
import { useSay } from "../parts/Say.tsx";
import { Sheet } from "../parts/Sheet.tsx";
import { useCategory, useEngine, useNow } from "../state.tsx";
import { useT } from "../texts/index.tsx";
import { type Ink, inkOn } from "./ink.ts";
import { usePhoto } from "./Photos.tsx";
import { ended } from "./steps.ts";

// Signature is who took the work over, where the category asks for it.
export function Signature({ job }: { job: FieldJob }) {
  const t = useT();
  const asked = !!useCategory(job.category)?.field?.signature;
  const signed = job.record?.signature;
  const [open, setOpen] = useState(false);
  if (!signed && (!asked || ended(job))) return null;
  return (
    <section className="card" aria-labelledby="signature">
      <h2 className="section-title" id="signature">
        <Icon name="signature" size={24} /> {t("sign.title")}
        {!signed && <span className="flag need">{t("job.required")}</span>}
      </h2>
      {signed && <Signed sha256={signed.sha256} name={signed.name} at={signed.at} />}
      {!ended(job) && (
        <button type="button" className="button" aria-haspopup="dialog" onClick={() => setOpen(true)}>
          <Icon name="signature" size={24} /> {t(signed ? "sign.again" : "sign.open")}
        </button>
      )}
      {open && <SignatureSheet job={job} onClose={() => setOpen(false)} />}
    </section>
  );
}

function Signed({ sha256 = "", name, at }: { sha256?: string; name: string; at: string }) {
  const t = useT();
  const url = usePhoto(sha256);
  const moment = useMoment();
  const now = useNow(60_000);
  return (
    <figure className="signed">
      {url && <img src={url} alt={t("sign.of", { name })} />}
      <figcaption>
        <strong>
          <bdi>{name}</bdi>
        </strong>{" "}
        <span className="dim">{moment(at, now)}</span>
      </figcaption>
    </figure>
  );
}

// SignatureSheet takes a signature drawn by finger, pen or mouse; or, for who
// can't draw, the typed name in its place.
export function SignatureSheet({ job, onClose }: { job: FieldJob; onClose: () => void }) {
  const t = useT();
  const engine = useEngine();
  const say = useSay();
  const canvas = useRef<HTMLCanvasElement>(null);
  const ink = useRef<Ink>(undefined);
  const [name, setName] = useState("");
  const [empty, setEmpty] = useState(true);
  const [busy, setBusy] = useState(false);
  const id = useId();
  useEffect(() => {
    ink.current = inkOn(canvas.current!, setEmpty);
    return () => ink.current?.stop();
  }, []);
  const save = async () => {
    if (busy || empty || !name.trim()) return;
    setBusy(true);
    try {
      await engine.addSignature(job.id, await ink.current!.png(), name.trim());
      onClose();
    } catch (err) {
      say.problem(err);
      setBusy(false);
    }
  };
  return (
    <Sheet
      title={t("sign.title")}
      onClose={onClose}
      foot={
        <button
          type="button"
          className="button main"
          disabled={empty || !name.trim() || busy}
          onClick={() => void save()}
        >
          <Icon name="check" size={24} /> {t("sign.save")}
        </button>
      }
    >
      <div className="field">
        <label htmlFor={id}>{t("sign.name")}</label>
        <input
          id={id}
          className="input"
          dir="auto"
          maxLength={120}
          autoComplete="off"
          value={name}
          onChange={e => setName(e.target.value)}
        />
      </div>
      <div className="pad">
        <canvas ref={canvas} role="img" aria-label={t(empty ? "sign.pad-empty" : "sign.pad")} />
        {empty && (
          <span className="pad-hint" aria-hidden="true">
            {t("sign.here")}
          </span>
        )}
      </div>
      <div className="pad-do">
        <button type="button" className="button" disabled={empty} onClick={() => ink.current?.clear()}>
          <Icon name="trash" size={24} /> {t("sign.clear")}
        </button>
        <button
          type="button"
          className="button"
          disabled={!name.trim()}
          onClick={() => ink.current?.write(name.trim())}
        >
          <Icon name="pencil" size={24} /> {t("sign.typed")}
        </button>
      </div>
    </Sheet>
  );
}
