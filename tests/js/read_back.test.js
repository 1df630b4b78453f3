/**
 * Every field of every form is filled in, saved and read back on the page of the entry. Made from the tables: a new field that
 * the page cannot read fails, and so does one that no filling ever shows.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { words } from "./_screen.js";
import { ME, MONA, NOW, TEAM, aState, entry, hoursAgo, watched } from "./_state.js";
import { label, options } from "../../fieldapp/static/js/texts/codes.js";
import { t } from "../../fieldapp/static/js/texts/t.js";
import { entryView } from "../../fieldapp/static/js/views/entry.js";
import {
  FORMS,
  bodyOf,
  contextOf,
  isWithoutSubject,
  onlyOf,
  shownFields,
} from "../../fieldapp/static/js/views/forms.js";
import { ago } from "../../fieldapp/static/js/views/form_times.js";
import { kroner, plainDate, when } from "../../fieldapp/static/js/views/words.js";

const LARS = "00000000-0000-7000-8000-00000000000c";
const PLAN = "00000000-0000-7000-8000-000000000002";

const clients = [
  watched("c", "Kari L.", 1, {
    watch: { mode: "interval", interval_minutes: 1440, counts: ["seen"], may_enter: true },
  }),
  watched("d", "Per Ø.", 1),
];
const absence = { id: "f", client_id: "c", kind: "admitted", started_at: hoursAgo(9), ended_at: null, steps: [] };
const duty = (id, staff_id) => ({
  id,
  team_id: TEAM,
  staff_id,
  duty: "duty",
  from_at: hoursAgo(-20),
  to_at: hoursAgo(-28),
});
const consent = {
  id: "g",
  client_id: "c",
  kind: "consent",
  party: "DPS",
  purpose: "Samarbeid",
  words: "Ja.",
  made_on: "2026-11-01",
};
const things = {
  risks: "r",
  plans: PLAN,
  contactPersons: "p",
  decisions: "v",
  tasks: "o",
  planned: "q",
  handovers: "h",
};

/** A phone on which everything that a form may be about is known. */
function aFullState(...entries) {
  const state = aState({
    clients,
    entries: [entry("e", "c", "concern_raised", 1, { urgency: "now" }, { author_id: ME }), ...entries],
    alerts: [{ id: "a", kind: "not_seen", client_id: "c", team_id: TEAM, state: "open", opened_at: hoursAgo(1) }],
    cases: [{ id: "k", kind: "rent", client_id: "c", team_id: TEAM, status: "open", opened_at: hoursAgo(1) }],
    absences: [absence],
    duty: [duty("t", ME), duty("u", MONA)],
  });
  const thing = (id) => ({
    id,
    client_id: "c",
    team_id: TEAM,
    kind: "goals",
    role: "gp",
    name: "Legen",
    what: "Ringe",
    at: hoursAgo(-4),
  });
  for (const [name, id] of Object.entries(things)) state[name] = new Map([[id, thing(id)]]);
  state.agreements = new Map([["g", consent]]);
  state.staff.set(LARS, { id: LARS, name: "Lars Huseier", role: "landlord", team_ids: [TEAM] });
  state.staff.get(MONA).role = "fieldworker";
  state.staff.get(ME).role = "leader";
  state.me.teams.push({ id: "00000000-0000-7000-8000-000000000003", name: "Uteteamet", kind: "outreach" });
  return state;
}

const ABOUT = { client: "c", alert: "a", entry: "e", case: "k", duty: "t", absence: "f" };
let count = 0;
/** Something new, and a newer version of what stands. */
const contexts = (state) =>
  [ABOUT, { ...ABOUT, thing: PLAN }].map((address) => contextOf(state, address, () => `minted-${++count}`));

/** What somebody would answer, by the kind of the question; `pick` is which of the answers. */
const ANSWERS = {
  line: (field) => `Linje om ${field.name}`,
  text: (field) => `Tekst om ${field.name}`,
  places: () => "Havna",
  tel: () => "900 00 001",
  number: (field) => String(Math.max(field.min ?? 0, 3)),
  money: () => "14250,50",
  decimal: () => "3,5",
  date: () => "2026-12-03",
  moment: (field) => (field.past ? "2026-11-24T08:15" : "2026-11-26T08:15"),
  ago: (_field, _list, pick) => ["hour", "night", "evening", "2026-11-24T08:15"][pick % 4],
  ahead: () => "2026-11-24T18:15",
  time: () => "09:30",
  lines: (field) => `Første ${field.name}\nAndre ${field.name}`,
  rows: (field) => [
    Object.fromEntries(
      field.parts.map((part) => [part.name, part.kind === "date" ? "2026-12-03" : `Del ${part.name}`]),
    ),
  ],
  letters: () => [{ kind: "eviction_notice", dated_on: "2026-11-03", sent_on: "2026-11-04" }],
  yes: (_field, _list, pick) => pick % 2 === 0,
  switch: (_field, _list, pick) => pick % 2 === 0,
  counts: (field) => ({ [options(field.list)[0][0]]: 2 }),
  one: (_field, list, pick) => list[pick % list.length],
  many: (_field, list, pick) => (pick % 3 ? [list[pick % list.length]] : list),
  staff: () => MONA,
  staffname: () => "Mona Lie",
  staffs: () => [MONA],
  taker: () => MONA,
  colleague: () => MONA,
  theirs: () => "u",
  landlords: () => [LARS],
  consents: () => "g",
  client: () => "d",
  team: () => TEAM,
};

const codesOf = (field, values, ctx) =>
  (field.own ? field.own(ctx) : field.choices)?.map(([code]) => code) ??
  (field.list ? options(field.list, onlyOf(field, values, ctx)).map(([code]) => code) : []);

const person = (state, id) => state.staff.get(id).name;
const inThousands = (text) => text.replaceAll("\u00a0", " ");

/** What must stand on the page for this answer; more than one, where any of them says it. */
const READ = {
  money: (value) => [kroner("14250.50")],
  date: (value) => [plainDate(value, NOW)],
  moment: (value) => [when(Date.parse(new Date(value).toISOString()), NOW)],
  ago: (value) => [when(Date.parse(ago(value, NOW)), NOW)],
  ahead: (value) => [when(new Date(value).getTime(), NOW)],
  lines: (value) => [value.replace("\n", ", ")],
  rows: ([row]) => Object.values(row).map((part) => (/^\d{4}-/.test(part) ? plainDate(part, NOW) : part)),
  letters: () => [label("letter", "eviction_notice"), "3. nov", "4. nov"],
  yes: (value, field) => [`${t(field.label)} ${value ? "Ja" : "Nei"}`],
  switch: (value, field) => (value ? [`${t(field.label)} Ja`] : null), // left off it says nothing
  counts: (value, field) => [`${label(field.list, Object.keys(value)[0])}: 2`],
  one: (value, field, _state, ctx) =>
    field.own ? [new Map(field.own(ctx)).get(value)] : field.list ? [label(field.list, value)] : null,
  many: (values, field) => (field.list ? values.map((one) => label(field.list, one)) : null),
  staff: (value, _field, state) => [person(state, value)],
  staffs: ([value], _field, state) => [person(state, value)],
  taker: (value, _field, state) => [person(state, value)],
  colleague: (value, _field, state) => [person(state, value)],
  landlords: ([value], _field, state) => [person(state, value)],
  consents: () => ["DPS"],
  client: () => ["Per Ø."],
  team: () => ["FACT Nord"],
};

/** Asked, and told by other fields of the entry or by what is saved beside it: by form, with why. */
const TOLD_OTHERWISE = {
  visit_started: { together: "who was along, or nobody" },
  visit_extended: { together: "who was along, or nobody" },
};

/** The same form filled in once for each way its chips can be answered, so that every question comes up. */
function fillings(form, ctx) {
  const fields = [...form.fields, ...(form.more ?? [])];
  const ways = Math.max(...fields.map((field) => Math.max(codesOf(field, {}, ctx).length, 2)));
  return Array.from({ length: ways * 2 }, (_unused, way) => filled(form, ctx, fields, way));
}

/** Answered in order, as a person does: a question that comes up with an answer is answered, too. */
function filled(form, ctx, fields, way) {
  let values = { ...form.preset?.(ctx) };
  for (const field of fields) {
    if (field.if && !field.if(values, ctx)) continue;
    const list = codesOf(field, values, ctx);
    const answer = ANSWERS[field.kind]?.(field, list, way);
    if (answer === undefined || (["one", "many"].includes(field.kind) && !list.length)) continue;
    values = { ...values, [field.name]: answer };
    if (form.changed) values = form.changed(values, field.name, ctx);
  }
  return values;
}

for (const [key, form] of Object.entries(FORMS).filter(([, one]) => one.type !== "entry_corrected")) {
  test(`what is filled in under «${key}» reads back`, () => {
    const state = aFullState();
    const asked = new Set();
    const all = contexts(state).filter((ctx) => !isWithoutSubject(form, ctx));
    for (const [ctx, values] of all.flatMap((ctx) => fillings(form, ctx).map((one) => [ctx, one]))) {
      const body = bodyOf(form, values, ctx);
      const saved = entry("n", "c", form.type, 0, body, { author_id: ME });
      const page = inThousands(words(entryView(aFullState(saved), { id: "n" })));
      for (const field of shownFields(form, values, ctx)) {
        const value = values[field.name];
        if (value === undefined || field.kind === "preview") continue;
        asked.add(field.name);
        if (TOLD_OTHERWISE[key]?.[field.name]) continue;
        const told = READ[field.kind] ? READ[field.kind](value, field, state, ctx) : [value];
        for (const said of told ?? [])
          assert.ok(
            page.includes(inThousands(String(said))),
            `${key}.${field.name}: «${said}» is not in: ${page}\n${JSON.stringify(body)}`,
          );
      }
    }
    const never = [...form.fields, ...(form.more ?? [])]
      .filter((field) => field.kind !== "preview" && !asked.has(field.name))
      .map((field) => field.name);
    assert.deepEqual(never, [], "never asked");
  });
}
