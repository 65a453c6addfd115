// Motion moves crews smoothly between the positions that telemetry gives. A
// crew glides from where it is drawn to its new position in the time that
// passed between its last two fixes, so that it arrives as the next one comes.

export interface Spot {
  lon: number;
  lat: number;
  heading?: number;
}

interface Glide {
  from: Spot;
  to: Spot;
  start: number;
  length: number;
}

const longest = 6000;
// A jump farther than this (degrees, about 1.5 km) is a crew that was out of
// reach, not one that drove.
const jump = 0.015;

export class Motion {
  private glides = new Map<string, Glide>();
  private heard = new Map<string, number>();

  // to says that a crew is now known to be at a spot. It returns false when
  // the crew stands there at once.
  to(id: string, shown: Spot | undefined, spot: Spot, at: number): boolean {
    const since = at - (this.heard.get(id) ?? at - 1000);
    this.heard.set(id, at);
    const far = !shown || Math.abs(shown.lon - spot.lon) > jump || Math.abs(shown.lat - spot.lat) > jump;
    if (far || (shown.lon === spot.lon && shown.lat === spot.lat)) {
      this.glides.delete(id);
      return false;
    }
    this.glides.set(id, {
      from: shown,
      to: spot,
      start: at,
      length: Math.min(longest, Math.max(400, since)),
    });
    return true;
  }

  forget(id: string): void {
    this.glides.delete(id);
    this.heard.delete(id);
  }

  // step gives each moving crew's spot at an instant; the ones that arrived are
  // given once more and then rest.
  step(at: number): Map<string, Spot> {
    const spots = new Map<string, Spot>();
    for (const [id, g] of this.glides) {
      const k = Math.min(1, (at - g.start) / g.length);
      spots.set(id, {
        lon: g.from.lon + (g.to.lon - g.from.lon) * k,
        lat: g.from.lat + (g.to.lat - g.from.lat) * k,
        heading: turn(g.from.heading, g.to.heading, Math.min(1, k * 3)),
      });
      if (k === 1) this.glides.delete(id);
    }
    return spots;
  }

  get moving(): boolean {
    return this.glides.size > 0;
  }
}

// turn goes the short way round.
export function turn(from: number | undefined, to: number | undefined, k: number): number | undefined {
  if (from === undefined || to === undefined) return to;
  const way = ((to - from + 540) % 360) - 180;
  return (from + way * k + 360) % 360;
}
