// The README's picture: an ordinary afternoon of the real Netanya on the real
// program. node e2e/run.mjs e2e/netanya-shot.ts [dark|light] [FILE]
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Filed, Found, ID } from "../shared/api.ts";
import { launch } from "./browser.ts";
import { corners, missing, type Netanya, netanya, onDuty, populate, stand } from "./netanya-city.ts";

const center = { lat: 32.317, lon: 34.8575 };

export default async function main([theme = "dark", file = "screenshot.png"]: string[]): Promise<void> {
  if (missing) throw new Error(`there is no ${missing}`);
  const city = await netanya();
  try {
    const [first, ...others] = await corners(city, center, 54, 0.0021);
    await populate(city, others);
    const filed = await lamps(city, first!);
    age(city, filed.incident.id);
    await picture(city, theme, filed.incident.id, join(import.meta.dirname, "..", file));
  } finally {
    await city.close();
  }
}

// lamps is the incident that the picture shows open, and who could go there.
async function lamps(city: Netanya, place: Found): Promise<Filed> {
  const file = (channel: string, text: string, name: string, phone: string) =>
    city.api<Filed>("/reports", {
      ...{ channel, category: "street-light-out", text, contact: { name, phone } },
      ...{ place: { text: place.label }, answers: { lamps: 3, danger: true } },
    });
  const filed = await file(
    "phone",
    "שלושה פנסים כבויים ליד מעבר החציה, כמעט נפגע הולך רגל",
    "תושבת",
    "050-1234567",
  );
  await file("whatsapp", "הצומת חשוך לגמרי", "עובר אורח", "052-7654321");
  for (const [i, [dy, dx]] of [
    [0.0042, -0.0046],
    [-0.0061, 0.0038],
    [0.0094, 0.0082],
  ].entries()) {
    const crew = await city.moked(
      ...["crew", "add", "--authority", "netanya", "--department", "electricity", "--skill", "electrician"],
      ...["--code", `חשמל ${i + 1}`, "--name", `צוות חשמל ${["צפון", "מרכז", "דרום"][i]}`],
    );
    await onDuty(city, crew, { lat: place.lat + dy!, lon: place.lon + dx! });
  }
  return filed;
}

// age makes everything older, each incident by another part of its time, as if
// the reports had come over the day: the program itself takes no report of the
// past.
function age(city: Netanya, open: ID): void {
  const sql = `
    create temp table older as
      select i.id, case
          when i.id = '${open}' then c.due_at - c.started_at - interval '38 minutes'
          when right(i.number, 1) in ('3', '8') then least((c.due_at - c.started_at) * 1.03, interval '9 hours')
          else least(c.due_at - c.started_at, interval '9 hours') * (row_number() over (order by i.number) * 37 % 101) / 112
        end as since
      from incident i join clock c on c.incident = i.id and c.kind = 'response';
    update clock c set started_at = started_at - since, due_at = due_at - since, stopped_at = stopped_at - since / 3
      from older o where o.id = c.incident;
    update incident i set opened_at = opened_at - since, last_report_at = last_report_at - since from older o where o.id = i.id;
    update report r set filed_at = filed_at - since from older o where o.id = r.incident;
    update event e set at = at - since from older o where o.id = e.incident;`;
  execFileSync(
    "psql",
    ["-q", "-v", "ON_ERROR_STOP=1", "-h", join(city.folder, "postgres"), "-U", "moked", "-d", "moked"],
    { input: sql },
  );
}

async function picture(city: Netanya, theme: string, open: ID, file: string): Promise<void> {
  const browser = await launch();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "he-IL" });
  await context.addInitScript(t => localStorage.setItem("moked.theme", t), theme);
  const page = await context.newPage();
  await page.request.post(`${city.url}/api/v1/session`, {
    data: { login: city.login, password: city.password },
  });
  await page.goto(`${city.url}/console?incident=${open}`);
  await page.locator(".connection.live").waitFor();
  await page.locator(".candidate").first().waitFor();
  await page.locator(".timeline li").first().waitFor();
  for (const crew of (await city.api<{ crews: { id: ID; lat?: number; lon?: number }[] }>("/crews")).crews) {
    if (crew.lat && crew.lon) await stand(city, crew.id, { lat: crew.lat, lon: crew.lon + 0.0001 });
  }
  for (let i = 0; i < 1; i++) {
    await page.getByRole("button", { name: "רחוק יותר" }).click();
    await page.waitForTimeout(600);
  }
  await page.mouse.move(5, 5);
  await page.waitForTimeout(5000);
  await page.screenshot({ path: file });
  await browser.close();
}
