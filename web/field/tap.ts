// A tap is answered when the finger lifts. A browser first paints the lifted
// button, then makes up a mouse's events and only after those a click: some
// 30 ms on a slow tablet before the app hears of anything.

// What a finger may stray and how long it may rest before it means something else.
const strayed = 10;
const rested = 500;
// A finger that stops a page that still rolls isn't a tap.
const rolling = 150;

interface Touched {
  target: Element;
  x: number;
  y: number;
  at: number;
}

// quickTaps clicks links of the app, buttons and ticks in the finger's own
// event, and keeps the browser's click from following. Whatever is in doubt is
// left to the browser: a second finger, a drag, a long press, a page that
// rolls, and a tap that takes the focus out of a field, which is to be left
// before the tap counts. It returns the way to stop.
export function quickTaps(page: Document): () => void {
  let touched: Touched | undefined;
  let rolled = Number.NEGATIVE_INFINITY;
  const began = (e: TouchEvent) => {
    const [finger] = e.touches;
    const target = finger && (e.target as Element).closest?.("a[href^='#/'], button, label.check");
    const alone = e.touches.length === 1 && e.timeStamp - rolled > rolling;
    touched = target && alone ? { target, x: finger.clientX, y: finger.clientY, at: e.timeStamp } : undefined;
  };
  const ended = (e: TouchEvent) => {
    const from = touched;
    touched = undefined;
    const [finger] = e.changedTouches;
    if (!from || !finger || !e.cancelable || e.defaultPrevented || e.touches.length > 0) return;
    const far = Math.hypot(finger.clientX - from.x, finger.clientY - from.y);
    if (far > strayed || e.timeStamp - from.at > rested || rolled > from.at) return;
    const { target } = from;
    if (!target.isConnected || target.matches(":disabled, :has(:disabled)")) return;
    if (page.activeElement?.matches("input:not([type=checkbox]), textarea, select")) return;
    e.preventDefault();
    // A dialog gives the focus back to what had it when it opened.
    const it = target as HTMLElement;
    if (it.ariaHasPopup) it.focus({ preventScroll: true });
    it.click();
  };
  const gone = () => {
    touched = undefined;
  };
  const roll = (e: Event) => {
    rolled = e.timeStamp;
  };
  page.addEventListener("touchstart", began, { passive: true, capture: true });
  page.addEventListener("touchend", ended, { passive: false });
  page.addEventListener("touchcancel", gone, { passive: true });
  page.addEventListener("scroll", roll, { passive: true, capture: true });
  return () => {
    page.removeEventListener("touchstart", began, { capture: true });
    page.removeEventListener("touchend", ended);
    page.removeEventListener("touchcancel", gone);
    page.removeEventListener("scroll", roll, { capture: true });
  };
}
