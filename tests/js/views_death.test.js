/** Of somebody who has died nothing is asked for: no visit, no call, no crisis, no planned contact; the day is said. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup, words } from "./_screen.js";
import { TEAM, aState, entry, hoursAgo, watched } from "./_state.js";

const { clientRow } = await import("../../fieldapp/static/js/views/parts.js");
const { clientView } = await import("../../fieldapp/static/js/views/client.js");
const { alertView } = await import("../../fieldapp/static/js/views/alert.js");
const { alertActions } = await import("../../fieldapp/static/js/views/today.js");
const { logView } = await import("../../fieldapp/static/js/views/log.js");
const { FORMS } = await import("../../fieldapp/static/js/views/forms.js");
const { arrange } = await import("../../fieldapp/static/js/views/day.js");

const dead = watched("c", "Per Ivar", 30, {
  phone: "40123456",
  address: "Storgata 3",
  contact_interval_days: 3,
  deceased: true,
  died_on: "2026-11-23",
  watch: {
    mode: "interval",
    interval_minutes: 1440,
    counts: ["seen"],
    may_enter: true,
    last_seen_at: hoursAgo(30),
    due_at: null,
    paused_by: "deceased",
  },
});
const alert = {
  id: "a",
  kind: "not_seen",
  client_id: "c",
  team_id: TEAM,
  state: "open",
  owner: null,
  opened_at: hoursAgo(1),
};
const state = aState({
  clients: [dead],
  alerts: [alert],
  handOvers: [{ id: "h", client_id: "c", to_team_id: TEAM, until_at: hoursAgo(-5), asked_at: hoursAgo(1) }],
});
const ASKS =
  /tel:|data-crisis|type=(visit_|call_|concern|sighting|home_entered|absence|watch_set|contact_interval|agreement|street)|data-no-at-door|visit_logged|data-call/;

test("the card opens on the name and the day, and offers nothing to the living", () => {
  const drawn = clientView(state, { id: "c" });
  assert.match(words(drawn), /Per Ivar døde 23\. nov\./);
  assert.doesNotMatch(words(drawn), /Planlagt kontakt|bør ses|sett for|\.\./);
  assert.doesNotMatch(markup(drawn), ASKS);
});

test("a row says the day and has no button", () => {
  const drawn = clientRow(state, dead);
  assert.match(words(drawn), /Per Ivar døde 23\. nov\./);
  assert.doesNotMatch(markup(drawn), ASKS);
});

test("an alert that is still open asks nobody to ring or look", () => {
  assert.doesNotMatch(markup(alertView(state, { id: "a" })), ASKS);
  assert.match(words(alertView(state, { id: "a" })), /Per Ivar døde 23\. nov\./);
  assert.doesNotMatch(markup(alertActions(state, alert, dead)), ASKS);
});

test("no form about the living opens for the dead, whatever address it is opened by", () => {
  for (const form of Object.values(FORMS).filter((one) => one.living)) {
    const drawn = logView(state, {
      query: { type: form.key ?? form.type, client: "c" },
      form: { values: {}, errors: {} },
      found: [dead],
    });
    assert.match(words(drawn), /Per Ivar døde 23\. nov\./, form.type);
    assert.doesNotMatch(markup(drawn), /<form/, form.type);
  }
  const living = Object.values(FORMS)
    .filter((one) => one.living)
    .map((one) => one.type);
  for (const type of [
    "visit_logged",
    "visit_started",
    "call_logged",
    "street_contact_logged",
    "sighting_reported",
    "concern_raised",
    "home_entered",
    "absence_started",
    "watch_set",
    "contact_interval_set",
    "agreement_withdrawn",
  ])
    assert.ok(living.includes(type), type);
});

test("the dead stand in no group of the day, handed over or not", () => {
  assert.deepEqual(Object.values(arrange({ ...state, alerts: new Map() })).flat(), []);
});

test("without a day from the server it is the day of the entry that says so", () => {
  const { died_on: _unknown, ...known } = dead;
  const found = entry("e", "c", "home_entered", 50, { found: "dead", ground: "police_or_ambulance", reason: "x" });
  assert.match(words(clientRow(aState({ clients: [known], entries: [found] }), known)), /døde 22\. nov\./);
  assert.match(words(clientRow(aState({ clients: [known] }), known)), /Per Ivar er død/);
});
