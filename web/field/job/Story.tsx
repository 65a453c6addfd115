import { useMemo } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import type { FieldJob } from "../engine/index.ts";
import { useField, useNow } from "../state.tsx";
import { type Key, useT } from "../texts/index.tsx";
import { deedsOf, type Sign } from "./verdicts.ts";

const signs: Record<Sign, string> = {
  waiting: "clock",
  sending: "upload",
  applied: "check",
  merged: "merge",
  kept: "inbox",
  refused: "ban",
};

// SignMark is how a thing done stands, as an icon with its words for who can't
// see it.
export function SignMark({ sign }: { sign: Sign }) {
  const t = useT();
  return (
    <span className={`sign ${sign}`} title={t(`sign-of.${sign}`)}>
      <Icon name={signs[sign]} size={20} />
      <span className="sr">{t(`sign-of.${sign}`)}</span>
    </span>
  );
}

// Story is what was done with the job, the newest first.
export function Story({ job }: { job: FieldJob }) {
  const t = useT();
  const queue = useField(s => s.queue);
  const moment = useMoment();
  const now = useNow(60_000);
  const deeds = useMemo(() => deedsOf(job, queue), [job, queue]);
  if (deeds.length === 0) return null;
  return (
    <details className="fold card">
      <summary>
        <Icon name="history" size={24} />
        <span>{t("story.title")}</span>
        <span className="section-count">{deeds.length}</span>
        <Icon name="chevron" size={20} />
      </summary>
      <ol className="story">
        {deeds.map(deed => (
          <li key={deed.id}>
            <span className="story-at">{moment(deed.at, now)}</span>
            <span className="story-what">
              <strong>{t(`kind.${deed.what}` as Key)}</strong>
              {deed.text && <span dir="auto">{deed.text}</span>}
            </span>
            {deed.sign && <SignMark sign={deed.sign} />}
          </li>
        ))}
      </ol>
    </details>
  );
}
