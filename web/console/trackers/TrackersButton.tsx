import { lazy, Suspense, useState } from "react";
import { Button } from "react-aria-components";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { may } from "../may.ts";
import { useDesk } from "../state.tsx";

const TrackersDialog = lazy(() => import("./TrackersDialog.tsx").then(m => ({ default: m.TrackersDialog })));

// TrackersButton opens the trackers, for those who manage crews.
export function TrackersButton() {
  const t = useT();
  const { session } = useDesk();
  const [open, setOpen] = useState(false);
  if (!may(session.actor.role, "crews")) return null;
  return (
    <>
      <Button className="button small quiet" onPress={() => setOpen(true)}>
        <Icon name="device" size={16} /> {t("trackers.open")}
      </Button>
      {open && (
        <Suspense>
          <TrackersDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
