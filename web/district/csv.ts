// csv writes rows for a spreadsheet: a cell that would begin a formula is told
// from one by an apostrophe.
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (v: string | number): string => {
    if (typeof v === "number") return String(v);
    const safe = /^[=+\-@\t\r]/.test(v) ? `'${v}` : v;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map(r => r.map(cell).join(",")).join("\r\n");
}

// save hands a text to the browser as a file. The mark at its beginning tells
// spreadsheets that it is UTF-8.
export function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([`\ufeff${text}`], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
