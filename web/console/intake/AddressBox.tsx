import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Autocomplete, Input, Label, ListBox, ListBoxItem, TextField } from "react-aria-components";
import type { Found } from "../../shared/api.ts";
import { call, query } from "../../shared/client.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useT } from "../../shared/texts/index.tsx";
import { useHands } from "../hands.tsx";
import { useLater } from "../useLater.ts";

interface Props {
  label: string;
  value: string;
  onText: (text: string) => void;
  onFound: (found: Found) => void;
  autoFocus?: boolean;
}

// AddressBox finds a place as it is typed, from the second letter, those near
// the middle of the map first. Enter takes the first suggestion.
export function AddressBox({ label, value, onText, onFound, autoFocus }: Props) {
  const t = useT();
  const { center } = useHands();
  const [open, setOpen] = useState(false);
  const asked = useLater(value.trim(), 90);
  const wants = open && asked.length >= 2;
  const found = useQuery({
    queryKey: ["suggest", asked],
    queryFn: ({ signal }) => {
      const at = center();
      return call<{ results: Found[] }>(`/geocode${query({ q: asked, suggest: 1, limit: 6, lat: at?.lat, lon: at?.lon })}`, { signal });
    },
    enabled: wants,
    placeholderData: previous => previous,
  });
  const results = wants ? (found.data?.results ?? []) : [];
  const items = results.map((r, i) => ({ ...r, id: `${i}:${r.label}` }));
  const first = useRef<Found>(undefined);
  first.current = found.isPlaceholderData ? undefined : results[0];
  const hasty = useRef(false);

  const take = (result: Found) => {
    setOpen(false);
    hasty.current = false;
    onFound(result);
  };
  // Enter before the suggestions came takes the first one when it comes.
  useEffect(() => {
    if (hasty.current && !found.isFetching && first.current && asked === value.trim()) take(first.current);
  });

  return (
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
            onKeyDown={e => {
              if (e.key === "Escape" && open && items.length > 0) {
                e.stopPropagation();
                setOpen(false);
              }
              if (e.key !== "Enter" || e.ctrlKey || e.metaKey) return;
              e.preventDefault();
              if (!open || e.currentTarget.getAttribute("aria-activedescendant")) return;
              if (first.current) take(first.current);
              else hasty.current = true;
            }}
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
              <Icon name={item.precision === "area" ? "map" : item.precision === "street" ? "road" : item.precision === "place" ? "building" : "pin"} size={16} />
              <bdi>{item.label}</bdi>
              <span className="suggestion-kind">{t(`precision.${item.precision}`)}</span>
            </ListBoxItem>
          )}
        </ListBox>
      )}
    </Autocomplete>
  );
}
