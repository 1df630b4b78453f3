/** What stands, on the screens: before going in, people around, the plans on one screen, and I dag. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup, words } from "./_screen.js";
import { ME, MONA, NOW, TEAM, aState, hoursAgo, unwatched, watched } from "./_state.js";

const { alertView } = await import("../../fieldapp/static/js/views/alert.js");
const { caseView } = await import("../../fieldapp/static/js/views/case.js");
const { clientView } = await import("../../fieldapp/static/js/views/client.js");
const { plansView } = await import("../../fieldapp/static/js/views/plans.js");
const {
  myTasks,
  notesView,
  plansView: dayView,
  unreadNotes,
  visitsToday,
} = await import("../../fieldapp/static/js/views/my_day.js");
const { FORMS, bodyOf, contextOf, givenIn, problems } = await import("../../fieldapp/static/js/views/forms.js");

const byId = (rows) => new Map(rows.map((one) => [one.id, one]));
const RISK = {
  id: "r",
  client_id: "c",
  advice: ["two_together", "dog"],
  reason: "Hunden biter",
  review_on: "2027-02-01",
};
const ANNE = {
  id: "k",
  entry_id: "k0",
  client_id: "c",
  name: "Anne Eksempel",
  role: "next_of_kin",
  phone: "400 00 000",
  call_if_not_found: "yes",
  must_not_be_told: "At hun er innlagt",
};
const PLAN = {
  id: "p",
  entry_id: "p",
  client_id: "c",
  kind: "crisis",
  green: "Når jeg sover",
  yellow_you: "Ring meg",
  red_avoid: "Ikke send politi",
  author_id: MONA,
  noted_at: hoursAgo(30),
};

const withThings = (things, about = {}) => ({
  ...aState({ clients: [watched("c", "Kari L.", 30, { address: "Storgata 3" })], ...about }),
  ...Object.fromEntries(Object.entries(things).map(([name, rows]) => [name, byId(rows)])),
});

test("what to know stands before the map and the visit, and is marked when it is old", () => {
  const state = withThings({ risks: [RISK] });
  const read = markup(clientView(state, { id: "c", phone: { maps: "geo:0,0?q=" } }));
  assert.ok(read.indexOf("Hunden biter") < read.indexOf("geo:"));
  assert.ok(read.indexOf("Hunden biter") < read.indexOf("Gå på besøk"));
  assert.ok(words(clientView(state, { id: "c" })).includes("Vær to sammen · Hund"));
  assert.ok(!read.includes("Gammel"));
  const old = words(clientView(withThings({ risks: [{ ...RISK, review_on: "2026-11-01" }] }), { id: "c" }));
  assert.ok(old.includes("Hunden biter"));
  assert.ok(old.includes("Gammel, skulle vært vurdert 1. nov."));
});

test("an alert says what to know before the map, and whom to ring with what they must not be told", () => {
  const alert = { id: "a", kind: "not_seen", client_id: "c", team_id: TEAM, state: "open", opened_at: hoursAgo(1) };
  const state = withThings({ risks: [RISK], contactPersons: [ANNE] }, { alerts: [alert] });
  const read = markup(alertView(state, { id: "a", phone: { maps: "geo:0,0?q=" } }));
  assert.ok(read.indexOf("Hunden biter") < read.indexOf("geo:"));
  assert.ok(read.includes('href="tel:40000000"'));
  assert.ok(words(alertView(state, { id: "a" })).includes("Må ikke få vite: At hun er innlagt"));
});

test("a crisis leads to the crisis plan", () => {
  const crisis = {
    id: "k",
    kind: "crisis",
    client_id: "c",
    team_id: TEAM,
    status: "open",
    opened_at: hoursAgo(1),
    facts: {},
  };
  const read = markup(caseView(withThings({ plans: [PLAN] }, { cases: [crisis] }), { id: "k" }));
  assert.ok(read.includes("/felt/plan/c"));
});

test("the plans stand on one screen, the three steps by name and in order", () => {
  const read = words(plansView(withThings({ plans: [PLAN] }), { id: "c" }));
  const at = ["Grønn", "Når jeg sover", "Gul", "Ring meg", "Rød", "Ikke send politi"].map((one) => read.indexOf(one));
  assert.deepEqual(
    at,
    [...at].sort((a, b) => a - b),
  );
  assert.ok(at[0] >= 0);
  assert.ok(read.includes("Egne mål"));
  assert.ok(read.includes("Ikke skrevet ennå."));
});

test("two versions are both shown, and lead to the form that merges them", () => {
  const other = { ...PLAN, entry_id: "q", red_avoid: "Ikke uniform" };
  const state = withThings({ plans: [{ ...PLAN, beside: [other], red_avoid: "Ikke send politi\nIkke uniform" }] });
  const read = words(plansView(state, { id: "c" }));
  assert.ok(read.includes("To versjoner."));
  assert.ok(read.includes("Den andre versjonen"));
  const ctx = contextOf(state, { type: "plan_noted", client: "c", thing: "p" }, () => "new");
  const form = FORMS.plan_noted;
  assert.deepEqual(bodyOf(form, form.preset(ctx), ctx).replaces, ["p", "q"]);
});

test("a landlord sees none of it", () => {
  const state = withThings({ risks: [RISK], contactPersons: [ANNE], plans: [PLAN] });
  state.me = { ...state.me, role: "landlord" };
  const read = words(clientView(state, { id: "c" }));
  for (const said of ["Hunden biter", "Anne Eksempel", "Kriseplan", "Skriv ned"]) assert.ok(!read.includes(said), said);
  assert.ok(!words(plansView(state, { id: "c" })).includes("Når jeg sover"));
});

const NOTE = {
  id: "n",
  client_id: "c",
  team_id: TEAM,
  what: "Legen ringer i kveld",
  author_id: MONA,
  noted_at: hoursAgo(5),
};

test("a note stands on I dag until it is read, and never one's own", () => {
  assert.ok(words(notesView(withThings({ handovers: [NOTE] }))).includes("Legen ringer i kveld"));
  const read = [{ staff_id: ME, at: hoursAgo(1) }];
  for (const more of [{ read_by: read }, { author_id: ME }, { team_id: "another" }, { until_at: hoursAgo(1) }])
    assert.deepEqual(unreadNotes(withThings({ handovers: [{ ...NOTE, ...more }] })), []);
});

const VISIT = {
  id: "v",
  client_id: "c",
  at: new Date(NOW + 3_600_000).toISOString(),
  staff_ids: [ME],
  what: "Til legen",
};

test("today's planned visits stand with their time, and those of others do not", () => {
  assert.ok(words(dayView(withThings({ planned: [VISIT] }))).includes("13.47 Kari L."));
  for (const more of [{ staff_ids: [MONA] }, { at: new Date(NOW + 30 * 3_600_000).toISOString() }])
    assert.deepEqual(visitsToday(withThings({ planned: [{ ...VISIT, ...more }] })), []);
});

const TASK = { id: "t", client_id: "c", what: "Ringe boligkontoret", owner_id: ME, due_on: "2026-11-23" };

test("my tasks stand on I dag, the most pressing first, and three of them", () => {
  const many = [1, 2, 3, 4].map((n) => ({ ...TASK, id: `t${n}`, what: `Oppgave ${n}`, due_on: `2026-12-0${5 - n}` }));
  const state = withThings({ tasks: [...many, { ...TASK, id: "x", owner_id: MONA }] });
  assert.deepEqual(
    myTasks(state).map((one) => one.what),
    ["Oppgave 4", "Oppgave 3", "Oppgave 2", "Oppgave 1"],
  );
  assert.ok(words(dayView(withThings({ tasks: [TASK] }))).includes("skulle vært gjort"));
});

test("nothing is asked about somebody who is no longer followed up", () => {
  const over = { clients: [unwatched("c", "Kari L.", { ended_at: hoursAgo(3) })] };
  const state = withThings({ tasks: [TASK], planned: [VISIT], handovers: [NOTE] }, over);
  assert.deepEqual([myTasks(state), visitsToday(state), unreadNotes(state)], [[], [], []]);
});

test("a leader has what was not looked at again on the list", () => {
  const state = withThings({ risks: [{ ...RISK, review_on: "2026-11-01" }] });
  assert.ok(words(dayView(state)).includes("Skulle vært vurdert"));
  state.me = { ...state.me, role: "fieldworker" };
  assert.ok(!words(dayView(state)).includes("Skulle vært vurdert"));
});

test("what is filled in of a crisis plan goes up as the contract has it", () => {
  const state = withThings({});
  const ctx = contextOf(state, { type: "plan_noted", client: "c" }, () => "new");
  const values = {
    ...givenIn(FORMS.plan_noted, { kind: "crisis" }, ctx),
    red_need: "At noen blir",
    "bed.place": "Seng på DPS",
    "bed.nights": "3",
    "when_admitted.animals": "Nabo tar katten",
    reach: "ikke spurt om i denne",
  };
  assert.deepEqual(bodyOf(FORMS.plan_noted, values, ctx), {
    kind: "crisis",
    red_need: "At noen blir",
    bed: { place: "Seng på DPS", nights: 3 },
    when_admitted: { animals: "Nabo tar katten" },
  });
});

test("a risk asks for a day within half a year", () => {
  const ctx = contextOf(withThings({}), { type: "risk_noted", client: "c" }, () => "new");
  const given = { advice: ["dog"], reason: "Hund", review_on: "2027-05-25" };
  assert.ok("review_on" in problems(FORMS.risk_noted, given, ctx));
  assert.deepEqual(problems(FORMS.risk_noted, { ...given, review_on: "2027-05-24" }, ctx), {});
});

test("hours of a decision are a decimal number", () => {
  const ctx = contextOf(withThings({}), { type: "decision_recorded", client: "c" }, () => "new");
  const given = { service: "Bo", ground: "treatment", from_on: "2026-11-24", per: "week", hours: "3,5" };
  assert.equal(bodyOf(FORMS.decision_recorded, given, ctx).hours, "3.5");
  assert.ok("hours" in problems(FORMS.decision_recorded, { ...given, hours: "tre" }, ctx));
});
