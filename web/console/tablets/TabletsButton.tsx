import { lazy, Suspense, useState } from "react";
import { Button } from "react-aria-components";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { may } from "../may.ts";
import { useDesk } from "../state.tsx";

const TabletsDialog = lazy(() => import("./TabletsDialog.tsx").then(m => ({ default: m.TabletsDialog })));

// TabletsButton opens the tablets, for those who manage crews.
export function TabletsButton() {
  const t = useT();
  const { session } = useDesk();
  const [open, setOpen] = useState(false);
  if (!may(session.actor.role, "crews")) return null;
  return (
    <>
      <Button className="button small quiet" onPress={() => setOpen(true)}>
        <Icon name="device" size={16} /> {t("tablets.title")}
      </Button>
      {open && (
        <Suspense>
          <TabletsDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
