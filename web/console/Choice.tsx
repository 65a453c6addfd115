import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";
import { Icon } from "../shared/Icon.tsx";

interface Props {
  label: string;
  // What stands for no choice; without it one must be chosen.
  all?: string;
  value: string;
  onChange: (value: string) => void;
  options: { id: string; label: string; icon?: string }[];
  wide?: boolean;
}

// Choice picks one of a list, or all.
export function Choice({ label, all, value, onChange, options, wide }: Props) {
  const items = all === undefined ? options : [{ id: "", label: all, icon: undefined }, ...options];
  const key = (id: string) => id || "*";
  return (
    <Select
      className={wide ? "choice wide" : "choice"}
      aria-label={label}
      value={key(value)}
      onChange={k => onChange(k === "*" ? "" : String(k))}
    >
      <Button className={`chip ${all !== undefined && value ? "on" : ""}`}>
        <SelectValue className="choice-value">
          {({ defaultChildren }) => (all !== undefined && !value ? label : defaultChildren)}
        </SelectValue>
        <Icon name="chevron" size={14} />
      </Button>
      <Popover className="popover">
        <ListBox className="menu" items={items.map(i => ({ ...i, id: key(i.id) }))}>
          {item => (
            <ListBoxItem className="menu-item" id={item.id} textValue={item.label}>
              {item.icon && <Icon name={item.icon} size={16} />}
              <span>{item.label}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
