import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import {
  Button,
  Dialog,
  Heading,
  Modal,
  ModalOverlay,
  ToggleButton,
  ToggleButtonGroup,
} from "react-aria-components";
import type { AddedTracker, Tracker } from "../../shared/api.ts";
import { call } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { type Key, useT } from "../../shared/texts/index.tsx";
import { Choice } from "../Choice.tsx";
import { CrewTag } from "../CrewTag.tsx";
import { Empty } from "../States.tsx";
import { useNow, usePicture } from "../state.tsx";
import { useSay } from "../toasts.tsx";
import { seen } from "../trail/seen.ts";
import { refusedOf, settingsOf, takenOf } from "./settings.ts";

// TrackersDialog keeps the phones and boxes that tell where crews are.
export function TrackersDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const [adding, setAdding] = useState(false);
  const [added, setAdded] = useState<AddedTracker>();
  return (
    <ModalOverlay className="veil" isOpen isDismissable={!added} onOpenChange={open => !open && onClose()}>
      <Modal className="modal trackers-modal">
        <Dialog className="dialog">
          <Heading slot="title">{t("trackers.title")}</Heading>
          {added ? (
            <Settings added={added} onDone={() => setAdded(undefined)} />
          ) : adding ? (
            <AddForm
              onCancel={() => setAdding(false)}
              onAdded={a => {
                setAdding(false);
                setAdded(a);
              }}
            />
          ) : (
            <>
              <List />
              <div className="dialog-foot">
                <Button className="button" onPress={onClose}>
                  {t("do.close")}
                </Button>
                <Button className="button primary" onPress={() => setAdding(true)} autoFocus>
                  <Icon name="plus" size={16} /> {t("trackers.add")}
                </Button>
              </div>
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function List() {
  const t = useT();
  const list = useQuery({
    queryKey: ["trackers"],
    queryFn: () => call<{ trackers: Tracker[] }>("/trackers"),
    refetchInterval: 10_000,
  });
  const all = list.data?.trackers ?? [];
  if (list.isPending)
    return (
      <div className="skeleton short" aria-busy="true">
        <div />
        <div />
      </div>
    );
  if (list.isError)
    return (
      <Empty icon="offline" title={t("trail.failed")}>
        <Button className="button" onPress={() => void list.refetch()}>
          {t("do.retry")}
        </Button>
      </Empty>
    );
  if (all.length === 0)
    return (
      <Empty icon="device" title={t("trackers.empty")}>
        {t("trackers.empty-more")}
      </Empty>
    );
  return (
    <ul className="trackers">
      {all.map(tracker => (
        <Row key={tracker.id} tracker={tracker} />
      ))}
    </ul>
  );
}

function Row({ tracker }: { tracker: Tracker }) {
  const t = useT();
  const say = useSay();
  const at = useNow(10_000);
  const queries = useQueryClient();
  const { city } = usePicture();
  const [sure, setSure] = useState(false);
  const crew = city.crews.get(tracker.crew);
  const refused = refusedOf(tracker);
  const revoke = async () => {
    try {
      await call(`/trackers/${tracker.id}/revoke`, { method: "POST" });
      say.done(t("trackers.revoked-now", { device: tracker.name || tracker.device }));
    } catch (err) {
      say.problem(err);
    }
    setSure(false);
    void queries.invalidateQueries({ queryKey: ["trackers"] });
  };
  return (
    <li className={`tracker ${tracker.revoked_at ? "revoked" : ""}`}>
      {crew ? (
        <CrewTag crew={crew} look={tracker.revoked_at ? "off" : "busy"} />
      ) : (
        <span className="crew-tag off">–</span>
      )}
      <div className="tracker-text">
        <strong>
          <bdi>{tracker.name || crew?.name || tracker.device}</bdi>
        </strong>
        <span className="dim">
          {t(`trackers.${tracker.protocol}`)} · <bdi dir="ltr">{tracker.device}</bdi> ·{" "}
          {tracker.revoked_at
            ? t("trackers.revoked")
            : tracker.seen_at
              ? seen(t, "trackers", at - Date.parse(tracker.seen_at))
              : t("trackers.never")}
        </span>
        <span className="tracker-counts">
          <span>{t("trackers.taken", { n: takenOf(tracker) })}</span>
          {refused.map(([verdict, n]) => (
            <span key={verdict} className="tracker-refused">
              {t(`verdict.${verdict}` as Key)} <bdi>{n}</bdi>
            </span>
          ))}
        </span>
      </div>
      {!tracker.revoked_at &&
        (sure ? (
          <div className="tracker-sure">
            <Button className="button small" onPress={() => setSure(false)} autoFocus>
              {t("do.cancel")}
            </Button>
            <Button className="button small danger" onPress={() => void revoke()}>
              {t("trackers.revoke")}
            </Button>
          </div>
        ) : (
          <Button
            className="icon-button"
            aria-label={t("trackers.revoke-this", { device: tracker.name || tracker.device })}
            onPress={() => setSure(true)}
          >
            <Icon name="ban" size={16} />
          </Button>
        ))}
    </li>
  );
}

function AddForm({ onCancel, onAdded }: { onCancel: () => void; onAdded: (added: AddedTracker) => void }) {
  const t = useT();
  const say = useSay();
  const queries = useQueryClient();
  const { city } = usePicture();
  const crews = useMemo(
    () => [...city.crews.values()].sort((a, b) => a.code.localeCompare(b.code, undefined, { numeric: true })),
    [city],
  );
  const [crew, setCrew] = useState(crews[0]?.id ?? "");
  const [protocol, setProtocol] = useState<Tracker["protocol"]>("osmand");
  const [name, setName] = useState("");
  const [id, setId] = useState("");
  const [busy, setBusy] = useState(false);
  const add = async () => {
    if (busy || !crew) return;
    setBusy(true);
    try {
      const body = { crew, protocol, name: name.trim(), ...(id.trim() ? { id: id.trim() } : {}) };
      onAdded(await call<AddedTracker>("/trackers", { body }));
      void queries.invalidateQueries({ queryKey: ["trackers"] });
    } catch (err) {
      say.problem(err);
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={e => {
        e.preventDefault();
        void add();
      }}
    >
      <div className="field">
        <span>{t("trackers.crew")}</span>
        <Choice
          label={t("trackers.crew")}
          wide
          value={crew}
          onChange={setCrew}
          options={crews.map(k => ({ id: k.id, label: `${k.code} · ${k.name}` }))}
        />
      </div>
      <div className="field">
        <span>{t("trackers.program")}</span>
        <ToggleButtonGroup
          className="segments"
          aria-label={t("trackers.program")}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[protocol]}
          onSelectionChange={keys => setProtocol(keys.has("owntracks") ? "owntracks" : "osmand")}
        >
          {(["osmand", "owntracks"] as const).map(p => (
            <ToggleButton key={p} id={p} className="segment">
              {t(`trackers.${p}`)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </div>
      <label className="field">
        <span>{t("trackers.name")}</span>
        <input
          className="input"
          value={name}
          maxLength={100}
          dir="auto"
          onChange={e => setName(e.target.value)}
        />
      </label>
      <label className="field">
        <span>{t("trackers.id")}</span>
        <input
          className="input"
          value={id}
          maxLength={128}
          dir="ltr"
          autoComplete="off"
          placeholder={t("trackers.id-made")}
          onChange={e => setId(e.target.value)}
        />
      </label>
      <div className="dialog-foot">
        <Button className="button" onPress={onCancel}>
          {t("do.cancel")}
        </Button>
        <Button className="button primary" type="submit" isDisabled={busy || !crew}>
          <Icon name="plus" size={16} /> {t("trackers.add")}
        </Button>
      </div>
    </form>
  );
}

// Settings is what to type into the device. It is told this once.
function Settings({ added, onDone }: { added: AddedTracker; onDone: () => void }) {
  const t = useT();
  const say = useSay();
  const lines = settingsOf(added, location.origin);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(lines.map(([label, value]) => `${t(label)}: ${value}`).join("\n"));
      say.done(t("trackers.copied"));
    } catch {
      say.wrong(t("trackers.copy-failed"));
    }
  };
  return (
    <>
      <p className="tracker-once">
        <Icon name="alert" size={16} /> {t("trackers.once")}
      </p>
      <dl className="tracker-settings">
        {lines.map(([label, value]) => (
          <div key={label}>
            <dt>{t(label)}</dt>
            <dd dir="ltr">
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
      <div className="dialog-foot">
        <Button className="button" onPress={() => void copy()}>
          <Icon name="file" size={16} /> {t("trackers.copy")}
        </Button>
        <Button className="button primary" onPress={onDone} autoFocus>
          <Icon name="check" size={16} /> {t("trackers.typed")}
        </Button>
      </div>
    </>
  );
}
