import { type KeyboardEvent, useMemo, useState } from "react";
import { Autocomplete, Input, Label, ListBox, ListBoxItem, TextField } from "react-aria-components";
import type { Category } from "../../shared/api.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useLanguage, useName, useT } from "../../shared/texts/index.tsx";
import { useDesk } from "../state.tsx";
import { focusedKey } from "./focusedKey.ts";
import { matching } from "./matching.ts";

interface Props {
  value: Category | undefined;
  onChange: (category: Category | undefined) => void;
  inputRef?: React.Ref<HTMLInputElement>;
}

// CategoryBox finds what it is about by its name and by the words that callers
// use for it.
export function CategoryBox({ value, onChange, inputRef }: Props) {
  const t = useT();
  const name = useName();
  const { lang } = useLanguage();
  const { categories, departments } = useDesk();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const shown = value && !open ? name(value.names, value.code) : text;
  const found = useMemo(
    () => matching([...categories.values()], text, lang).slice(0, 7),
    [categories, text, lang],
  );
  const items = open ? found.map(c => ({ ...c, id: c.code })) : [];
  const take = (category: Category) => {
    setOpen(false);
    setText("");
    onChange(category);
  };
  const onKey = (e: KeyboardEvent<HTMLDivElement>) => {
    if (e.key === "Escape" && open) {
      e.stopPropagation();
      setOpen(false);
    }
    if (e.key === "ArrowDown" && !open) setOpen(true);
    if (e.key !== "Enter" || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    e.stopPropagation();
    const chosen = open ? (items.find(i => i.id === focusedKey(e.target)) ?? items[0]) : undefined;
    if (chosen) take(categories.get(chosen.id)!);
    else if (value) onChange(value);
  };
  return (
    <div onKeyDownCapture={onKey}>
      <Autocomplete
        inputValue={shown}
        onInputChange={next => {
          if (next === shown) return;
          setOpen(true);
          setText(next);
          if (value) onChange(undefined);
        }}
      >
        <TextField className="field finder">
          <Label>{t("intake.what")}</Label>
          <span className="input-with-icon">
            <Icon name={value ? value.icon : "search"} size={16} />
            <Input
              ref={inputRef}
              className="input"
              dir="auto"
              autoComplete="off"
              spellCheck={false}
              placeholder={t("intake.what-hint")}
            />
          </span>
        </TextField>
        {open && (
          <ListBox
            className="suggestions"
            aria-label={t("intake.what")}
            items={items}
            onAction={key => {
              const category = categories.get(String(key));
              if (category) take(category);
            }}
            renderEmptyState={() => <p className="suggestions-empty">{t("intake.what-none")}</p>}
          >
            {item => (
              <ListBoxItem className="suggestion" id={item.id} textValue={name(item.names, item.code)}>
                <Icon name={item.icon || departments.get(item.department)?.icon || "flag"} size={16} />
                <span>{name(item.names, item.code)}</span>
                <span className="suggestion-kind">
                  {name(departments.get(item.department)?.names, item.department)}
                </span>
              </ListBoxItem>
            )}
          </ListBox>
        )}
      </Autocomplete>
    </div>
  );
}
