/** Whom is it about: the whole row chooses, the likeliest stand first, and whose follow-up has ended stands nowhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup } from "./_screen.js";
import { ME, TEAM, aState, hoursAgo, unwatched } from "./_state.js";
import { pickOrder } from "../../fieldapp/static/js/views/picker.js";

const { logView } = await import("../../fieldapp/static/js/views/log.js");

const theirs = (id, name, more = {}) => unwatched(id, name, { primary_staff_id: "other", ...more });
const clients = [
  theirs("1", "Aina"),
  theirs("2", "Bo", { primary_staff_id: ME }),
  theirs("3", "Cis"),
  theirs("4", "Dag"),
  theirs("5", "Eva"),
  theirs("6", "Finn", { ended_at: hoursAgo(1) }),
  theirs("7", "Geir", { deceased: true, primary_staff_id: ME }),
];
const state = aState({
  clients,
  alerts: [
    { id: "a", kind: "not_seen", client_id: "4", team_id: TEAM, state: "open", owner: null, opened_at: hoursAgo(1) },
  ],
  visits: [
    { id: "v", staff_id: ME, client_id: "5", started_at: hoursAgo(1), expected_end_at: hoursAgo(-1), ended_at: null },
  ],
});
const view = (type, more = {}) =>
  markup(logView(state, { query: { type }, found: clients, recent: ["3", "6"], ...more }));

test("the visit in progress, then alerts, then the recently opened, then mine, then the rest", () => {
  assert.deepEqual(
    pickOrder(state, clients, { recent: ["3", "6", "gone"] }).map((one) => one.name),
    ["Eva", "Dag", "Cis", "Bo", "Aina"],
  );
});

test("what was typed ranks by itself, and finds nobody whose follow-up has ended", () => {
  assert.deepEqual(
    pickOrder(state, [clients[5], clients[0], clients[4]], { recent: ["3"], typed: "a" }).map((one) => one.name),
    ["Aina", "Eva"],
  );
});

for (const type of ["visit_logged", "pick"]) {
  test(`the whole row chooses, and no name leads away (${type})`, () => {
    const drawn = view(type, { query: { type, for: "street_contact_logged" } });
    assert.doesNotMatch(drawn, /href=\/felt\/bruker\//);
    assert.equal(drawn.match(/<li class="row picks">/g).length, 5);
    assert.equal(drawn.match(/<a class="pick"/g).length, 5);
    assert.doesNotMatch(drawn, /Finn|Geir/);
  });
}

test("a crisis is started by the whole row too", () => {
  const drawn = view("crisis_opened");
  assert.doesNotMatch(drawn, /href=\/felt\/bruker\//);
  assert.match(drawn, /<button type="button" class="pick" data-crisis=5/);
});
