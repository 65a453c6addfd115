import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import type { ID } from "../../shared/api.ts";
import { useT } from "../../shared/texts/index.tsx";
import type { Section } from "../../shared/urgency.ts";
import { Empty } from "../States.tsx";
import { type Board, type Filters, type Item, noFilters, useConnection } from "../state.tsx";
import { Filter } from "./Filter.tsx";
import { QueueRow } from "./QueueRow.tsx";

interface Props {
  board: Board;
  filters: Filters;
  onFilters: (filters: Filters) => void;
  cursor: ID | undefined;
  opened: ID | undefined;
  onCursor: (id: ID) => void;
  onOpen: (id: ID) => void;
  at: number;
}

type Row = { key: string; section: Section; count: number } | { key: string; item: Item; index: number };

const heights = { section: 36, item: 80 };

// Queue is every open incident, by what needs a person next. Only the rows in
// view are in the page, so thousands cost as little as ten.
export function Queue({ board, filters, onFilters, cursor, opened, onCursor, onOpen, at }: Props) {
  const t = useT();
  const connection = useConnection();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => {
    const all: Row[] = [];
    let index = 0;
    for (const { section, items } of board.lists) {
      all.push({ key: section, section, count: items.length });
      for (const item of items) all.push({ key: item.incident.id, item, index: index++ });
    }
    return all;
  }, [board]);
  const total = rows.length - board.lists.length;

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: i => ("section" in rows[i]! ? heights.section : heights.item),
    getItemKey: i => rows[i]!.key,
    overscan: 8,
  });

  const cursorRow = rows.findIndex(r => r.key === cursor);
  // The list follows the cursor, but stays where the reader scrolled it when rows only move beneath.
  const followed = useRef<ID>(undefined);
  useEffect(() => {
    if (cursorRow < 0 || followed.current === cursor) return;
    followed.current = cursor;
    virtual.scrollToIndex(cursorRow, { align: "auto" });
  }, [cursor, cursorRow, virtual]);

  const narrowed = filters !== noFilters && Object.values(filters).some(Boolean);
  const loading = connection.state === "loading";
  return (
    <section className="queue zone" aria-label={t("queue.title")}>
      <Filter filters={filters} onFilters={onFilters} total={total} narrowed={narrowed} />
      <div
        className="queue-scroll"
        ref={scroller}
        role="listbox"
        aria-label={t("queue.title")}
        aria-activedescendant={cursor && cursorRow >= 0 ? `queue-${cursor}` : undefined}
        tabIndex={0}
        id="queue"
      >
        {total === 0 ? (
          <div role="presentation">
            {loading ? (
              <Empty icon="refresh" title={t("state.loading")} />
            ) : narrowed ? (
              <Empty icon="adjustments" title={t("queue.none-match")}>
                {t("queue.none-match-more")}
              </Empty>
            ) : (
              <Empty icon="circle-check" title={t("queue.empty")}>
                {t("queue.empty-more")}
              </Empty>
            )}
          </div>
        ) : (
          <div role="presentation" style={{ blockSize: virtual.getTotalSize(), position: "relative" }}>
            {virtual.getVirtualItems().map(v => {
              const row = rows[v.index]!;
              const style = { transform: `translateY(${v.start}px)`, blockSize: v.size };
              if ("section" in row) {
                return (
                  <div
                    className={`queue-section ${row.section}`}
                    key={row.key}
                    style={style}
                    role="presentation"
                  >
                    <span>{t(`section.${row.section}`)}</span>
                    <bdi className="queue-count">{row.count}</bdi>
                  </div>
                );
              }
              const { id } = row.item.incident;
              return (
                <QueueRow
                  key={row.key}
                  item={row.item}
                  at={at}
                  style={style}
                  position={row.index + 1}
                  total={total}
                  cursor={id === cursor}
                  opened={id === opened}
                  onPress={() => {
                    onCursor(id);
                    onOpen(id);
                  }}
                />
              );
            })}
          </div>
        )}
      </div>
    </section>
  );
}
