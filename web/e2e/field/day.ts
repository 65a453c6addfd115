// A made-up day of one crew, for the tablet's screens: five open jobs, one that
// came back with a verdict, some done, messages, and forms of every kind.

import type {
  FieldCategory,
  FieldJob,
  FieldState,
  Form,
  Message,
  QueueItem,
} from "../../field/engine/index.ts";
import type { Crew } from "../../shared/api.ts";
import { catalogue } from "../fixture/catalogue.ts";
import { house, streets } from "../fixture/ground.ts";

const minute = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

const names = (he: string, en: string, ar: string, ru: string) => ({ he, en, ar, ru });

const forms: Record<string, Form> = {
  "street-light-out": {
    checklist: [
      {
        code: "power-off",
        names: names(
          "המתח נותק לפני העבודה",
          "Power was cut first",
          "تم فصل التيار قبل العمل",
          "Питание отключено",
        ),
        required: true,
      },
      {
        code: "pole-ok",
        names: names("העמוד יציב ושלם", "The pole is sound", "العمود ثابت وسليم", "Столб цел и устойчив"),
        required: true,
      },
      {
        code: "tested",
        names: names("הפנס נבדק בחושך או בכיסוי", "The lamp was tested", "تم فحص المصباح", "Лампа проверена"),
        required: false,
      },
    ],
    photos: { before: true, after: true },
    materials: [
      {
        code: "lamp-led",
        names: names("נורת לד 60W", "LED lamp 60 W", "مصباح ليد 60 واط", "Лампа LED 60 Вт"),
        unit: "piece",
      },
      {
        code: "cable",
        names: names("כבל 3×2.5", "Cable 3×2.5", "كابل 3×2.5", "Кабель 3×2,5"),
        unit: "metre",
      },
    ],
    signature: false,
    public_photos: true,
    photo_place: true,
  },
  "exposed-wire": {
    checklist: [
      {
        code: "fenced",
        names: names("המקום גודר", "The place is fenced", "تم تسييج المكان", "Место ограждено"),
        required: true,
      },
    ],
    photos: { before: true, after: true },
    materials: [],
    signature: true,
    public_photos: false,
    photo_place: false,
  },
};

const words: Record<string, [string, string]> = {
  ar: ["مصباح شارع لا يعمل", "سلك كهرباء مكشوف"],
  ru: ["Не горит фонарь", "Оголённый провод"],
};

export const categories: FieldCategory[] = catalogue.categories.map(c => ({
  ...c,
  names:
    c.code === "street-light-out" || c.code === "exposed-wire"
      ? {
          ...c.names,
          ar: words.ar![c.code === "exposed-wire" ? 1 : 0]!,
          ru: words.ru![c.code === "exposed-wire" ? 1 : 0]!,
        }
      : c.names,
  ...(forms[c.code] ? { field: forms[c.code] } : {}),
}));

export const crew: Crew = {
  id: "0190a000-0000-7000-8000-0000000000c1",
  version: 3,
  code: "ח3",
  name: "חשמל 3",
  kind: "crew",
  departments: ["electricity"],
  skills: [],
  duty: "on",
  on_until: iso(Date.now() + 5 * 60 * minute),
} as Crew;

interface Plan {
  n: number;
  category: string;
  state: FieldJob["state"];
  street: number;
  house: number;
  due: number;
  text: string;
  more?: Partial<FieldJob>;
}

const plan: Plan[] = [
  {
    n: 612,
    category: "street-light-out",
    state: "departed",
    street: 2,
    house: 48,
    due: 40,
    text: "שלושה פנסים ברצף לא דולקים ליד הגן, חושך מוחלט במעבר החציה",
  },
  {
    n: 615,
    category: "exposed-wire",
    state: "assigned",
    street: 3,
    house: 12,
    due: -25,
    text: "חוט בולט מעמוד תאורה, ילדים משחקים ליד",
    more: { priority: 1 },
  },
  {
    n: 609,
    category: "street-light-out",
    state: "accepted",
    street: 4,
    house: 77,
    due: 260,
    text: "הפנס מול הבית כבוי כבר שלושה ימים",
  },
  {
    n: 598,
    category: "street-light-out",
    state: "paused",
    street: 5,
    house: 20,
    due: 700,
    text: "עמוד נטוי אחרי תאונה",
    more: { reason: "ממתינים לחלקים", paused_from: "arrived" },
  },
  {
    n: 620,
    category: "irrigation-leak",
    state: "assigned",
    street: 8,
    house: 5,
    due: 2900,
    text: "",
  },
];

export function jobsAt(now: number): FieldJob[] {
  const job = (p: Plan): FieldJob => {
    const street = streets[p.street]!;
    const { point } = house(street, p.house);
    const category = categories.find(c => c.code === p.category)!;
    return {
      id: `0190a000-0000-7000-8000-000000000${p.n}`,
      version: 4,
      number: `26-${String(p.n).padStart(6, "0")}`,
      incident: `0190a000-0000-7000-8000-0000000a0${p.n}`,
      category: p.category,
      department: category.department,
      crew: crew.id,
      created_at: iso(now - 100 * minute),
      assigned_at: iso(now - 80 * minute),
      due_at: iso(now + p.due * minute),
      place: {
        lat: point.lat,
        lon: point.lon,
        label: `${street.name} ${p.house}`,
        precision: "house",
        score: 0.98,
        district: null,
        neighbourhood: null,
      },
      priority: category.priority,
      state: p.state,
      text: p.text,
      ...p.more,
    };
  };
  const done = (n: number, ago: number): FieldJob => ({
    ...job({ ...plan[2]!, n, house: n - 480, state: "done", due: -ago }),
    arrived_at: iso(now - (ago + 30) * minute),
    ended_at: iso(now - ago * minute),
    ...(n === 587 ? { record_missing: ["photo.after"] } : {}),
  });
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const ago = (mins: number) => Math.min(mins, (now - midnight) / minute - 1);
  return [...plan.map(job), done(587, ago(150)), done(571, ago(240))];
}

export function messagesAt(now: number): Message[] {
  const from = { role: "dispatcher", name: "דנה" } as const;
  const base = { crew: crew.id, from, departments: [], version: 1 };
  return [
    {
      ...base,
      id: "m1",
      kind: "text",
      text: "כשתסיימו בהרצל, תעברו בבקשה דרך המחסן לקחת שתי נורות",
      at: iso(now - 6 * minute),
    },
    {
      ...base,
      id: "m2",
      kind: "stood_down",
      text: "צוות חשמל 1 כבר במקום",
      number: "26-000604",
      at: iso(now - 35 * minute),
    },
    {
      ...base,
      id: "m3",
      kind: "reopened",
      text: "",
      job: "0190a000-0000-7000-8000-000000000615",
      number: "26-000615",
      at: iso(now - 80 * minute),
      read_at: iso(now - 79 * minute),
    },
    {
      ...base,
      id: "m4",
      kind: "settled",
      text: "",
      job: "0190a000-0000-7000-8000-000000000598",
      number: "26-000598",
      at: iso(now - 120 * minute),
      read_at: iso(now - 119 * minute),
    },
  ];
}

export function queueAt(now: number, sent: boolean): QueueItem[] {
  const at = (mins: number) => iso(now - mins * minute);
  const id = (n: number) => `0190a000-0000-7000-8000-000000000${n}`;
  const waiting: Pick<QueueItem, "state" | "status"> = sent
    ? { state: "done", status: "applied" }
    : { state: "waiting" };
  return [
    {
      id: "q1",
      kind: "job.complete",
      job: id(587),
      number: "26-000587",
      performed_at: at(150),
      state: "done",
      status: "applied",
      data: {},
    },
    {
      id: "q2",
      kind: "job.accept",
      job: id(609),
      number: "26-000609",
      performed_at: at(90),
      state: "done",
      status: "applied",
      data: {},
    },
    {
      id: "q3",
      kind: "job.complete",
      job: id(598),
      number: "26-000598",
      performed_at: at(70),
      state: "done",
      status: "kept",
      reason: "reassigned",
      text: "",
      data: { note: "הוחלפו שתי נורות" },
    },
    {
      id: "q4",
      kind: "job.material",
      job: id(598),
      number: "26-000598",
      performed_at: at(69),
      state: "done",
      status: "refused",
      reason: "bad_data",
      data: { code: "lamp-led", add: 1 },
    },
    {
      id: "q5",
      kind: "job.depart",
      job: id(612),
      number: "26-000612",
      performed_at: at(14),
      data: {},
      ...waiting,
    },
    {
      id: "q6",
      kind: "job.material",
      job: id(612),
      number: "26-000612",
      performed_at: at(4),
      data: { code: "lamp-led", add: 1 },
      ...waiting,
    },
    {
      id: "q7",
      kind: "job.material",
      job: id(612),
      number: "26-000612",
      performed_at: at(4),
      data: { code: "lamp-led", add: 1 },
      ...waiting,
    },
    {
      id: "q8",
      kind: "job.note",
      job: id(612),
      number: "26-000612",
      performed_at: at(2),
      data: { text: "הארון בצד השני של הכביש" },
      ...waiting,
    },
  ];
}

const closedRoad: FieldState["closures"][number] = {
  id: "00000000-0000-7000-8000-0000000000c1",
  version: 1,
  lines: [
    [
      [34.8545, 32.3255],
      [34.8625, 32.3275],
    ],
  ],
  reason: "עבודות בכביש",
  from: "2026-01-01T00:00:00Z",
  by: { role: "dispatcher" },
  made_at: "2026-01-01T00:00:00Z",
};

export function emptyState(now: number): FieldState {
  return {
    phase: "ready",
    me: { name: "יוסי", login: "yossi", lang: "he" },
    crew,
    jobs: [],
    categories,
    closures: [closedRoad],
    departments: catalogue.departments,
    messages: [],
    link: { state: "live", since: now - 20 * minute },
    queue: [],
    photos: [],
    waiting: 0,
    skewMs: 0,
    storage: { usage: 84e6, quota: 2.1e9, low: false, full: false },
    map: { state: "none", bytes: 0, total: 6.4e6 },
    lease: { until: iso(now + 71 * 60 * minute) },
    update: false,
    nearJob: null,
    home: { lat: 32.3265, lon: 34.8585 },
    here: { lat: 32.3249, lon: 34.8639, accuracy: 12, at: iso(now - 5000) },
  };
}
