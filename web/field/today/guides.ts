// The apps that drive a crew to a place.
export type Guide = "waze" | "google" | "geo";

export const guides: readonly Guide[] = ["waze", "google", "geo"];

// hrefTo is the address that opens an app with the way to a place. geo: is
// whatever map the device itself has, which may work without a network.
export function hrefTo(
  guide: Guide,
  { lat, lon, label }: { lat: number; lon: number; label: string },
): string {
  const at = `${lat.toFixed(6)},${lon.toFixed(6)}`;
  switch (guide) {
    case "waze":
      return `https://waze.com/ul?ll=${at}&navigate=yes`;
    case "google":
      return `https://www.google.com/maps/dir/?api=1&destination=${at}&travelmode=driving`;
    case "geo":
      return `geo:${at}?q=${at}(${encodeURIComponent(label.replace(/[()]/g, " "))})`;
  }
}
