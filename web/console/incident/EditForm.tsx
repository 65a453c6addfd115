import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "react-aria-components";
import type { Found, Incident } from "../../shared/api.ts";
import { call, Problem } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useName, useT } from "../../shared/texts/index.tsx";
import { Choice } from "../Choice.tsx";
import { useHands } from "../hands.tsx";
import { AddressBox } from "../intake/AddressBox.tsx";
import { useDesk } from "../state.tsx";
import { useSay } from "../toasts.tsx";
import { type Draft, draftOf, type Field, meanwhile, patchOf } from "./draft.ts";

// EditForm corrects what an incident is and where. It stands on the version it
// was opened with: when somebody else changed the incident meanwhile, both
// values are shown and the person chooses, field by field.
export function EditForm({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const t = useT();
  const name = useName();
  const say = useSay();
  const queries = useQueryClient();
  const { touch, show } = useHands();
  const { categories } = useDesk();
  const [base, setBase] = useState(incident);
  const [draft, setDraft] = useState<Draft>(() => draftOf(incident));
  const [busy, setBusy] = useState(false);
  const theirs = meanwhile(base, incident, draft);

  const set = <F extends Field>(field: F, value: Draft[F]) => setDraft(d => ({ ...d, [field]: value }));
  const settle = (field: Field, keep: "mine" | "theirs") => {
    const now = draftOf(incident);
    if (keep === "theirs") setDraft(d => ({ ...d, [field]: now[field] }));
    // The field's base becomes what they wrote, so that it is no longer in dispute.
    setBase(b => ({ ...b, [field]: incident[field] }));
  };
  const worded = (field: Field, d: Draft) => {
    if (field === "category") return name(categories.get(d.category)?.names, d.category);
    if (field === "priority") return t(`priority.${d.priority as 1}`);
    return field === "place" ? d.place.label : d.text;
  };

  const save = async () => {
    const patch = patchOf(base, draft);
    if (Object.keys(patch).length === 0) return onClose();
    setBusy(true);
    try {
      await call(`/incidents/${incident.id}`, {
        method: "PATCH",
        body: { base_version: incident.version, ...patch },
      });
      touch(incident.id);
      say.done(t("edit.saved"));
      onClose();
    } catch (err) {
      if (err instanceof Problem && err.code === "stale") say.wrong(t("problem.stale"));
      else say.problem(err);
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ["incident", incident.id] });
    }
  };

  return (
    <form
      className="block edit"
      onSubmit={e => {
        e.preventDefault();
        void save();
      }}
    >
      <h3 className="section-title">{t("edit.title")}</h3>
      {theirs.length > 0 && (
        <div className="meanwhile" role="alert">
          <p>
            <Icon name="alert" size={16} /> <strong>{t("edit.meanwhile")}</strong>
          </p>
          {theirs.map(field => (
            <div className="meanwhile-field" key={field}>
              <span className="dim">{t(`edit.${field}`)}</span>
              <p>
                <span className="meanwhile-who">{t("edit.theirs")}</span>{" "}
                <bdi>{worded(field, draftOf(incident))}</bdi>
                <Button className="link" onPress={() => settle(field, "theirs")}>
                  {t("edit.take-theirs")}
                </Button>
              </p>
              <p>
                <span className="meanwhile-who">{t("edit.mine")}</span> <bdi>{worded(field, draft)}</bdi>
                <Button className="link" onPress={() => settle(field, "mine")}>
                  {t("edit.keep-mine")}
                </Button>
              </p>
            </div>
          ))}
        </div>
      )}
      <div className="field">
        <span>{t("edit.category")}</span>
        <Choice
          wide
          label={t("edit.category")}
          value={draft.category}
          onChange={v => set("category", v)}
          options={[...categories.values()]
            .filter(c => !c.retired || c.code === draft.category)
            .map(c => ({ id: c.code, label: name(c.names, c.code), icon: c.icon }))}
        />
      </div>
      <div className="field">
        <span>{t("edit.priority")}</span>
        <Choice
          wide
          label={t("edit.priority")}
          value={String(draft.priority)}
          onChange={v => set("priority", Number(v))}
          options={([1, 2, 3, 4, 5] as const).map(n => ({ id: String(n), label: t(`priority.${n}`) }))}
        />
      </div>
      <AddressBox
        label={t("edit.place")}
        value={draft.place.label}
        onText={label => set("place", { label })}
        onFound={(found: Found) => {
          set("place", { label: found.label, lat: found.lat, lon: found.lon });
          show(found.lat, found.lon, 16);
        }}
      />
      <label className="field">
        <span>{t("edit.text")}</span>
        <textarea
          className="input"
          rows={3}
          dir="auto"
          value={draft.text}
          onChange={e => set("text", e.target.value)}
        />
      </label>
      <div className="dialog-foot">
        <Button className="button" onPress={onClose}>
          {t("do.cancel")}
        </Button>
        <Button className="button primary" type="submit" isDisabled={busy || theirs.length > 0}>
          <Icon name="check" size={16} /> {t("do.save")}
        </Button>
      </div>
    </form>
  );
}
