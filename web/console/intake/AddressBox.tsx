import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Autocomplete, Input, Label, ListBox, ListBoxItem, TextField } from "react-aria-components";
import type { Found } from "../../shared/api.ts";
import { call, query } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { useHands } from "../hands.tsx";
import { useLater } from "../useLater.ts";
import { focusedKey } from "./focusedKey.ts";

interface Props {
  label: string;
  value: string;
  onText: (text: string) => void;
  onFound: (found: Found) => void;
  // onNext is Enter where nothing is to be chosen.
  onNext?: () => void;
  autoFocus?: boolean;
}

// AddressBox finds a place as it is typed, from the second letter, those near
// the middle of the map first. Enter takes the first suggestion.
export function AddressBox({ label, value, onText, onFound, onNext, autoFocus }: Props) {
  const t = useT();
  const { center } = useHands();
  const [open, setOpen] = useState(false);
  const asked = useLater(value.trim(), 90);
  const wants = open && asked.length >= 2;
  const found = useQuery({
    queryKey: ["suggest", asked],
    queryFn: ({ signal }) => {
      const at = center();
      return call<{ results: Found[] }>(
        `/geocode${query({ q: asked, suggest: 1, limit: 6, lat: at?.lat, lon: at?.lon })}`,
        { signal },
      );
    },
    enabled: wants,
    placeholderData: previous => previous,
  });
  const results = wants ? (found.data?.results ?? []) : [];
  const items = results.map((r, i) => ({ ...r, id: `${i}:${r.label}` }));
  // What is listed may still be the answer to the text before.
  const current = wants && asked === value.trim() && found.isSuccess && !found.isPlaceholderData;
  const hasty = useRef(false);

  const take = (result: Found) => {
    setOpen(false);
    hasty.current = false;
    onFound(result);
  };
  // Enter before the suggestions came takes the first one when it comes.
  useEffect(() => {
    if (!hasty.current || !current) return;
    hasty.current = false;
    if (results[0]) take(results[0]);
  });

  const onKey = (e: KeyboardEvent<HTMLDivElement>) => {
    if (e.key === "Escape" && open && items.length > 0) {
      e.stopPropagation();
      setOpen(false);
    }
    if (e.key !== "Enter" || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    e.stopPropagation();
    if (!open) return onNext?.();
    const focused = items.find(i => i.id === focusedKey(e.target));
    if (current && (focused ?? results[0])) take((focused ?? results[0])!);
    else if (current) onNext?.();
    else hasty.current = true;
  };

  return (
    <div onKeyDownCapture={onKey}>
      <Autocomplete
        inputValue={value}
        onInputChange={text => {
          if (text === value) return;
          hasty.current = false;
          setOpen(true);
          onText(text);
        }}
      >
        <TextField className="field finder" autoFocus={autoFocus}>
          <Label>{label}</Label>
          <span className="input-with-icon">
            <Icon name="search" size={16} />
            <Input
              className="input"
              dir="auto"
              placeholder={t("intake.where-hint")}
              autoComplete="off"
              spellCheck={false}
            />
          </span>
        </TextField>
        {wants && (items.length > 0 || found.isSuccess) && (
          <ListBox
            className="suggestions"
            aria-label={label}
            items={items}
            onAction={key => {
              const item = items.find(i => i.id === key);
              if (item) take(item);
            }}
            renderEmptyState={() => <p className="suggestions-empty">{t("intake.where-none")}</p>}
          >
            {item => (
              <ListBoxItem className="suggestion" id={item.id} textValue={item.label}>
                <Icon
                  name={
                    item.precision === "area"
                      ? "map"
                      : item.precision === "street"
                        ? "road"
                        : item.precision === "place"
                          ? "building"
                          : "pin"
                  }
                  size={16}
                />
                <bdi>{item.label}</bdi>
                <span className="suggestion-kind">{t(`precision.${item.precision}`)}</span>
              </ListBoxItem>
            )}
          </ListBox>
        )}
      </Autocomplete>
    </div>
  );
}
