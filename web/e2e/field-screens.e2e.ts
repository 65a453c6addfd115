// What a crew does on the tablet's screens, in a real browser, in Hebrew.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FakeEngine } from "./field/fake.ts";
import { image, sizes } from "./field/screens.ts";
import { type FieldStage, fieldStage } from "./field/stage.ts";

let s: FieldStage;
let page: Page;

beforeAll(async () => {
  s = await fieldStage();
});
afterAll(() => s.close());
afterEach(async () => {
  await page?.context().close();
  expect(s.errors.splice(0)).toEqual([]);
});

const id = (n: number) => `0190a000-0000-7000-8000-000000000${n}`;
const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const acts = () => page.evaluate(() => (window as unknown as { engine: FakeEngine }).engine.acts);
const change = (part: object) =>
  page.evaluate(p => (window as unknown as { engine: FakeEngine }).engine.change(p), part);
const did = async () => (await acts()).map(a => [a.kind, a.data]);

describe("a job from the first tap to the last", () => {
  it("is walked through with one large step at a time, and guarded until nothing is missing", async () => {
    page = await s.page({ ...sizes.phone, at: `#/job/${id(609)}` });
    for (const step of ["יצאנו לדרך", "הגענו"]) {
      const bar = page.locator(".step-bar > .button");
      expect(await bar.count()).toBeLessThanOrEqual(3);
      await button(step).first().click();
    }
    await button("סיימנו").click();
    const sheet = page.getByRole("dialog", { name: "לפני שמסיימים" });
    expect(await sheet.locator(".lack strong").allTextContents()).toEqual([
      "תמונה לפני",
      "המתח נותק לפני העבודה",
      "העמוד יציב ושלם",
      "תמונה אחרי",
    ]);
    // Each lack is put right where it is named.
    for (let i = 0; i < 2; i++) await sheet.getByRole("button", { name: "בוצע" }).first().click();
    for (let i = 0; i < 2; i++) await sheet.getByLabel("לצלם").first().setInputFiles(image);
    const finish = page.getByRole("dialog", { name: "לסיים את המשימה?" });
    await finish.getByText("2 תמונות").or(finish.getByText("שתי תמונות")).waitFor();
    await finish.getByLabel(/מה נעשה/).fill("הוחלפה נורה");
    await finish.getByRole("button", { name: "סיימנו" }).click();
    await page.getByRole("heading", { name: /יום/ }).waitFor();
    expect((await did()).at(-1)).toEqual(["job.complete", { note: "הוחלפה נורה" }]);
    await page.getByText("הושלמו היום: 3").waitFor();
  });

  it("can be finished without what is missing only with a reason, which becomes a note", async () => {
    page = await s.page({ at: `#/job/${id(612)}` });
    await button("הגענו").click();
    await button("סיימנו").click();
    await button("לסיים בכל זאת").click();
    const done = button("לסיים בלי זה");
    expect(await done.isDisabled()).toBe(true);
    await button("המצלמה לא עובדת").click();
    await done.click();
    await page.waitForFunction(() => location.hash === "#/");
    const made = await did();
    expect(made.map(([kind]) => kind)).toEqual(["job.arrive", "job.note", "job.complete"]);
    expect((made[1]![1] as { text: string }).text).toBe(
      "הושלם ללא: תמונה לפני, המתח נותק לפני העבודה, העמוד יציב ושלם, תמונה אחרי. הסיבה: המצלמה לא עובדת",
    );
  });

  it("is given back or paused with a reason, and calls another department", async () => {
    page = await s.page({ at: `#/job/${id(612)}` });
    await button("השהיה").click();
    const go = button("להשהות");
    expect(await go.isDisabled()).toBe(true);
    await page.getByLabel("סיבה אחרת").fill("מחכים למנוף");
    await page.getByLabel("הערה למוקד").fill("חצי שעה");
    await go.click();
    await button("ממשיכים").waitFor();
    await button("יש בעיה").click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /צריך אגף אחר/ })
      .click();
    await button("גינון").click();
    await page.getByLabel("מה הם צריכים לעשות?").fill("לגזום ענף שנוגע בקו");
    await button("לפתוח משימה").click();
    await page.getByText("נפתחה משימה: גינון").waitFor();
    await button("יש בעיה").click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /לא ניתן לבצע/ })
      .click();
    await button("מסוכן לעבוד כאן").click();
    await button("להחזיר למוקד").click();
    await page.waitForFunction(() => location.hash === "#/");
    expect(await did()).toEqual([
      ["job.pause", { reason: "מחכים למנוף", note: "חצי שעה" }],
      ["job.transfer", { department: "gardens", text: "לגזום ענף שנוגע בקו" }],
      ["job.decline", { reason: "מסוכן לעבוד כאן" }],
    ]);
  });

  it("suggests that the crew is there, and waits for its yes", async () => {
    page = await s.page({ scene: "arriving", at: `#/job/${id(612)}` });
    await page.getByText("נראה שהגעתם").waitFor();
    expect(await did()).toEqual([]);
    await button("כן, הגענו").click();
    await button("סיימנו").waitFor();
    expect(await did()).toEqual([
      ["job.arrive", { lat: 32.3251, lon: 34.8641, accuracy: 9, suggested: true }],
    ]);
  });

  it("keeps photos, ticks, materials, a note and a signature, each at its tap", async () => {
    page = await s.page({ at: `#/job/${id(612)}`, scene: "offline" });
    await page.getByLabel("לצלם לפני").setInputFiles(image);
    await page.getByRole("button", { name: /^לפני .*ממתינה לשליחה/ }).waitFor();
    await page.getByRole("checkbox", { name: "העמוד יציב ושלם" }).check();
    for (let i = 0; i < 3; i++) await button(/^עוד נורת/).click();
    await button(/^פחות נורת/).click();
    expect(await page.locator("output").first().textContent()).toBe("2");
    await page.getByLabel("הערה חדשה").fill("ארון בצד השני");
    await button("להוסיף").click();
    await page.locator(".notes").getByText("ארון בצד השני").waitFor();
    expect(await did()).toEqual([
      ["job.check", { code: "pole-ok", value: true }],
      ["job.material", { code: "lamp-led", add: 1 }],
      ["job.material", { code: "lamp-led", add: 1 }],
      ["job.material", { code: "lamp-led", add: 1 }],
      ["job.material", { code: "lamp-led", add: -1 }],
      ["job.note", { text: "ארון בצד השני" }],
    ]);
  });

  it("is signed by finger, or by name for who can't draw", async () => {
    page = await s.page({ at: `#/job/${id(615)}` });
    await button("לחתום").click();
    const save = button("לשמור את החתימה");
    await page.getByLabel("שם החותם").fill("רות לוי");
    expect(await save.isDisabled()).toBe(true);
    const pad = (await page.locator(".pad canvas").boundingBox())!;
    await page.mouse.move(pad.x + 60, pad.y + 60);
    await page.mouse.down();
    for (let i = 0; i < 8; i++) await page.mouse.move(pad.x + 60 + i * 20, pad.y + 60 + (i % 2) * 40);
    await page.mouse.up();
    expect(await save.isDisabled()).toBe(false);
    await button("לנקות").click();
    expect(await save.isDisabled()).toBe(true);
    await button("השם במקום חתימה").click();
    await save.click();
    await page.getByRole("img", { name: "החתימה של רות לוי" }).waitFor();
  });

  it("says what became of the work, in words", async () => {
    page = await s.page({ at: `#/job/${id(598)}` });
    const told = page.locator(".verdict");
    await told.getByText("בינתיים המשימה הועברה לצוות אחר.").waitFor();
    await told.getByText("חסרים פרטים, או שהם אינם נכונים.").waitFor();
  });
});

describe("the day", () => {
  it("opens a job with the keyboard alone, and takes the step; a sheet gives the focus back", async () => {
    page = await s.page({ ...sizes["tablet on its side"], at: `#/job/${id(615)}` });
    await button("יש בעיה").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("יש בעיה");
    await button("קיבלנו").focus();
    await page.keyboard.press("Enter");
    await button("יצאנו לדרך").first().waitFor();
    expect(await did()).toEqual([["job.accept", {}]]);
  });

  it("changes duty", async () => {
    page = await s.page();
    await page.locator(".duty").click();
    await page.getByRole("button", { name: /בהפסקה/ }).click();
    await page.locator(".duty.break").waitFor();
    expect(await did()).toEqual([["crew.duty", { state: "break" }]]);
  });

  it("always says how the connection stands and how much waits", async () => {
    page = await s.page({ scene: "offline", ...sizes.phone });
    const state = page.locator(".link-state");
    await state.getByText(/אין קשר מאז \d\d:\d\d · 5 ממתינים/).waitFor();
    for (const at of [`#/job/${id(612)}`, "#/map", "#/inbox", "#/new", "#/waiting", "#/device"]) {
      await page.evaluate(h => {
        location.hash = h;
      }, at);
      expect(await state.isVisible(), at).toBe(true);
    }
    await change({ link: { state: "live", since: Date.now() }, waiting: 0 });
    await state.getByText("מחובר").waitFor();
  });

  it("hides from volunteers and contractors what isn't theirs to do", async () => {
    page = await s.page({ at: `#/job/${id(612)}` });
    await page.getByRole("link", { name: "מפגע חדש" }).waitFor();
    await page.evaluate(() => {
      const { engine } = window as unknown as { engine: FakeEngine };
      engine.change({ crew: { ...engine.state().crew!, kind: "contractor" } });
    });
    await page.getByRole("link", { name: "מפגע חדש" }).waitFor({ state: "detached" });
    expect(await page.getByRole("button", { name: "צריך אגף אחר" }).count()).toBe(0);
  });
});

describe("the other places", () => {
  it("opens an incident where the crew stands, with a photo", async () => {
    page = await s.page({ at: "#/new", ...sizes.phone });
    expect(await button("לדווח").isDisabled()).toBe(true);
    await page.getByLabel("חיפוש נושא").fill("בור");
    await button("בור בכביש").click();
    await page.getByLabel(/מה רואים/).fill("בור עמוק ליד מעבר החציה");
    await page.getByLabel("לצלם").setInputFiles(image);
    await page.locator(".kept-shot img").waitFor();
    await button("לדווח").click();
    await page.getByText("המפגע נרשם ויישלח למוקד").waitFor();
    const [kind, data] = (await did())[0] as [string, Record<string, unknown>];
    expect(kind).toBe("incident.open");
    expect(data).toMatchObject({ category: "pothole", text: "בור עמוק ליד מעבר החציה" });
    expect(data.lat).toBeCloseTo(32.3249, 3);
    expect(data.photos).toHaveLength(1);
  });

  it("marks messages as read once they were seen", async () => {
    page = await s.page({ at: "#/inbox" });
    await page.getByText("צוות חשמל 1 כבר במקום").waitFor();
    await page.waitForFunction(() => (window as unknown as { engine: FakeEngine }).engine.acts.length === 2);
    expect(await did()).toEqual([
      ["message.read", { message: "m1" }],
      ["message.read", { message: "m2" }],
    ]);
    await page.locator(".nav-badge").waitFor({ state: "detached" });
    expect(await page.locator(".message.fresh").count()).toBe(2);
  });

  it("draws the map with the jobs numbered, and the list shows which was tapped", async () => {
    page = await s.page({ at: "#/map", ...sizes["tablet on its side"] });
    await page.locator(".stop").nth(4).waitFor();
    await page.waitForTimeout(2500);
    // A blank map is one colour.
    expect((await page.locator(".map canvas").screenshot()).length).toBeGreaterThan(30_000);
    await page.getByRole("button", { name: /^2: חוט חשמל חשוף, ויצמן 12/ }).click();
    await page.locator(".job-row.chosen", { hasText: "חוט חשמל חשוף" }).waitFor();
  });

  it("has the list where the map doesn't come", async () => {
    page = await s.page();
    await page.route(/MapView|maplibre/, route => route.abort());
    await page.getByRole("link", { name: "מפה" }).click();
    await page.locator(".map-list .job-row").nth(4).waitFor();
    await page.getByText("המפה לא נטענה").waitFor();
    await page.locator(".map-list .job-row").first().click();
    await button("הגענו").waitFor();
    s.errors.length = 0;
  });

  it("downloads the map with its progress, stops on request, and takes it off", async () => {
    page = await s.page({ at: "#/device" });
    await button("להוריד את המפה").click();
    await page.getByText(/מתוך 6.4 מ״ב/).waitFor();
    await button("לעצור").click();
    await button("להוריד את המפה").click();
    await button("להסיר").waitFor();
    await button("להסיר").click();
    await button("להוריד את המפה").waitFor();
  });

  it("refuses to sign out with unsent work until the file was saved", async () => {
    page = await s.page({ at: "#/device", scene: "offline" });
    await button("יציאה").click();
    const leave = button("הקובץ נמסר, לצאת");
    expect(await leave.isDisabled()).toBe(true);
    const saved = page.waitForEvent("download");
    await page.getByRole("dialog").getByRole("button", { name: "שמירה לקובץ" }).click();
    expect((await saved).suggestedFilename()).toMatch(/^moked-ח3-.*\.json$/);
    await leave.click();
    await page.getByRole("heading", { name: "כניסה לצוותי שטח" }).waitFor();
  });

  it("loses nothing when a screen breaks: the work can be saved, and the next screen works", async () => {
    page = await s.page({ scene: "offline" });
    await change({ messages: [null] });
    await page.getByRole("heading", { name: "משהו השתבש במסך הזה" }).waitFor();
    const saved = page.waitForEvent("download");
    await button("שמירה לקובץ").click();
    expect((await saved).suggestedFilename()).toMatch(/\.json$/);
    await change({ messages: [] });
    await button("לנסות שוב").click();
    await page.getByRole("heading", { name: /יום/ }).waitFor();
    s.errors.length = 0;
  });

  it("signs in, and says in words why not", async () => {
    page = await s.page({ scene: "out" });
    await button("כניסה").click();
    await page.getByText("כתבו שם משתמש וסיסמה").waitFor();
    await page.getByLabel("שם משתמש").fill("yossi");
    await page.getByLabel("סיסמה", { exact: true }).fill("wrong");
    await button("כניסה").click();
    await page.getByText("אינם נכונים").waitFor();
    await page.getByLabel("סיסמה", { exact: true }).fill("right");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /יום/ }).waitFor();
  });

  it.each(["en", "ar", "ru"] as const)("speaks %s throughout, in its direction", async lang => {
    for (const at of ["", `#/job/${id(615)}`, "#/new", "#/inbox", "#/waiting", "#/device"]) {
      page = await s.page({ lang, at, scene: "offline" });
      expect(await page.evaluate(() => document.body.dir)).toBe(lang === "ar" ? "rtl" : "ltr");
      const words = await page
        .locator(
          ".nav, .screen-head, .section-title, .step-bar, .banner, label, .summary, .flag, .way, .segments",
        )
        .allTextContents();
      const hebrew = words.filter(w => /\p{Script=Hebrew}/u.test(w.replace(/עברית|יוסי/g, "")));
      expect(hebrew, at).toEqual([]);
      if (at !== "#/device") await page.context().close();
    }
  });
});
