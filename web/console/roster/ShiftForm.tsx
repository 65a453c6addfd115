import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { Crew, Shift } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useName, useT } from "../../shared/texts/index.tsx";
import { Choice } from "../Choice.tsx";
import { useDesk } from "../state.tsx";
import { useSay } from "../toasts.tsx";
import type { useShifts } from "./useRoster.ts";
import { clock, span, timeOf } from "./week.ts";

interface Props {
  crew: Crew;
  date: string;
  day: string;
  shift?: Shift;
  shifts: ReturnType<typeof useShifts>;
  onClose: () => void;
}

// ShiftForm plans or changes one shift, by the clock on the wall.
export function ShiftForm({ crew, date, day, shift, shifts, onClose }: Props) {
  const t = useT();
  const name = useName();
  const say = useSay();
  const { session, skills } = useDesk();
  const zone = session.authority.time_zone;
  const [from, setFrom] = useState(shift ? clock(shift.from, zone) : "07:00");
  const [until, setUntil] = useState(shift ? clock(shift.until, zone) : "15:00");
  const [state, setState] = useState<string>(shift?.state ?? "on");
  const [people, setPeople] = useState((shift?.members ?? []).map(m => m.name).join("\n"));
  const [vehicle, setVehicle] = useState(shift?.vehicle ?? "");
  const [able, setAble] = useState<string[]>(shift?.skills ?? []);
  const [note, setNote] = useState(shift?.note ?? "");
  const [busy, setBusy] = useState(false);

  const start = timeOf(from);
  const end = timeOf(until);
  const times = start && end ? ([start, end] as const) : undefined;

  const save = async () => {
    if (busy) return;
    if (!times) return say.wrong(t("roster.bad-time"));
    setBusy(true);
    const known = new Map((shift?.members ?? []).map(m => [m.name, m]));
    const members = people
      .split("\n")
      .map(n => n.trim())
      .filter(Boolean)
      .map(n => known.get(n) ?? { name: n });
    // Times that nobody touched stay as they are, over a change of the clock too.
    const same = shift && start === clock(shift.from, zone) && end === clock(shift.until, zone);
    const spanned = same ? { from: shift.from, until: shift.until } : span(date, ...times);
    const draft = { ...spanned, state: state as Shift["state"], members, vehicle, skills: able, note };
    const done = shift ? await shifts.change(shift, draft) : await shifts.plan({ crew: crew.id, ...draft });
    if (done) onClose();
    else setBusy(false);
  };
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={open => !open && onClose()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <div>
            <Heading slot="title">{t(shift ? "roster.edit" : "roster.add")}</Heading>
            <p className="dim">
              <bdi>{crew.name}</bdi> · {day}
            </p>
          </div>
          <form
            onSubmit={e => {
              e.preventDefault();
              void save();
            }}
          >
            <div className="two">
              <label className="field">
                <span>{t("roster.from")}</span>
                <input
                  className="input time"
                  inputMode="numeric"
                  dir="ltr"
                  required
                  autoFocus
                  aria-invalid={!times}
                  value={from}
                  onFocus={e => e.target.select()}
                  onChange={e => setFrom(e.target.value)}
                  onBlur={() => setFrom(timeOf(from) ?? from)}
                />
              </label>
              <label className="field">
                <span>
                  {t("roster.until")} {times && times[1] <= times[0] && t("roster.next-day")}
                </span>
                <input
                  className="input time"
                  inputMode="numeric"
                  dir="ltr"
                  required
                  aria-invalid={!times}
                  value={until}
                  onFocus={e => e.target.select()}
                  onChange={e => setUntil(e.target.value)}
                  onBlur={() => setUntil(timeOf(until) ?? until)}
                />
              </label>
            </div>
            <div className="two">
              <div className="field">
                <span>{t("roster.state")}</span>
                <Choice
                  wide
                  label={t("roster.state")}
                  value={state}
                  onChange={setState}
                  options={(["on", "standby"] as const).map(id => ({ id, label: t(`roster.state-${id}`) }))}
                />
              </div>
              <label className="field">
                <span>{t("roster.vehicle")}</span>
                <input
                  className="input"
                  dir="auto"
                  maxLength={200}
                  placeholder={crew.vehicle}
                  value={vehicle}
                  onChange={e => setVehicle(e.target.value)}
                />
              </label>
            </div>
            <label className="field">
              <span>{t("roster.members")}</span>
              <textarea
                className="input"
                rows={3}
                dir="auto"
                value={people}
                onChange={e => setPeople(e.target.value)}
              />
            </label>
            <div className="field">
              <span>{t("roster.skills")}</span>
              <div className="shift-skills">
                {able.map(code => (
                  <Button
                    key={code}
                    className="chip on"
                    onPress={() => setAble(able.filter(s => s !== code))}
                  >
                    {name(skills.get(code)?.names, code)} <Icon name="close" size={14} />
                  </Button>
                ))}
                <Choice
                  label={t("roster.skills")}
                  all="+"
                  value=""
                  onChange={code => code && setAble([...able, code])}
                  options={[...skills.values()]
                    .filter(s => !able.includes(s.code) && !(crew.skills ?? []).includes(s.code))
                    .map(s => ({ id: s.code, label: name(s.names, s.code) }))}
                />
              </div>
            </div>
            <label className="field">
              <span>{t("roster.note")}</span>
              <input
                className="input"
                dir="auto"
                maxLength={500}
                value={note}
                onChange={e => setNote(e.target.value)}
              />
            </label>
            <div className="dialog-foot">
              {shift && (
                <Button
                  className="button quiet"
                  onPress={() => {
                    void shifts.remove(shift);
                    onClose();
                  }}
                >
                  {t("roster.remove")}
                </Button>
              )}
              <Button className="button" onPress={onClose}>
                {t("do.cancel")}
              </Button>
              <Button className="button primary" type="submit">
                <Icon name="check" size={16} /> {t("do.save")}
              </Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
