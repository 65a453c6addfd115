// What a crew does on a tablet, for the tests and the benchmark.
import type { Job } from "../shared/api.ts";
import type { FieldCity } from "./field-city.ts";
import type { Tablet } from "./tablet.ts";

// shoot is a real photo, taken by drawing it.
export function shoot(t: Tablet, job: string, kind: "before" | "after", text: string): Promise<string> {
  return t.page.evaluate(
    async ([job, kind, text]) => {
      const canvas = new OffscreenCanvas(1600, 1200);
      const ink = canvas.getContext("2d")!;
      const noise = ink.createImageData(1600, 1200);
      for (let i = 0; i < noise.data.length; i++) noise.data[i] = i % 4 === 3 ? 255 : (i * 7919) % 251;
      ink.putImageData(noise, 0, 0);
      ink.font = "120px sans-serif";
      ink.fillText(text!, 100, 300);
      const file = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
      return mokedEngine.addPhoto(job!, kind as "before", file);
    },
    [job, kind, text] as const,
  );
}

// work does jobs from the arrival to the end, with a photo before and after.
export async function work(tablet: Tablet, jobs: readonly Job[]): Promise<void> {
  for (const [i, job] of jobs.entries()) {
    await tablet.page.evaluate(id => mokedEngine.act("job.arrive", id, {}), job.id);
    await shoot(tablet, job.id, "before", `לפני ${i}`);
    await shoot(tablet, job.id, "after", `אחרי ${i}`);
    await tablet.page.evaluate(id => mokedEngine.act("job.complete", id, { note: "הוחלפה נורה" }), job.id);
  }
}

// reached waits until the desk has them all as done.
export async function reached(city: FieldCity, jobs: readonly Job[]): Promise<void> {
  for (;;) {
    const now = await Promise.all(jobs.map(j => city.job(j.id)));
    if (now.every(j => j.state === "done")) return;
    await new Promise(done => setTimeout(done, 25));
  }
}
