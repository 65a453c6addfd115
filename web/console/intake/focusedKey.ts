// focusedKey is the key of the option that a combobox's input points at.
export function focusedKey(input: EventTarget): string | undefined {
  const id = input instanceof HTMLElement ? input.getAttribute("aria-activedescendant") : null;
  return id ? document.getElementById(id)?.dataset.key : undefined;
}
