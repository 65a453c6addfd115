interface At {
  lat: number | null;
  lon: number | null;
}

// metres between two places, on a plane that touches the earth there: exact
// enough within a city. A place without a point is infinitely far.
export function metres(a: At, b: At): number {
  if (a.lat === null || a.lon === null || b.lat === null || b.lon === null) return Number.POSITIVE_INFINITY;
  const perDegree = 111_320;
  const x = (a.lon - b.lon) * Math.cos(((a.lat + b.lat) * Math.PI) / 360);
  return Math.hypot(x, a.lat - b.lat) * perDegree;
}
