// Ink draws a signature on a canvas, as smooth as the hand was. It draws in
// plain black on white, whatever the page's light: the picture is for the file.
export interface Ink {
  clear: () => void;
  // write puts a name in, for who can't draw.
  write: (name: string) => void;
  empty: () => boolean;
  png: () => Promise<Blob>;
  stop: () => void;
}

interface Point {
  x: number;
  y: number;
}

export function inkOn(canvas: HTMLCanvasElement, onChange: (empty: boolean) => void): Ink {
  const scale = Math.min(2, Math.max(1, devicePixelRatio));
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d")!;
  pen.scale(scale, scale);
  let empty = true;
  let last: (Point & { mid: Point }) | undefined;

  const paper = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.strokeStyle = "#0b1a2b";
    pen.fillStyle = "#0b1a2b";
    pen.lineCap = "round";
    pen.lineJoin = "round";
    pen.lineWidth = 3;
  };
  const spot = (e: PointerEvent) => {
    const box = canvas.getBoundingClientRect();
    return { x: e.clientX - box.left, y: e.clientY - box.top };
  };
  const down = (e: PointerEvent) => {
    if (e.button !== 0) return;
    e.preventDefault();
    canvas.setPointerCapture(e.pointerId);
    const at = spot(e);
    last = { ...at, mid: at };
    pen.beginPath();
    pen.arc(at.x, at.y, 1.5, 0, 2 * Math.PI);
    pen.fill();
    if (empty) {
      empty = false;
      onChange(false);
    }
  };
  const move = (e: PointerEvent) => {
    if (!last) return;
    for (const step of e.getCoalescedEvents?.().length ? e.getCoalescedEvents() : [e]) {
      const at = spot(step);
      const mid: Point = { x: (last.x + at.x) / 2, y: (last.y + at.y) / 2 };
      pen.beginPath();
      pen.moveTo(last.mid.x, last.mid.y);
      pen.quadraticCurveTo(last.x, last.y, mid.x, mid.y);
      pen.stroke();
      last = { ...at, mid };
    }
  };
  const up = () => {
    last = undefined;
  };
  canvas.addEventListener("pointerdown", down);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  paper();

  const clear = () => {
    paper();
    empty = true;
    onChange(true);
  };
  return {
    clear,
    write: name => {
      paper();
      pen.font = `italic 600 ${Math.min(44, (width / Math.max(name.length, 6)) * 1.5)}px "Noto Sans Hebrew", system-ui, sans-serif`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(name, width / 2, height / 2, width - 32);
      empty = false;
      onChange(false);
    },
    empty: () => empty,
    png: () =>
      new Promise((done, fail) =>
        canvas.toBlob(blob => (blob ? done(blob) : fail(new Error("no picture"))), "image/png"),
      ),
    stop: () => {
      canvas.removeEventListener("pointerdown", down);
      canvas.removeEventListener("pointermove", move);
      canvas.removeEventListener("pointerup", up);
      canvas.removeEventListener("pointercancel", up);
    },
  };
}
