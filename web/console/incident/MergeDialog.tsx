import { useMemo, useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { ID, Incident } from "../../shared/api.ts";
import { ClockRing } from "../../shared/ClockRing.tsx";
import { now } from "../../shared/client.ts";
import { metres } from "../../shared/distance.ts";
import { useName, useT } from "../../shared/texts/index.tsx";
import { reading } from "../../shared/urgency.ts";
import { useHands } from "../hands.tsx";
import { useDesk, usePicture } from "../state.tsx";
import { useSay } from "../toasts.tsx";
import { useActions } from "../useActions.ts";

// MergeDialog says that an incident is the same as another. The likely ones
// come first: those near, of the same category before others. It can be undone
// by taking a report out again.
export function MergeDialog({ id, onClose }: { id: ID | undefined; onClose: () => void }) {
  const { city } = usePicture();
  const incident = id ? city.incidents.get(id) : undefined;
  if (!incident) return null;
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={open => !open && onClose()}>
      <Modal className="modal wide">
        <Dialog className="dialog">
          <Body incident={incident} onClose={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Body({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const t = useT();
  const name = useName();
  const say = useSay();
  const { open } = useHands();
  const { categories, departments } = useDesk();
  const { city } = usePicture();
  const { act } = useActions();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const title = (i: Incident) => name(categories.get(i.category)?.names, i.category);

  const likely = useMemo(() => {
    const wanted = text.trim();
    return [...city.incidents.values()]
      .filter(i => i.id !== incident.id)
      .filter(
        i =>
          !wanted ||
          i.number.includes(wanted) ||
          i.place.label.includes(wanted) ||
          name(categories.get(i.category)?.names).includes(wanted),
      )
      .map(i => ({ other: i, far: metres(incident.place, i.place), alike: i.category === incident.category }))
      .filter(c => wanted || c.far < 2000)
      .sort((a, b) =>
        a.alike === b.alike ? a.far - b.far : a.far * (a.alike ? 0.2 : 1) - b.far * (b.alike ? 0.2 : 1),
      )
      .slice(0, 8);
  }, [city, incident, text, categories, name]);

  const merge = async (into: Incident) => {
    setBusy(true);
    if (await act(incident, "merge", { into: into.id })) {
      say.done(t("merge.done", { from: incident.number, into: into.number }));
      open(into.id);
      onClose();
    } else setBusy(false);
  };
  return (
    <>
      <Heading slot="title">{t("merge.title", { number: incident.number })}</Heading>
      <p className="dim">{t("merge.lead", { what: title(incident), where: incident.place.label })}</p>
      <input
        className="input"
        autoFocus
        dir="auto"
        placeholder={t("merge.search")}
        aria-label={t("merge.search")}
        value={text}
        onChange={e => setText(e.target.value)}
      />
      <ul className="merge-list">
        {likely.map(({ other, far }) => (
          <li key={other.id}>
            <button type="button" className="spot-item" disabled={busy} onClick={() => void merge(other)}>
              <ClockRing
                reading={reading(other, now())}
                icon={departments.get(other.department)?.icon ?? "flag"}
                size={36}
              />
              <span>
                <strong>{title(other)}</strong>
                <span className="dim">
                  <bdi>{other.place.label}</bdi>
                </span>
              </span>
              <span className="merge-far">
                {Number.isFinite(far) && t("merge.far", { n: Math.round(far) })}
                <bdi className="queue-number">{other.number}</bdi>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {likely.length === 0 && <p className="dim">{t("merge.none")}</p>}
      <div className="dialog-foot">
        <Button className="button" onPress={onClose}>
          {t("do.cancel")}
        </Button>
      </div>
    </>
  );
}
