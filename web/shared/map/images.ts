import { shapes } from "../icons.ts";
import type { Theme } from "./basemap.ts";

// The map's signs are drawn here, each under a name that says all of it, so
// that an image is made once and only when a feature first asks for it.

const ink: Record<Theme, Record<string, string>> = {
  dark: {
    disc: "#161e27",
    late: "#4a1a20",
    text: "#f3f7fb",
    track: "#3b4856",
    ontime: "#3dcaab",
    soon: "#f9bd45",
    overdue: "#ff7272",
    paused: "#9aa9b8",
    none: "#76879a",
    rim: "#0b0f14",
    badge: "#edf2f7",
    badgeText: "#10161d",
    crew: "#2f81e0",
    crewText: "#ffffff",
    free: "#10202f",
    freeText: "#8cc6ff",
    silent: "#2a333d",
    silentText: "#b4c0cc",
    silentRim: "#7d8b99",
  },
  light: {
    disc: "#ffffff",
    late: "#fde4e4",
    text: "#1a2733",
    track: "#cdd6de",
    ontime: "#0b8d76",
    soon: "#d98a00",
    overdue: "#cf2a3a",
    paused: "#71808f",
    none: "#71808f",
    rim: "#ffffff",
    badge: "#17212b",
    badgeText: "#ffffff",
    crew: "#0f68c5",
    crewText: "#ffffff",
    free: "#ffffff",
    freeText: "#0a5fb8",
    silent: "#e7ebef",
    silentText: "#4b5967",
    silentRim: "#8795a3",
  },
};

const family = '"Noto Sans Hebrew", system-ui, sans-serif';

export interface Drawn {
  image: ImageData;
  scale: number;
}

type Pen = CanvasRenderingContext2D;

function sheet(width: number, height: number, draw: (pen: Pen) => void): Drawn {
  const scale = Math.min(3, Math.max(2, Math.ceil(devicePixelRatio)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  pen.scale(scale, scale);
  draw(pen);
  return { image: pen.getImageData(0, 0, canvas.width, canvas.height), scale };
}

function circle(pen: Pen, x: number, y: number, r: number, fill: string) {
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.fill();
}

function arc(
  pen: Pen,
  x: number,
  y: number,
  r: number,
  from: number,
  to: number,
  width: number,
  color: string,
) {
  pen.beginPath();
  pen.arc(x, y, r, -Math.PI / 2 + from * 2 * Math.PI, -Math.PI / 2 + to * 2 * Math.PI);
  pen.lineWidth = width;
  pen.strokeStyle = color;
  pen.stroke();
}

function icon(pen: Pen, name: string, x: number, y: number, size: number, color: string) {
  pen.save();
  pen.translate(x - size / 2, y - size / 2);
  pen.scale(size / 24, size / 24);
  pen.strokeStyle = color;
  pen.lineWidth = 2;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  for (const [tag, a] of shapes(name)) {
    if (tag === "path" && a.d) pen.stroke(new Path2D(a.d));
    if (tag === "circle") {
      pen.beginPath();
      pen.arc(Number(a.cx), Number(a.cy), Number(a.r), 0, 2 * Math.PI);
      pen.stroke();
    }
  }
  pen.restore();
}

// disc is an incident: its department's icon inside its clock ring. parts is
// how much of the promised time remains, in sixteenths.
export function discName(
  theme: Theme,
  urgency: string,
  parts: number,
  sign: string,
  reports: number,
  chosen: boolean,
) {
  return ["disc", theme, urgency, parts, sign, reports, chosen ? 1 : 0].join("|");
}

function disc(
  theme: Theme,
  urgency: string,
  parts: number,
  sign: string,
  reports: number,
  chosen: boolean,
): Drawn {
  const c = ink[theme];
  const r = chosen ? 20 : 15;
  const size = 2 * r + 16;
  const mid = size / 2;
  const ring = chosen ? 4.5 : 3.5;
  return sheet(size, size, pen => {
    circle(pen, mid, mid, r + 2, c.rim!);
    circle(pen, mid, mid, r + 0.5, urgency === "overdue" ? c.late! : c.disc!);
    const color = c[urgency] ?? c.none!;
    const at = r - ring / 2 + 0.5;
    arc(pen, mid, mid, at, 0, 1, ring, c.track!);
    if (urgency === "overdue") {
      arc(pen, mid, mid, at, 0, 1, ring, color);
      arc(pen, mid, mid, at - ring - 0.2, 0, 1, 1.2, color);
    } else if (urgency === "paused") {
      for (let i = 0; i < 12; i++) arc(pen, mid, mid, at, i / 12, i / 12 + 0.045, ring, color);
    } else if (urgency !== "none") {
      pen.lineCap = "butt";
      arc(pen, mid, mid, at, 0, Math.max(parts, 0.5) / 16, ring, color);
    }
    icon(pen, sign, mid, mid, chosen ? 20 : 15, c.text!);
    if (reports > 1) badge(pen, mid + r * 0.78, mid - r * 0.78, reports, c);
  });
}

function badge(pen: Pen, x: number, y: number, n: number, c: Record<string, string>) {
  const text = n > 99 ? "99+" : String(n);
  pen.font = `700 10px ${family}`;
  const w = Math.max(15, pen.measureText(text).width + 8);
  pen.beginPath();
  pen.roundRect(x - w / 2 - 1.5, y - 9, w + 3, 18, 9);
  pen.fillStyle = c.rim!;
  pen.fill();
  pen.beginPath();
  pen.roundRect(x - w / 2, y - 7.5, w, 15, 7.5);
  pen.fillStyle = c.badge!;
  pen.fill();
  pen.fillStyle = c.badgeText!;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, x, y + 0.5);
}

// donut is a cluster split by urgency: overdue first from the top, then due
// soon, on time, and what no clock measures.
function donut(theme: Theme, counts: number[]): Drawn {
  const c = ink[theme];
  const all = counts.reduce((a, b) => a + b, 0);
  const r = Math.min(28, 16 + 2.2 * Math.log2(Math.max(all, 2)));
  const size = 2 * r + 10;
  const mid = size / 2;
  const ring = 5.5;
  return sheet(size, size, pen => {
    circle(pen, mid, mid, r + 2.5, c.rim!);
    circle(pen, mid, mid, r, c.disc!);
    const colors = [c.overdue!, c.soon!, c.ontime!, c.none!];
    const kinds = counts.filter(n => n > 0).length;
    const gap = kinds > 1 ? 0.016 : 0;
    let from = 0;
    counts.forEach((n, i) => {
      if (!n) return;
      const to = from + n / all;
      arc(
        pen,
        mid,
        mid,
        r - ring / 2,
        from + gap / 2,
        Math.max(to - gap / 2, from + gap),
        i === 0 ? ring + 1.5 : ring,
        colors[i]!,
      );
      from = to;
    });
    pen.font = `700 ${all > 99 ? 12 : 14}px ${family}`;
    pen.fillStyle = c.text!;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(String(all), mid, mid + 1);
  });
}

export type CrewLook = "free" | "busy" | "silent";

// crew is a rounded square with the call sign; its heading is a layer of its
// own beneath, which the map turns.
function crew(theme: Theme, look: CrewLook, code: string, chosen: boolean): Drawn {
  const c = ink[theme];
  const probe = document.createElement("canvas").getContext("2d")!;
  probe.font = `700 11px ${family}`;
  const w = Math.max(24, probe.measureText(code).width + 12);
  const h = 22;
  return sheet(w + 8, h + 8, pen => {
    const box = (pad: number, r: number, fill: string) => {
      pen.beginPath();
      pen.roundRect(4 - pad, 4 - pad, w + 2 * pad, h + 2 * pad, r + pad);
      pen.fillStyle = fill;
      pen.fill();
    };
    const rim = look === "busy" ? c.crew! : look === "free" ? c.freeText! : c.silentRim!;
    box(chosen ? 4 : 2, 6, chosen ? c.badge! : c.rim!);
    box(0, 6, rim);
    box(-1.8, 6, look === "busy" ? c.crew! : look === "free" ? c.free! : c.silent!);
    pen.font = `700 11px ${family}`;
    pen.fillStyle = look === "busy" ? c.crewText! : look === "free" ? c.freeText! : c.silentText!;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(code, 4 + w / 2, 4 + h / 2 + 0.5);
  });
}

// mini is a crew seen from afar: the square alone.
function mini(theme: Theme, look: CrewLook): Drawn {
  const c = ink[theme];
  return sheet(20, 20, pen => {
    const box = (pad: number, fill: string) => {
      pen.beginPath();
      pen.roundRect(4 + pad, 4 + pad, 12 - 2 * pad, 12 - 2 * pad, 4 - pad / 2);
      pen.fillStyle = fill;
      pen.fill();
    };
    box(-1.5, c.rim!);
    box(0, look === "free" ? c.freeText! : c.silentRim!);
    box(2, look === "free" ? c.free! : c.silent!);
  });
}

function notch(theme: Theme, look: CrewLook): Drawn {
  const c = ink[theme];
  return sheet(56, 56, pen => {
    pen.beginPath();
    pen.moveTo(28, 5);
    pen.lineTo(36, 17);
    pen.quadraticCurveTo(28, 13, 20, 17);
    pen.closePath();
    pen.lineJoin = "round";
    pen.lineWidth = 3;
    pen.strokeStyle = c.rim!;
    pen.stroke();
    pen.fillStyle = look === "busy" ? c.crew! : look === "free" ? c.freeText! : c.silentRim!;
    pen.fill();
  });
}

// draw makes the image of a name, or nothing for a name that isn't ours.
export function draw(name: string): Drawn | undefined {
  const [kind, theme, ...rest] = name.split("|") as [string, Theme, ...string[]];
  switch (kind) {
    case "disc":
      return disc(theme, rest[0]!, Number(rest[1]), rest[2]!, Number(rest[3]), rest[4] === "1");
    case "donut":
      return donut(theme, rest.map(Number));
    case "crew":
      return crew(theme, rest[0] as CrewLook, decodeURIComponent(rest[1]!), rest[2] === "1");
    case "mini":
      return mini(theme, rest[0] as CrewLook);
    case "notch":
      return notch(theme, rest[0] as CrewLook);
  }
  return undefined;
}
