import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  TextField,
} from "react-aria-components";
import type { Found, Hit, ID, Job, Lang, Report } from "../../shared/api.ts";
import { call, query } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import type { IconName } from "../../shared/icons.ts";
import { languages, useLanguage, useName, useT } from "../../shared/texts/index.tsx";
import type { Theme } from "../../shared/theme.ts";
import { useHands } from "../hands.tsx";
import { plain } from "../intake/matching.ts";
import { useDesk, usePicture } from "../state.tsx";
import { useLater } from "../useLater.ts";

interface Props {
  isOpen: boolean;
  onClose: () => void;
  onIntake: () => void;
  onHelp: () => void;
  theme: Theme;
  onTheme: (theme: Theme) => void;
  order: ID[];
}

interface Option {
  id: string;
  icon: IconName | (string & {});
  label: string;
  more?: string;
  keys?: string;
  run: () => void;
}

// Palette finds an address, a number, a crew or an action from one field.
export function Palette(props: Props) {
  const t = useT();
  return (
    <ModalOverlay
      className="veil top"
      isOpen={props.isOpen}
      isDismissable
      onOpenChange={open => !open && props.onClose()}
    >
      <Modal className="modal palette">
        <Dialog className="dialog bare" aria-label={t("palette.title")}>
          <Body {...props} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Body({ onClose, onIntake, onHelp, theme, onTheme, order }: Props) {
  const t = useT();
  const name = useName();
  const { choose } = useLanguage();
  const { categories, departments } = useDesk();
  const { city } = usePicture();
  const { open, show, showCrew, showClosures, setPin, center } = useHands();
  const [text, setText] = useState("");
  const navigate = useNavigate();
  const wanted = plain(text);
  const asked = useLater(text.trim(), 120);
  const list = useRef<HTMLDivElement>(null);

  const found = useQuery({
    queryKey: ["palette", asked],
    queryFn: async ({ signal }) => {
      const at = center();
      const [places, hits] = await Promise.all([
        call<{ results: Found[] }>(
          `/geocode${query({ q: asked, suggest: 1, limit: 5, lat: at?.lat, lon: at?.lon })}`,
          { signal },
        ).catch(() => ({ results: [] })),
        call<{ results: Hit[] }>(`/search${query({ q: asked })}`, { signal }).catch(() => ({ results: [] })),
      ]);
      return { places: places.results, hits: hits.results };
    },
    enabled: asked.length >= 2,
    placeholderData: previous => previous,
  });

  const actions = useMemo<Option[]>(() => {
    const all: Option[] = [
      { id: "do:new", icon: "plus", label: t("intake.new"), keys: "N", run: onIntake },
      { id: "do:next", icon: "flag", label: t("palette.next"), run: () => order[0] && open(order[0]) },
      {
        id: "do:conflicts",
        icon: "exchange",
        label: t("conflicts.title"),
        more: city.conflicts.size > 0 ? t("conflicts.count", { n: city.conflicts.size }) : undefined,
        run: () => void navigate({ to: "/console/conflicts" }),
      },
      { id: "do:roads", icon: "barrier", label: t("closure.title"), run: () => showClosures() },
      { id: "do:crews", icon: "truck", label: t("palette.crews"), run: () => open(undefined) },
      {
        id: "do:theme",
        icon: theme === "dark" ? "sun" : "moon",
        label: t(theme === "dark" ? "bar.light" : "bar.dark"),
        run: () => onTheme(theme === "dark" ? "light" : "dark"),
      },
      ...Object.entries(languages).map(([code, l]) => ({
        id: `do:${code}`,
        icon: "language",
        label: l.name,
        run: () => choose(code as Lang),
      })),
      { id: "do:help", icon: "more", label: t("help.title"), keys: "?", run: onHelp },
    ];
    return wanted ? all.filter(a => plain(a.label).includes(wanted)) : all;
  }, [t, wanted, theme, onTheme, onIntake, onHelp, open, order, choose, navigate, city, showClosures]);

  const incidents = useMemo<Option[]>(() => {
    if (wanted.length < 2) return [];
    const all: Option[] = [];
    for (const i of city.incidents.values()) {
      const title = name(categories.get(i.category)?.names, i.category);
      if (!plain(`${i.number} ${title} ${i.place.label}`).includes(wanted) && !i.number.includes(text.trim()))
        continue;
      all.push({
        id: `incident:${i.id}`,
        icon: departments.get(i.department)?.icon ?? "flag",
        label: title,
        more: `${i.place.label} · ${i.number}`,
        run: () => open(i.id),
      });
      if (all.length === 5) break;
    }
    const more: Option[] = [];
    for (const { kind, id, label } of found.data?.hits ?? []) {
      if (!id || (kind !== "incident" && kind !== "report" && kind !== "job")) continue;
      if (all.some(o => o.id === `incident:${id}`) || more.length === 4) continue;
      more.push({
        id: `${kind}:${id}`,
        icon: "inbox",
        label,
        more: t(`palette.${kind}`),
        run: () => void reach(kind, id, open),
      });
    }
    return [...all, ...more];
  }, [wanted, text, city, categories, departments, name, open, found.data, t]);

  const crews = useMemo<Option[]>(() => {
    if (!wanted) return [];
    return [...city.crews.values()]
      .filter(c => plain(`${c.code} ${c.name}`).includes(wanted))
      .slice(0, 5)
      .map(c => ({
        id: `crew:${c.id}`,
        icon: "truck",
        label: c.name,
        more: c.code,
        run: () => showCrew(c.id),
      }));
  }, [wanted, city, showCrew]);

  const places = useMemo<Option[]>(
    () =>
      asked.length < 2 || !wanted
        ? []
        : (found.data?.places ?? []).map((p, i) => ({
            id: `place:${i}`,
            icon: "pin",
            label: p.label,
            more: t(`precision.${p.precision}`),
            run: () => {
              setPin({ lat: p.lat, lon: p.lon, label: p.label });
              show(p.lat, p.lon, p.precision === "area" ? 14 : 17);
            },
          })),
    [asked, wanted, found.data, t, setPin, show],
  );

  const sections: [string, Option[]][] = [
    [t("palette.incidents"), incidents],
    [t("palette.places"), places],
    [t("palette.crews-title"), crews],
    [t("palette.actions"), actions],
  ];
  const flat = sections.flatMap(s => s[1]);
  const run = (id: string) => {
    const option = flat.find(o => o.id === id);
    if (!option) return;
    onClose();
    option.run();
  };
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <TextField className="palette-field" aria-label={t("palette.title")} autoFocus>
        <Icon name="search" size={20} />
        <Input
          className="palette-input"
          dir="auto"
          placeholder={t("palette.hint")}
          onKeyDown={e => {
            if (e.key === "Enter" && !e.currentTarget.getAttribute("aria-activedescendant") && flat[0]) {
              e.preventDefault();
              run(flat[0].id);
            }
          }}
        />
        <kbd>Esc</kbd>
      </TextField>
      <Menu
        className="palette-list"
        ref={list}
        aria-label={t("palette.title")}
        onAction={key => run(String(key))}
        renderEmptyState={() => <p className="suggestions-empty">{t("palette.none")}</p>}
      >
        {sections
          .filter(([, options]) => options.length > 0)
          .map(([title, options]) => (
            <MenuSection key={title} id={title}>
              <Header className="menu-header">{title}</Header>
              {options.map(o => (
                <MenuItem className="palette-item" id={o.id} key={o.id} textValue={o.label}>
                  <Icon name={o.icon} size={16} />
                  <bdi>{o.label}</bdi>
                  {o.more && <bdi className="palette-more">{o.more}</bdi>}
                  {o.keys && <kbd>{o.keys}</kbd>}
                </MenuItem>
              ))}
            </MenuSection>
          ))}
      </Menu>
    </Autocomplete>
  );
}

// reach opens the incident that a report or a job is about.
async function reach(kind: "incident" | "report" | "job", id: ID, open: (id: ID) => void): Promise<void> {
  if (kind === "incident") return open(id);
  if (kind === "job") return open((await call<{ job: Job }>(`/jobs/${id}`)).job.incident);
  open((await call<{ report: Report }>(`/reports/${id}`)).report.incident_id);
}
