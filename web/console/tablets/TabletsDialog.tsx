import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { Device } from "../../shared/api.ts";
import { call } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { span, useMoment } from "../../shared/texts/Words.tsx";
import { CrewTag } from "../CrewTag.tsx";
import { Empty } from "../States.tsx";
import { useNow, usePicture } from "../state.tsx";
import { useSay } from "../toasts.tsx";
import { seen } from "../trail/seen.ts";
import { handIn, read, type Taken } from "./handin.ts";

const key = ["devices"];

// TabletsDialog keeps the tablets that crews have signed in on: a lost one is
// shut out here, and what one saved to a file comes in.
export function TabletsDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={open => !open && onClose()}>
      <Modal className="modal trackers-modal">
        <Dialog className="dialog">
          <Heading slot="title">{t("tablets.title")}</Heading>
          <List />
          <HandIn />
          <div className="dialog-foot">
            <Button className="button" onPress={onClose} autoFocus>
              {t("do.close")}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function List() {
  const t = useT();
  const list = useQuery({
    queryKey: key,
    queryFn: () => call<{ devices: Device[] }>("/devices"),
    refetchInterval: 10_000,
  });
  if (list.isPending)
    return (
      <div className="skeleton short" aria-busy="true">
        <div />
        <div />
      </div>
    );
  if (list.isError)
    return (
      <Empty icon="offline" title={t("state.failed")}>
        <Button className="button" onPress={() => void list.refetch()}>
          {t("do.retry")}
        </Button>
      </Empty>
    );
  if (list.data.devices.length === 0)
    return (
      <Empty icon="device" title={t("tablets.empty")}>
        {t("tablets.empty-more")}
      </Empty>
    );
  return (
    <ul className="trackers">
      {list.data.devices.map(device => (
        <Row key={device.id} device={device} />
      ))}
    </ul>
  );
}

function Row({ device }: { device: Device }) {
  const t = useT();
  const say = useSay();
  const moment = useMoment();
  const at = useNow(10_000);
  const queries = useQueryClient();
  const { city } = usePicture();
  const [sure, setSure] = useState(false);
  const crew = city.crews.get(device.crew);
  const title = [device.user, device.name].filter(Boolean).join(" · ") || crew?.name || "–";
  const gone = device.revoked_at ?? device.signed_out_at;
  const skewed = Math.abs(device.skew_ms) > 60_000;
  const revoke = async () => {
    try {
      await call(`/devices/${device.id}/revoke`, { body: {} });
      say.done(t("tablets.revoked-now", { device: title }));
    } catch (err) {
      say.problem(err);
    }
    setSure(false);
    void queries.invalidateQueries({ queryKey: key });
  };
  return (
    <li className={`tracker ${gone ? "revoked" : ""}`}>
      {crew ? <CrewTag crew={crew} look={gone ? "off" : "busy"} /> : <span className="crew-tag off">–</span>}
      <div className="tracker-text">
        <strong>
          <bdi>{title}</bdi>
        </strong>
        <span className="dim">
          {seen(t, "trackers", at - Date.parse(device.seen_at))}
          {device.app && (
            <>
              {" · "}
              {t("tablets.app", { version: device.app })}
            </>
          )}
        </span>
        <span className="tracker-counts">
          {device.revoked_at ? (
            <span className={device.wiped_at ? "" : "tracker-refused"}>
              {device.wiped_at
                ? t("tablets.wiped", { at: moment(device.wiped_at, at) })
                : t("tablets.not-wiped", { at: moment(device.revoked_at, at) })}
            </span>
          ) : device.signed_out_at ? (
            <span>{t("tablets.signed-out", { at: moment(device.signed_out_at, at) })}</span>
          ) : (
            skewed && (
              <span className="tracker-refused">
                {t(device.skew_ms > 0 ? "tablets.ahead" : "tablets.behind", {
                  span: span((k, v) => t(k, v), Math.abs(device.skew_ms)),
                })}
              </span>
            )
          )}
        </span>
      </div>
      {!gone &&
        (sure ? (
          <div className="tracker-sure">
            <span className="dim">{t("tablets.revoke-sure")}</span>
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
            aria-label={t("trackers.revoke-this", { device: title })}
            onPress={() => setSure(true)}
          >
            <Icon name="ban" size={16} />
          </Button>
        ))}
    </li>
  );
}

// HandIn takes in the file that a tablet saved when it could reach nobody.
function HandIn() {
  const t = useT();
  const say = useSay();
  const pick = useRef<HTMLInputElement>(null);
  const [going, setGoing] = useState<{ done: number; all: number }>();
  const [taken, setTaken] = useState<Taken & { login: string }>();
  const take = async (file: File | undefined) => {
    if (!file) return;
    setTaken(undefined);
    const work = read(await file.text().catch(() => ""));
    if (!work) return say.wrong(t("tablets.hand-in-other"));
    setGoing({ done: 0, all: work.ops.length + work.photos.length });
    try {
      setTaken({ ...(await handIn(work, (done, all) => setGoing({ done, all }))), login: work.login });
    } catch (err) {
      say.problem(err);
    } finally {
      setGoing(undefined);
    }
  };
  const n = (verdict: string) => taken?.verdicts[verdict] ?? 0;
  return (
    <section className="hand-in" aria-label={t("tablets.hand-in")}>
      <h3 className="section-title">{t("tablets.hand-in")}</h3>
      <p className="dim">{t("tablets.hand-in-more")}</p>
      <input
        ref={pick}
        className="sr"
        type="file"
        accept="application/json,.json"
        aria-label={t("tablets.hand-in-file")}
        tabIndex={-1}
        onChange={e => {
          void take(e.target.files?.[0]);
          e.target.value = "";
        }}
      />
      {going ? (
        <progress max={going.all || 1} value={going.done} aria-label={t("tablets.hand-in")} />
      ) : (
        <Button className="button small" onPress={() => pick.current?.click()}>
          <Icon name="upload" size={16} /> {t("tablets.hand-in-file")}
        </Button>
      )}
      {taken && (
        <p role="status" className="hand-in-taken">
          <Icon name="circle-check" size={16} />
          <span>
            {t("tablets.hand-in-taken", {
              login: taken.login || "–",
              applied: n("applied") + n("merged"),
              kept: n("kept"),
              refused: n("refused"),
              photos: taken.photos,
            })}
            {taken.refused > 0 && ` ${t("tablets.hand-in-photos", { n: taken.refused })}`}
          </span>
        </p>
      )}
    </section>
  );
}
