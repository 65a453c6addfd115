import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useIntl } from "react-intl";
import { Icon } from "../shared/Icon.tsx";
import { behind, type Mark } from "./figures.ts";
import { useT } from "./texts/index.tsx";
import type { Period, View } from "./view.ts";
import { useNames } from "./words.ts";

interface Props {
  view: View;
  period: Period;
  of: Mark;
  onClose: () => void;
}

// BehindDialog lists the very reports behind a figure.
export function BehindDialog({ view, period, of, onClose }: Props) {
  const t = useT();
  const intl = useIntl();
  const names = useNames();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const pages = useInfiniteQuery({
    queryKey: ["behind", view, period, of],
    queryFn: ({ pageParam }) => behind(view, period, of, pageParam),
    initialPageParam: 0,
    getNextPageParam: (last, all) => (all.length * 50 < last.all ? all.length * 50 : undefined),
  });
  const all = pages.data?.pages[0]?.all;
  const rows = pages.data?.pages.flatMap(p => p.reports) ?? [];
  const asked = Math.min((pages.data?.pages.length ?? 0) * 50, all ?? 0);
  return (
    <dialog className="behind" ref={dialog} onClose={onClose} aria-labelledby="behind">
      <div className="card-head">
        <h2 id="behind">
          {all === undefined ? t(`mark.${of}`) : t("behind.title", { name: t(`mark.${of}`), n: all })}
        </h2>
        <button
          type="button"
          className="tool"
          aria-label={t("behind.close")}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      {pages.isPending && <p aria-busy="true">{t("state.loading")}</p>}
      {pages.error && <p className="bad">{t("state.failed-detail")}</p>}
      {all === 0 && <p className="quiet">{t("state.nothing")}</p>}
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <div className="scroll" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("behind.number")}</th>
                <th scope="col">{t("behind.filed")}</th>
                <th scope="col">{t("behind.category")}</th>
                <th scope="col">{t("behind.where")}</th>
                <th scope="col">{t("behind.text")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(r => (
                <tr key={r.id}>
                  <th scope="row">
                    <a href={`/console?incident=${r.incident}`} title={t("behind.open")}>
                      <bdi>{r.number}</bdi>
                    </a>
                  </th>
                  <td>
                    <bdi>{intl.formatDate(r.filed_at, { dateStyle: "short", timeStyle: "short" })}</bdi>
                  </td>
                  <td>{names.category(r.category)}</td>
                  <td>
                    <bdi>{r.place.label || names.neighbourhood(r.place.neighbourhood?.code ?? "")}</bdi>
                  </td>
                  <td className="said">
                    <bdi>{r.text}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {asked > rows.length && <p className="quiet">{t("behind.hidden", { n: asked - rows.length })}</p>}
      {pages.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t("behind.more")}
        </button>
      )}
    </dialog>
  );
}
