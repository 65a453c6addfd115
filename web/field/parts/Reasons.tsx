import { useId } from "react";
import { useT } from "../texts/index.tsx";

interface Props {
  usual: string[];
  value: string;
  onChange: (value: string) => void;
  label: string;
}

// Reasons asks why: the usual answers as large chips, and a line for another.
export function Reasons({ usual, value, onChange, label }: Props) {
  const t = useT();
  const id = useId();
  return (
    <div className="reasons">
      <div className="chips" role="group" aria-label={label}>
        {usual.map(text => (
          <button
            key={text}
            type="button"
            className="chip"
            aria-pressed={text === value}
            onClick={() => onChange(text === value ? "" : text)}
          >
            {text}
          </button>
        ))}
      </div>
      <div className="field">
        <label htmlFor={id}>{t("reason.own")}</label>
        <input
          id={id}
          className="input"
          dir="auto"
          maxLength={300}
          autoComplete="off"
          enterKeyHint="done"
          value={usual.includes(value) ? "" : value}
          onChange={e => onChange(e.target.value)}
        />
      </div>
    </div>
  );
}
