import { useMemo } from "react";
import { useCity } from "./city.tsx";
import { type Row, useColumns } from "./columns.tsx";
import type { Group } from "./figures.ts";
import { Grid } from "./Grid.tsx";
import { useT } from "./texts/index.tsx";
import type { View } from "./view.ts";
import { useNames, usePromise } from "./words.ts";

interface Props {
  view: View;
  groups: Group[] | undefined;
  was: Group[] | undefined;
  onChange: (change: Partial<View>) => void;
}

// Categories holds each subject against what the charter promises for it.
export function Categories({ view, groups, was, onChange }: Props) {
  const t = useT();
  const city = useCity();
  const names = useNames();
  const promise = usePromise();
  const c = useColumns();
  const rows = useMemo(() => rowsOf(groups, was, g => g.category ?? ""), [groups, was]);
  return (
    <Grid<Row>
      id="categories"
      title={t("category.title")}
      rows={rows}
      keyOf={r => r.code}
      first="overdue"
      few={12}
      chosen={view.category}
      onChoose={r => onChange({ category: r.code === view.category ? "" : r.code })}
      columns={[
        { key: "name", name: t("category.name"), sort: r => names.category(r.code) },
        {
          key: "standard",
          name: t("category.standard"),
          sort: r => promise(city.categories.get(r.code)?.resolution.default),
        },
        c.received,
        c.change,
        c.kept,
        c.median,
        c.p90,
        c.open,
        c.overdue,
      ]}
    />
  );
}

// rowsOf puts groups beside those of the period before.
export function rowsOf(
  groups: Group[] | undefined,
  was: Group[] | undefined,
  code: (g: Group) => string,
): Row[] | undefined {
  const earlier = new Map((was ?? []).map(g => [code(g), g]));
  return groups?.map(g => ({ code: code(g), figures: g, was: earlier.get(code(g)) }));
}
