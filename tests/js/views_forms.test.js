/** What a person fills in becomes the body the contract wants, and what is missing is named. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  FORMS,
  ahead,
  bodyOf,
  contextOf,
  draftKey,
  givenIn,
  isWithoutSubject,
  problems,
  saveWords,
  savedWords,
  shownFields,
  takers,
  timeOf,
  tooLong,
  valuesOf,
} from "../../fieldapp/static/js/views/forms.js";
import { extendLink } from "../../fieldapp/static/js/views/safety.js";
import { threeMonthsOn } from "../../fieldapp/static/js/views/forms_watch.js";
import { ME, MONA, NOW, TEAM, aState, hoursAgo, unwatched } from "./_state.js";

const state = aState({ clients: [unwatched("c", "Kari L.", { phone: "401", seq: 812 })] });
const ctx = contextOf(state, { client: "c" }, () => "minted");
const body = (type, values, context = ctx) => bodyOf(FORMS[type], values, context);

test("a visit is three taps: what is preset is all the contract needs, and the impression never is", () => {
  const preset = FORMS.visit_logged.preset(ctx);
  assert.deepEqual(problems(FORMS.visit_logged, preset, ctx), {});
  assert.deepEqual(body("visit_logged", preset), { outcome: "seen", place: "home" });
  assert.equal(preset.condition, undefined);
});

test("a field that nobody has filled in is not too long, whatever its kind", () => {
  for (const form of Object.values(FORMS))
    for (const field of [...form.fields, ...(form.more ?? [])])
      assert.equal(tooLong(field, undefined), "", `${form.type}.${field.name}`);
});

test("the button says what it saves", () => {
  assert.equal(saveWords(FORMS.visit_logged, { outcome: "seen" }, ctx), "Lagre: traff");
  assert.equal(saveWords(FORMS.visit_logged, { outcome: "declined" }, ctx), "Lagre: takket nei");
  assert.equal(saveWords(FORMS.call_logged, {}, ctx), "Lagre");
});

test("what no longer shows is not sent: a talk filled in before it turned out nobody opened", () => {
  const values = { outcome: "not_home", place: "home", condition: "better", agreed: "fredag" };
  assert.deepEqual(body("visit_logged", values), { outcome: "not_home", place: "home" });
});

test("declined asks whether the person was seen, cancelled asks by whom", () => {
  const names = (outcome) => shownFields(FORMS.visit_logged, { outcome }, ctx).map((field) => field.name);
  assert.ok(names("declined").includes("contact"));
  assert.ok(names("cancelled").includes("cancelled_by"));
});

test("a street contact needs a place and nobody's name", () => {
  assert.deepEqual(body("street_contact_logged", { place_label: "Havna", people: "1" }), {
    place_label: "Havna",
    people: 1,
  });
  assert.ok("place_label" in problems(FORMS.street_contact_logged, { people: "1" }, ctx));
});

test("a private talk carries no text, also when one was written before the switch", () => {
  assert.deepEqual(
    body("street_contact_logged", { place_label: "Havna", people: "1", private: true, note: "hemmelig" }),
    { place_label: "Havna", people: 1, private: true },
  );
});

test("marked private, a street contact forgets all that a private talk does not hold, in the draft too", () => {
  const filled = {
    place_label: "Havna",
    people: "2",
    private: true,
    equipment: { foil: 1 },
    offered: ["doctor"],
    guided_to: "nav",
    note: "hemmelig",
    _at: "hour",
  };
  assert.deepEqual(FORMS.street_contact_logged.changed(filled, "private", ctx), {
    place_label: "Havna",
    people: "2",
    private: true,
    _at: "hour",
  });
  assert.deepEqual(body("street_contact_logged", filled), { place_label: "Havna", people: 2, private: true });
  assert.deepEqual(FORMS.street_contact_logged.changed({ people: "2", note: "åpent" }, "note", ctx), {
    people: "2",
    note: "åpent",
  });
});

test("no is an answer and is sent, an unanswered question is not", () => {
  assert.equal(body("visit_logged", { outcome: "seen", place: "home", interpreter: false }).interpreter, false);
  assert.equal("children_present" in body("visit_logged", { outcome: "seen", place: "home" }), false);
});

test("money and letters are sent as the contract has them", () => {
  const values = {
    amount_nok: "14 250,5",
    letters: [{ kind: "eviction_notice", dated_on: "2026-11-03", sent_on: "" }],
  };
  assert.deepEqual(body("rent_problem_reported", values), {
    letters: [{ kind: "eviction_notice", dated_on: "2026-11-03" }],
    amount_nok: "14250.50",
  });
  assert.ok("amount_nok" in problems(FORMS.rent_problem_reported, { amount_nok: "mye" }, ctx));
  assert.ok("letters" in problems(FORMS.rent_problem_reported, {}, ctx));
});

test("the question about the watch is asked of everybody, and preset only in staffed housing and night teams", () => {
  const preset = FORMS.client_registered.preset({ state });
  assert.equal(preset.watch_answer, undefined);
  assert.ok("watch_answer" in problems(FORMS.client_registered, { ...preset, name: "Ny" }, ctx));
  const house = { ...state, me: { ...state.me, teams: [{ id: TEAM, name: "Bakkehuset", kind: "staffed_housing" }] } };
  assert.equal(FORMS.client_registered.preset({ state: house }).watch_often, "24");
});

test("the answer about the watch becomes the watch", () => {
  const base = { name: "Ny", team_id: TEAM };
  assert.deepEqual(body("client_registered", { ...base, watch_answer: "planned", contact_interval_days: "3" }), {
    ...base,
    contact_interval_days: 3,
    watch: { mode: "off" },
  });
  assert.deepEqual(body("client_registered", { ...base, watch_answer: "watch", watch_often: "each_shift" }).watch, {
    mode: "each_shift",
  });
  assert.deepEqual(body("client_registered", { ...base, watch_answer: "watch", watch_often: "24" }).watch, {
    mode: "interval",
    interval_minutes: 1440,
  });
  assert.deepEqual(
    body("client_registered", { ...base, watch_answer: "watch", watch_often: "other", watch_hours: "48" }).watch,
    { mode: "interval", interval_minutes: 2880 },
  );
});

test("an ambulant team's form presets nothing about the watch, whatever its kind", () => {
  for (const kind of ["act", "fact", "safety_fact", "housing_first", "tenancy_support", "outreach"]) {
    const team = { ...state, me: { ...state.me, teams: [{ id: TEAM, name: "Team", kind }] } };
    assert.equal(FORMS.client_registered.preset({ state: team }).watch_answer, undefined, kind);
  }
  const night = { ...state, me: { ...state.me, teams: [{ id: TEAM, name: "Natt", kind: "night" }] } };
  assert.equal(FORMS.client_registered.preset({ state: night }).watch_answer, "watch");
});

test("changing one thing of a watch keeps the rest: what is left out would fall back to its default", () => {
  const watch = {
    mode: "each_shift",
    counts: ["seen", "heard"],
    sources: [],
    shifts: ["evening"],
    may_enter: true,
    key_ref: "14",
    when_closed: "wait",
    tighten_days: 7,
    pause_with_others: true,
  };
  const context = contextOf(aState({ clients: [unwatched("c", "Kari", { watch })] }), { client: "c" }, () => "minted");
  const sent = body("watch_set", { ...FORMS.watch_set.preset(context), reason: "«Helst om kvelden»" }, context);
  assert.deepEqual(sent, {
    mode: "each_shift",
    counts: ["seen", "heard"],
    shifts: ["evening"],
    may_enter: true,
    key_ref: "14",
    when_closed: "wait",
    tighten_days: 7,
    pause_with_others: true,
    reason: "«Helst om kvelden»",
    review_on: "2027-02-24",
  });
});

test("a new watch per shift is for day and evening until the client says yes to the night", () => {
  assert.deepEqual(FORMS.watch_set.preset(ctx).shifts, ["day", "evening"]);
});

test("a review three months on never falls past the end of a month", () => {
  assert.deepEqual(["2026-11-24", "2026-11-30", "2027-01-31"].map(threeMonthsOn), [
    "2027-02-24",
    "2027-02-28",
    "2027-04-30",
  ]);
});

test("what happens while the team is closed is not asked where it never closes", () => {
  const names = (hours) =>
    shownFields(
      FORMS.watch_set,
      { mode: "interval" },
      { ...ctx, state: { ...state, hours: new Map([[TEAM, hours]]) } },
    ).map((field) => field.name);
  assert.ok(names({ open_spans: [] }).includes("when_closed"));
  assert.ok(!names({ open_spans: [], always_open: true }).includes("when_closed"));
});

test("a visit begins with an hour, asks who the second is, and ends the one that runs", () => {
  const running = {
    id: "v",
    staff_id: ME,
    client_id: "c",
    with_staff: [MONA],
    started_at: hoursAgo(1),
    expected_end_at: hoursAgo(0),
    ended_at: null,
  };
  const context = contextOf(
    aState({ clients: [unwatched("c", "Kari")], visits: [running] }),
    { client: "c" },
    () => "minted",
  );
  const form = FORMS.visit_started;
  const preset = form.preset(context);
  assert.deepEqual(body("visit_started", preset, context), {
    visit_id: "minted",
    expected_end_at: new Date(NOW + 3_600_000).toISOString(),
    with_staff: [MONA],
  });
  assert.ok("with_staff" in problems(form, { expected_end_at: "m30", together: true }, context));
  assert.deepEqual(form.before(context), [{ type: "visit_ended", body: { visit_id: "v" }, client: "c", team: null }]);
  assert.deepEqual(form.before(ctx), []);
});

test("«Forleng» saves the same as a new visit, and says that it is the end that is new", () => {
  const form = FORMS.visit_extended;
  assert.equal(form.type, "visit_started");
  assert.equal(saveWords(form, {}, ctx), "Lagre ny slutt");
  assert.match(extendLink({ client_id: "c" }), /type=visit_extended&client=c$/);
});

test("still away says who confirmed it, and a new end only when there is one", () => {
  const context = { ...ctx, absence: { id: "f" } };
  assert.ok("confirmed_with" in problems(FORMS.absence_confirmed, {}, context));
  assert.deepEqual(body("absence_confirmed", { confirmed_with: "Post 4" }, context), {
    absence_id: "f",
    confirmed_with: "Post 4",
  });
});

test("an edit sends what differs, and the number it was based on", () => {
  const values = { ...FORMS.client_updated.preset(ctx), phone: "999", alias: "" };
  assert.deepEqual(body("client_updated", values), { base_seq: 812, fields: { phone: "999" } });
});

test("an alert that is ended without a contact asks for the next check, and one that was seen asks when", () => {
  const alert = { ...ctx, alert: { id: "a", kind: "not_seen" } };
  assert.ok("next_check_at" in problems(FORMS.alert_resolved, { outcome: "not_found_plan_made", reason: "x" }, alert));
  assert.ok("seen_at" in problems(FORMS.alert_resolved, { outcome: "was_seen" }, alert));
  assert.equal(
    body("alert_resolved", { outcome: "was_seen", seen_at: "2026-11-24T09:10" }, alert).reason,
    "var sett, ikke ført",
  );
});

test("every answer to an alert says to which", () => {
  const alert = { ...ctx, alert: { id: "a", kind: "not_seen" } };
  const answers = Object.values(FORMS).filter((form) => form.alert);
  assert.equal(answers.length, 3);
  for (const { type } of answers) assert.equal(body(type, {}, alert).alert_id, "a", type);
});

test("ahead: in some hours, or the next nine o'clock, never more than a day on", () => {
  assert.equal(Date.parse(ahead("h2", NOW)) - NOW, 7_200_000);
  const morning = Date.parse(ahead("morning", NOW));
  assert.equal(new Date(morning).getHours(), 9);
  assert.ok(morning > NOW && morning - NOW <= 25 * 3_600_000);
});

test("the time is now unless it was chosen, and a chosen one is marked so", () => {
  assert.deepEqual(timeOf({}, NOW), {});
  assert.deepEqual(timeOf({ _at: "now" }, NOW), {});
  assert.deepEqual(timeOf({ _at: "hour" }, NOW), { occurredAt: new Date(NOW - 3_600_000), timeChosen: true });
  assert.equal(timeOf({ _at: "2026-11-24T09:10" }, NOW).timeChosen, true);
  assert.deepEqual(timeOf({ _at: "pick" }, NOW), {});
});

test("a rejected entry opens as it was filled in", () => {
  const sent = body("client_registered", {
    name: "Ny",
    team_id: TEAM,
    watch_answer: "watch",
    watch_often: "other",
    watch_hours: "12",
  });
  const values = valuesOf(FORMS.client_registered, sent);
  assert.deepEqual(body("client_registered", values), sent);
});

test("a draft belongs to one form about one client", () => {
  assert.notEqual(draftKey({ type: "visit_logged", client: "a" }), draftKey({ type: "visit_logged", client: "b" }));
});

test("every form can be drawn and has words for its button and its toast", () => {
  for (const form of Object.values(FORMS)) {
    const values = { ...form.preset?.(ctx) };
    assert.ok(shownFields(form, values, ctx).length, form.type);
    assert.ok(saveWords(form, values, ctx), form.type);
    assert.ok(savedWords(form, values, ctx), form.type);
    for (const field of [...form.fields, ...(form.more ?? [])])
      assert.ok(field.name && field.kind && field.label, `${form.type} ${field.name}`);
  }
});

test("an alert can be given to those who may take it, and not to oneself", () => {
  const state = aState();
  for (const role of ["leader", "fieldworker", "peer", "landlord", "privacy"])
    state.staff.set(role, { id: role, name: role, role, team_ids: [TEAM] });
  state.staff.set(ME, { ...state.staff.get(ME), role: "leader" });
  assert.deepEqual(
    takers(state, [TEAM]).map((one) => one.id),
    ["fieldworker", "leader"],
  );
});

test("follow-up can't be said to end on a day ahead: the clock would stop for somebody who is still followed up", () => {
  const on = (day) =>
    problems(
      FORMS.follow_up_ended,
      { reason: "moved", on: new Date(NOW + day * 86_400_000).toISOString().slice(0, 10) },
      ctx,
    );
  assert.deepEqual([Object.keys(on(0)), Object.keys(on(-3)), Object.keys(on(1))], [[], [], ["on"]]);
});

const AHEAD = "2026-11-24T14:30"; // the phone's own wall clock; NOW is 11.47 in UTC
const filled = (form) => ({ ...form.preset?.(ctx) });

test("no form saves what has not happened yet", () => {
  for (const form of Object.values(FORMS).filter((one) => !one.now)) {
    const at = (_at) => problems(form, { ...filled(form), _at }, ctx)._at;
    assert.equal(at(AHEAD), "Det har ikke skjedd ennå.", form.type);
    assert.ok(at("pick"), `${form.type}: a time was to be picked, and none was`);
    for (const past of ["now", "hour", "2026-11-24T09:10", undefined])
      assert.equal(at(past), undefined, `${form.type} ${past}`);
  }
});

test("the minute that runs has begun", () => {
  const minute = new Date(NOW + 30_000 - new Date(NOW).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  assert.equal(problems(FORMS.visit_logged, { outcome: "seen", place: "home", _at: minute }, ctx)._at, undefined);
});

test("nor is any other moment that must have been", () => {
  const wrong = (type, values, context = ctx) => problems(FORMS[type], values, context);
  assert.equal(wrong("home_entered", { left_at: AHEAD }).left_at, "Det har ikke skjedd ennå.");
  assert.equal(wrong("alert_resolved", { outcome: "was_seen", seen_at: AHEAD }).seen_at, "Det har ikke skjedd ennå.");
  for (const part of ["sent_on", "received_on"])
    assert.equal(
      wrong("rent_problem_reported", { letters: [{ kind: "bailiff_letter", [part]: "2026-11-25" }] }).letters,
      "Det har ikke skjedd ennå.",
      part,
    );
  assert.equal(
    wrong("rent_problem_reported", { letters: [{ kind: "eviction_date", dated_on: "2026-12-25" }] }).letters,
    undefined,
  );
});

test("what is planned is not over already", () => {
  const alert = { ...ctx, alert: { id: "a", kind: "not_seen" } };
  assert.ok("until" in problems(FORMS.alert_snoozed, { until: "2026-11-24T09:10", reason: "x" }, alert));
  assert.ok(
    "next_check_at" in
      problems(FORMS.alert_resolved, { outcome: "other", reason: "x", next_check_at: "2026-11-24T09:10" }, alert),
  );
  assert.ok("expected_end_at" in problems(FORMS.visit_started, { expected_end_at: "2026-11-24T09:10" }, ctx));
  assert.equal("expected_end_at" in problems(FORMS.visit_started, { expected_end_at: "m30" }, ctx), false);
});

test("a text that is too long says the limit and the excess", () => {
  const said = (type, name, length, others = {}) =>
    problems(FORMS[type], { ...others, [name]: "å".repeat(length) }, ctx)[name];
  assert.equal(said("visit_logged", "note", 10_012), "Teksten er 12 tegn for lang. Det er plass til 10\u00a0000.");
  assert.equal(
    said("concern_raised", "reason", 2_001, { urgency: "today" }),
    "Teksten er 1 tegn for lang. Det er plass til 2\u00a0000.",
  );
  assert.equal(said("client_registered", "name", 250), "Teksten er 50 tegn for lang. Det er plass til 200.");
  assert.equal(said("absence_started", "where", 501), "Teksten er 1 tegn for lang. Det er plass til 500.");
  assert.equal(said("visit_logged", "note", 10_000), undefined);
  assert.equal(
    problems(FORMS.visit_logged, { note: "🙂".repeat(10_000) }, ctx).note,
    undefined,
    "characters are counted as the server counts them",
  );
});

test("a worry for now needs no word, and keeps those that were typed; for today and the meeting it needs them", () => {
  const form = FORMS.concern_raised;
  assert.deepEqual(problems(form, { urgency: "now" }, ctx), {});
  assert.deepEqual(body("concern_raised", { urgency: "now" }), { urgency: "now" });
  assert.deepEqual(body("concern_raised", { urgency: "now", reason: "Roper" }), { urgency: "now", reason: "Roper" });
  for (const urgency of ["today", "board"]) assert.ok("reason" in problems(form, { urgency }, ctx), urgency);
  assert.equal(saveWords(form, { urgency: "now" }, ctx), "Varsle nå");
});

test("the words of a worry are a correction of the same entry, and say nothing else anew", () => {
  const raised = { id: "e", type: "concern_raised", client_id: "c", body: { urgency: "now", note: "Natt" } };
  const context = contextOf(
    aState({ clients: [unwatched("c", "Kari")], entries: [raised] }),
    { client: "c", entry: "e" },
    () => "minted",
  );
  assert.deepEqual(body("concern_words", { reason: "Roper" }, context), {
    entry_id: "e",
    what: "text",
    reason: "ord lagt til",
    body: { reason: "Roper" },
  });
});

test("a form about something that is not on the phone can't be filled in", () => {
  for (const type of [
    "alert_resolved",
    "alert_snoozed",
    "alert_handed_over",
    "entry_corrected",
    "concern_words",
    "duty_handed_over",
    "rent_problem_updated",
    "crisis_closed",
    "absence_ended",
    "absence_confirmed",
  ]) {
    assert.ok(isWithoutSubject(FORMS[type], ctx), type);
  }
  for (const type of ["visit_logged", "client_registered", "duty_set", "rent_problem_reported"])
    assert.ok(!isWithoutSubject(FORMS[type], ctx), type);
});

test("no word of an address is a form but those in the table", () => {
  for (const word of ["constructor", "__proto__", "toString", "hasOwnProperty"])
    assert.equal(FORMS[word], undefined, word);
});

test("«var sett» without a picker: what is said in words is never later than it was", () => {
  const alert = { ...ctx, alert: { id: "a", kind: "not_seen" } };
  const seen = (said) => body("alert_resolved", { outcome: "was_seen", seen_at: said }, alert).seen_at;
  assert.equal(Date.parse(seen("hour")), NOW - 3_600_000);
  assert.deepEqual(
    ["night", "evening"].map((said) => new Date(seen(said)).toString().slice(0, 21)),
    ["Tue Nov 24 2026 00:00", "Mon Nov 23 2026 18:00"],
  );
  for (const said of ["hour", "night", "evening"])
    assert.deepEqual(problems(FORMS.alert_resolved, { outcome: "was_seen", seen_at: said }, alert), {}, said);
});

test("«Bekymret nå» on the card needs one more tap; an urgency that is none is not taken from an address", () => {
  const given = givenIn(FORMS.concern_raised, { urgency: "now" }, ctx);
  assert.deepEqual(given, { urgency: "now" });
  assert.deepEqual(problems(FORMS.concern_raised, given, ctx), {});
  assert.deepEqual(givenIn(FORMS.concern_raised, { urgency: "constructor" }, ctx), {});
});
