import { Button, ToggleButton } from "react-aria-components";
import { Icon } from "../../shared/Icon.tsx";
import { useName, useT } from "../../shared/texts/index.tsx";
import { Choice } from "../Choice.tsx";
import { type Filters, noFilters, useDesk } from "../state.tsx";

interface Props {
  filters: Filters;
  onFilters: (filters: Filters) => void;
  total: number;
  narrowed: boolean;
}

export function Filter({ filters, onFilters, total, narrowed }: Props) {
  const t = useT();
  const name = useName();
  const { departments, districts } = useDesk();
  return (
    <div className="filter">
      <div className="filter-head">
        <h2>
          {t("queue.title")} <bdi className="queue-count">{total}</bdi>
        </h2>
        {narrowed && (
          <Button className="link" onPress={() => onFilters(noFilters)}>
            <Icon name="close" size={14} /> {t("filter.clear")}
          </Button>
        )}
      </div>
      <div className="filter-row">
        <Choice
          label={t("filter.district")}
          all={t("filter.all-districts")}
          value={filters.district}
          onChange={district => onFilters({ ...filters, district })}
          options={districts.map(d => ({ id: d.code, label: name(d.names, d.name) }))}
        />
        <Choice
          label={t("filter.department")}
          all={t("filter.all-departments")}
          value={filters.department}
          onChange={department => onFilters({ ...filters, department })}
          options={[...departments.values()].map(d => ({
            id: d.code,
            label: name(d.names, d.code),
            icon: d.icon,
          }))}
        />
        <Choice
          label={t("filter.urgency")}
          all={t("filter.all-urgencies")}
          value={filters.urgency}
          onChange={urgency => onFilters({ ...filters, urgency: urgency as Filters["urgency"] })}
          options={[
            { id: "unassigned", label: t("counter.unassigned") },
            { id: "overdue", label: t("counter.overdue") },
            { id: "soon", label: t("counter.soon") },
          ]}
        />
        <ToggleButton
          className="chip"
          isSelected={filters.mine}
          onChange={mine => onFilters({ ...filters, mine })}
        >
          {t("filter.mine")}
        </ToggleButton>
      </div>
    </div>
  );
}
