import { type ReactNode, useState } from "react";
import { csv, save } from "./csv.ts";
import { useT } from "./texts/index.tsx";

// Column is one of a table's. sort is what its rows are put in order by, and
// what a spreadsheet gets; undefined goes last.
export interface Column<R> {
  key: string;
  name: string;
  sort: (row: R) => number | string | undefined;
  show?: (row: R) => ReactNode;
}

interface Props<R> {
  id: string;
  title: string;
  columns: Column<R>[];
  rows: R[] | undefined;
  keyOf: (row: R) => string;
  first: string;
  few: number;
  chosen: string;
  onChoose: (row: R) => void;
}

// Grid is a table that is sorted by a column, of which the first few rows are
// shown, and that goes to a spreadsheet as it stands. Its first column chooses.
export function Grid<R>({ id, title, columns, rows, keyOf, first, few, chosen, onChoose }: Props<R>) {
  const t = useT();
  const [by, setBy] = useState({ key: first, down: true });
  const [all, setAll] = useState(false);
  const column = columns.find(c => c.key === by.key) ?? columns[0]!;
  const sorted = [...(rows ?? [])].sort((a, b) => {
    const [x, y] = [column.sort(a), column.sort(b)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    const order =
      typeof x === "string" ? x.localeCompare(String(y), undefined, { numeric: true }) : x - Number(y);
    return by.down ? -order : order;
  });
  const shown = all ? sorted : sorted.slice(0, few);
  const [head, ...others] = columns;
  return (
    <section className="card grid" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        <button
          type="button"
          className="button small"
          aria-label={t("export.title", { name: title })}
          onClick={() =>
            save(
              `${id}.csv`,
              csv([columns.map(c => c.name), ...sorted.map(r => columns.map(c => c.sort(r) ?? ""))]),
            )
          }
        >
          {t("export.csv")}
        </button>
      </div>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              {columns.map(c => (
                <th
                  key={c.key}
                  scope="col"
                  aria-sort={c.key === by.key ? (by.down ? "descending" : "ascending") : "none"}
                >
                  <button
                    type="button"
                    title={t("col.sort", { name: c.name })}
                    onClick={() => setBy(b => ({ key: c.key, down: b.key === c.key ? !b.down : c !== head }))}
                  >
                    {c.name}
                    <span aria-hidden="true">{c.key === by.key ? (by.down ? " ▾" : " ▴") : ""}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(r => (
              <tr key={keyOf(r)} className={keyOf(r) === chosen ? "on" : ""}>
                <th scope="row">
                  <button type="button" aria-pressed={keyOf(r) === chosen} onClick={() => onChoose(r)}>
                    {head!.show?.(r) ?? head!.sort(r)}
                  </button>
                </th>
                {others.map(c => (
                  <td key={c.key}>{c.show?.(r) ?? c.sort(r) ?? "–"}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > few && (
        <button type="button" className="button small no-print" onClick={() => setAll(!all)}>
          {all ? t("col.less") : t("col.more", { n: sorted.length - few })}
        </button>
      )}
    </section>
  );
}
