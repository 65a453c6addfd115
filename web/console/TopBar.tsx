import { useNavigate } from "@tanstack/react-router";
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Tooltip,
  TooltipTrigger,
} from "react-aria-components";
import { useIntl } from "react-intl";
import type { Lang } from "../shared/api.ts";
import { call } from "../shared/client.ts";
import { Icon } from "../shared/Icon.tsx";
import type { IconName } from "../shared/icons.ts";
import { languages, useLanguage, useName, useT } from "../shared/texts/index.tsx";
import type { Theme } from "../shared/theme.ts";
import { Brand } from "./Brand.tsx";
import { ConnectionState } from "./ConnectionState.tsx";
import { may } from "./may.ts";
import { useSignOut } from "./States.tsx";
import { type Counts, type Filters, useDesk, useNow } from "./state.tsx";

interface Props {
  counts: Counts;
  filters: Filters;
  onUrgency: (urgency: Filters["urgency"]) => void;
  onCrews: () => void;
  onPalette: () => void;
  onIntake: () => void;
  theme: Theme;
  onTheme: (theme: Theme) => void;
}

export function TopBar(props: Props) {
  const t = useT();
  const name = useName();
  const { session } = useDesk();
  const { counts, filters, onUrgency } = props;
  const navigate = useNavigate();
  const toggle = (urgency: Filters["urgency"]) => onUrgency(filters.urgency === urgency ? "" : urgency);
  return (
    <header className="bar">
      <div className="bar-who">
        <Brand />
        <div className="bar-authority">
          <h1>{name(session.authority.names, session.authority.code)}</h1>
          <Shift />
        </div>
      </div>
      <div className="counters" role="group" aria-label={t("bar.counters")}>
        <Counter
          icon="user"
          tone="plain"
          n={counts.unassigned}
          label={t("counter.unassigned")}
          on={filters.urgency === "unassigned"}
          onPress={() => toggle("unassigned")}
        />
        <Counter
          icon="clock"
          tone="soon"
          n={counts.soon}
          label={t("counter.soon")}
          on={filters.urgency === "soon"}
          onPress={() => toggle("soon")}
        />
        <Counter
          icon="alert"
          tone="overdue"
          n={counts.overdue}
          label={t("counter.overdue")}
          on={filters.urgency === "overdue"}
          onPress={() => toggle("overdue")}
        />
        <Counter icon="truck" tone="free" n={counts.free} label={t("counter.free")} onPress={props.onCrews} />
        {counts.conflicts > 0 && (
          <Counter
            icon="exchange"
            tone="overdue"
            n={counts.conflicts}
            label={t("counter.conflicts")}
            onPress={() => void navigate({ to: "/console/conflicts" })}
          />
        )}
      </div>
      <div className="bar-tools">
        <ConnectionState />
        <Button className="search-button" aria-label={t("palette.title")} onPress={props.onPalette}>
          <Icon name="search" size={16} />
          <span>{t("palette.open")}</span>
          <kbd dir="ltr">Ctrl K</kbd>
        </Button>
        <Button className="button primary" aria-label={t("intake.new")} onPress={props.onIntake}>
          <Icon name="plus" size={16} />
          <span>{t("intake.new")}</span>
          <kbd>N</kbd>
        </Button>
        <PersonMenu {...props} />
      </div>
    </header>
  );
}

function Counter({
  icon,
  tone,
  n,
  label,
  on,
  onPress,
}: {
  icon: IconName;
  tone: string;
  n: number;
  label: string;
  on?: boolean;
  onPress: () => void;
}) {
  return (
    <Button
      className={`counter ${tone} ${n === 0 ? "zero" : ""} ${on ? "on" : ""}`}
      onPress={onPress}
      aria-pressed={on}
    >
      <Icon name={icon} size={16} />
      <bdi className="counter-n">{n}</bdi>
      <span className="counter-label">{label}</span>
    </Button>
  );
}

// A shift is eight hours: morning from 07:00, evening from 15:00, night from 23:00.
function Shift() {
  const t = useT();
  const intl = useIntl();
  const at = useNow(20_000);
  const hour = Number(intl.formatDate(at, { hour: "2-digit", hour12: false, hourCycle: "h23" }));
  const shift = hour >= 7 && hour < 15 ? "morning" : hour >= 15 && hour < 23 ? "evening" : "night";
  return (
    <p className="shift">
      {t(`shift.${shift}`)} ·{" "}
      <bdi>{intl.formatTime(at, { hour: "2-digit", minute: "2-digit", hour12: false })}</bdi>
    </p>
  );
}

function PersonMenu({ theme, onTheme }: Props) {
  const t = useT();
  const { session } = useDesk();
  const { lang, choose } = useLanguage();
  const leave = useSignOut();
  const label = session.actor.name || t(`role.${session.actor.role}`);
  return (
    <MenuTrigger>
      <TooltipTrigger delay={400}>
        <Button className="avatar" aria-label={t("bar.person", { name: label })}>
          <Icon name="user" size={20} />
        </Button>
        <Tooltip className="tooltip">{label}</Tooltip>
      </TooltipTrigger>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          onAction={key => {
            const [what, value] = String(key).split(":");
            if (what === "theme") onTheme(value as Theme);
            if (what === "leave") leave();
            if (what === "figures") location.assign("/district");
            if (what === "lang") {
              choose(value as Lang);
              void call("/session", { method: "PATCH", body: { lang: value } }).catch(() => {});
            }
          }}
        >
          <MenuSection>
            <Header className="menu-header">
              <bdi>{session.actor.name}</bdi>
              <span>{t(`role.${session.actor.role}`)}</span>
            </Header>
            <MenuItem
              className="menu-item"
              id={theme === "dark" ? "theme:light" : "theme:dark"}
              textValue={t("bar.theme")}
            >
              <Icon name={theme === "dark" ? "sun" : "moon"} size={16} />
              {theme === "dark" ? t("bar.light") : t("bar.dark")}
            </MenuItem>
          </MenuSection>
          <MenuSection>
            <Header className="menu-header">{t("bar.language")}</Header>
            {Object.entries(languages).map(([code, language]) => (
              <MenuItem className="menu-item" id={`lang:${code}`} key={code} textValue={language.name}>
                <Icon name={code === lang ? "check" : "language"} size={16} />
                <span lang={code}>{language.name}</span>
              </MenuItem>
            ))}
          </MenuSection>
          {may(session.actor.role, "figures") && (
            <MenuItem className="menu-item" id="figures" textValue={t("bar.figures")}>
              <Icon name="map" size={16} />
              {t("bar.figures")}
            </MenuItem>
          )}
          <MenuItem className="menu-item" id="leave" textValue={t("do.sign-out")}>
            <Icon name="logout" size={16} />
            {t("do.sign-out")}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
