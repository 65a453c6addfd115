import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { Button } from "react-aria-components";
import type { Conflict, ID } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useName, useT } from "../../shared/texts/index.tsx";
import { useMoment } from "../../shared/texts/Words.tsx";
import { useTheme } from "../../shared/theme.ts";
import { ConnectionState } from "../ConnectionState.tsx";
import { conflictsRoute } from "../router.tsx";
import { Empty } from "../States.tsx";
import { useDesk, useNow } from "../state.tsx";
import { ConflictView } from "./ConflictView.tsx";
import { apart } from "./sides.ts";
import { useConflicts } from "./useConflicts.ts";

// ConflictsPage is where what the field and the desk disagree about is settled:
// the list, and both sides of the one that is chosen.
export function ConflictsPage() {
  const t = useT();
  const navigate = useNavigate();
  useTheme();
  const { conflict: chosen } = conflictsRoute.useSearch();
  const { open, settled, loading, failed, retry } = useConflicts();
  const all = [...open, ...settled];
  const shown = all.find(c => c.id === chosen) ?? (chosen ? undefined : open[0]);
  const show = (id: ID | undefined) =>
    void navigate({ to: "/console/conflicts", search: id ? { conflict: id } : {}, replace: true });

  useEffect(() => {
    document.title = `${t("conflicts.title")} · ${t("app.name")}`;
  }, [t]);

  const walk = (e: React.KeyboardEvent<HTMLElement>) => {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    const rows = [...e.currentTarget.querySelectorAll<HTMLElement>(".conflict-row")];
    const here = rows.indexOf(document.activeElement as HTMLElement);
    const next = rows[here + (e.key === "ArrowDown" ? 1 : -1)];
    e.preventDefault();
    if (!next) return;
    next.focus();
    show(next.dataset.id);
  };
  // What is settled stays on screen, so that one sees it was.
  const settledNow = (was: Conflict) => show(was.id);

  return (
    <div className="conflicts">
      <header className="roster-bar">
        <Link className="button small quiet" to="/console">
          <Icon name="map" size={16} /> {t("conflicts.back")}
        </Link>
        <h1>{t("conflicts.title")}</h1>
        <div className="roster-tools">
          <ConnectionState />
        </div>
      </header>
      <main className="conflicts-main">
        {all.length === 0 ? (
          <div className="conflicts-none" aria-busy={loading}>
            {failed ? (
              <Empty icon="offline" title={t("state.failed")}>
                <Button className="link" onPress={retry}>
                  {t("do.retry")}
                </Button>
              </Empty>
            ) : (
              !loading && (
                <Empty icon="circle-check" title={t("conflicts.none")}>
                  {t("conflicts.none-more")}
                </Empty>
              )
            )}
          </div>
        ) : (
          <>
            <nav className="conflicts-list" aria-label={t("conflicts.title")} onKeyDown={walk}>
              <p className="dim">{t("conflicts.lead")}</p>
              <Rows title={t("conflicts.open")} list={open} shown={shown} onShow={show} />
              <Rows title={t("conflicts.settled")} list={settled} shown={shown} onShow={show} />
            </nav>
            {shown ? (
              <ConflictView key={shown.id} conflict={shown} onSettled={settledNow} />
            ) : (
              <Empty icon="exchange" title={t(open.length ? "conflicts.choose" : "conflicts.none")}>
                {t(open.length ? "conflicts.lead" : "conflicts.none-more")}
              </Empty>
            )}
          </>
        )}
      </main>
    </div>
  );
}

function Rows({
  title,
  list,
  shown,
  onShow,
}: {
  title: string;
  list: Conflict[];
  shown: Conflict | undefined;
  onShow: (id: ID) => void;
}) {
  const t = useT();
  const name = useName();
  const moment = useMoment();
  const at = useNow(20_000);
  const { categories } = useDesk();
  if (list.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className="section-title">
        {title} <bdi className="queue-count">{list.length}</bdi>
      </h2>
      <ul>
        {list.map(c => (
          <li key={c.id}>
            <button
              type="button"
              className={`conflict-row ${c.settled_at ? "settled" : ""}`}
              data-id={c.id}
              aria-current={c.id === shown?.id}
              onClick={() => onShow(c.id)}
            >
              <Icon name={c.settled_at ? "circle-check" : "exchange"} size={20} />
              <span>
                <strong>{t(`conflicts.kind-${c.kind}`, { crew: apart(c.op.crew_name) })}</strong>
                <span className="dim">
                  {name(categories.get(c.category)?.names, c.category)} · <bdi>{c.place.label}</bdi>
                </span>
                <span className="dim">
                  <bdi>{c.number}</bdi> · {moment(c.settled_at ?? c.opened_at, at)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
