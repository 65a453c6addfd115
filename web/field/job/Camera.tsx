import { useId, useRef, useState } from "react";
import type { ID } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import type { PhotoKind } from "../engine/index.ts";
import { useSay } from "../parts/Say.tsx";
import { useEngine } from "../state.tsx";
import { useT } from "../texts/index.tsx";

interface Props {
  // keep takes the bytes; without it they go to the job.
  job?: ID;
  kind?: PhotoKind;
  keep?: (file: File) => Promise<unknown>;
  label: string;
  // A tile among photos, or a button among words.
  tile?: boolean;
  // From the device's pictures instead of its camera.
  gallery?: boolean;
}

// Camera opens the device's own camera and keeps what it gives, as it is.
export function Camera({ job, kind = "other", keep, label, tile = false, gallery = false }: Props) {
  const t = useT();
  const engine = useEngine();
  const say = useSay();
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const take = async (files: FileList | null) => {
    if (!files?.length) return;
    setBusy(true);
    try {
      for (const file of files) await (keep ? keep(file) : engine.addPhoto(job!, kind, file));
    } catch (err) {
      say.problem(err);
    } finally {
      setBusy(false);
      if (input.current) input.current.value = "";
    }
  };
  return (
    <span className={tile ? "camera-tile" : gallery ? "camera-quiet" : "camera-button"}>
      <input
        ref={input}
        id={id}
        className="camera-input"
        type="file"
        accept="image/*"
        {...(gallery ? { multiple: true } : { capture: "environment" })}
        aria-label={label}
        aria-busy={busy}
        onChange={e => void take(e.target.files)}
      />
      <label htmlFor={id} className={tile ? "tile" : "button"} aria-hidden="true">
        <Icon name={gallery ? "photo" : "camera"} size={tile ? 32 : 24} />
        <span>{busy ? t("photo.keeping") : label}</span>
      </label>
    </span>
  );
}
