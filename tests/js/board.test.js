/** The team's board on the phone: who is up, where, what waits on the phone, and what asks for a look. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { vectors } from "./_vectors.js";
import { aState, entry, hoursAgo, ME, NOW, TEAM, unwatched } from "./_state.js";
import { fold } from "../../fieldapp/static/js/core/replica/fold/index.js";
import { overlayOn } from "../../fieldapp/static/js/core/replica/overlay.js";
import {
  boardOf,
  boardTeams,
  cardOf,
  columnsOf,
  others,
  reasonToReview,
} from "../../fieldapp/static/js/views/board_cards.js";
import { bodyOf, FORMS } from "../../fieldapp/static/js/views/forms.js";

const waiting = (id, type, at, body, more = {}) => ({
  ...entry(id, "c", type, 0, body, { local: "pending", author_id: ME, ...more }),
  occurred_at: at,
  corrected_at: null,
});

function folded(entries, there = []) {
  const over = overlayOn(new Map([["board", new Map(there.map((one) => [one.id, one]))]]));
  for (const one of entries) over.put("entry", one.id, one);
  fold(over, entries, new Set(), NOW);
  return [...over.table("board").values()];
}

for (const { name, moves, cards } of vectors("board").cases) {
  test(`what waits on the phone: ${name}`, () => {
    const entries = moves
      .map(({ id, at, team_id: team, column }) =>
        column === null
          ? waiting(id, "board_removed", at, { team_id: team })
          : waiting(id, "board_placed", at, { team_id: team, column, review_on: "2026-12-07" }),
      )
      .sort((a, b) => a.occurred_at.localeCompare(b.occurred_at) || a.id.localeCompare(b.id));
    const found = folded(entries)
      .map(({ id, entry_id, team_id, column, since_at }) => ({ id, entry_id, team_id, column, since_at }))
      .sort((a, b) => a.since_at.localeCompare(b.since_at));
    assert.deepEqual(
      found.map((one) => ({ ...one, since_at: Date.parse(one.since_at) })),
      cards.map((one) => ({ ...one, since_at: Date.parse(one.since_at) })),
    );
  });
}

const card = (id, client, column, hours, more = {}) => ({
  id,
  client_id: client,
  team_id: TEAM,
  column,
  since_at: hoursAgo(hours),
  noted_at: hoursAgo(hours),
  entry_id: id,
  author_id: ME,
  review_on: "2026-12-07",
  reasons: [],
  ...more,
});
const board = (cards, more = {}) => ({
  ...aState({ clients: [unwatched("1", "Even"), unwatched("2", "Kari"), unwatched("3", "Kjell")], ...more }),
  board: new Map(cards.map((one) => [one.id, one])),
});

test("what the server has newer stands, and an Angre of the first takes the card away", () => {
  const there = card("s", "c", "tight", 1);
  const older = waiting("e1", "board_placed", hoursAgo(3), {
    team_id: TEAM,
    column: "crisis",
    review_on: "2026-12-07",
  });
  assert.equal(folded([older], [there])[0].column, "tight");
  const undone = waiting("u", "entry_corrected", hoursAgo(0), { entry_id: "s", what: "retracted", reason: "angret" });
  assert.deepEqual(folded([undone], [there]), []);
});

test("the columns are the team's own; what has none is under «annet»", () => {
  const own = { id: TEAM, team_id: TEAM, columns: [{ key: "crisis", name: "Akutt" }] };
  const state = board([card("b1", "1", "crisis", 50), card("b2", "2", "gone", 20), own]);
  assert.deepEqual(
    boardOf(state, TEAM).map((column) => [column.name, column.cards.map((one) => one.id)]),
    [
      ["Akutt", ["b1"]],
      ["Annet", ["b2"]],
    ],
  );
  assert.equal(columnsOf(board([]), TEAM).length, 6);
});

test("who is not followed by the team any more is not up", () => {
  const clients = [unwatched("1", "Even", { ended_at: hoursAgo(1) }), unwatched("2", "Kari", { team_ids: ["x"] })];
  const state = board([card("b1", "1", "crisis", 50), card("b2", "2", "crisis", 20)], { clients });
  assert.deepEqual(boardOf(state, TEAM), []);
});

test("the rest stand by when they should next be met, without a plan last", () => {
  const clients = [
    unwatched("1", "Even"),
    unwatched("2", "Kari", { contact_interval_days: 7 }),
    unwatched("3", "Kjell", { contact_interval_days: 1 }),
    unwatched("4", "Oppe"),
  ];
  const met = [
    entry("e2", "2", "visit_logged", 24, { outcome: "seen" }),
    entry("e3", "3", "visit_logged", 48, { outcome: "seen" }),
  ];
  const state = board([card("b4", "4", "crisis", 50)], { clients, entries: met });
  assert.deepEqual(
    others(state).map((row) => row.client.name),
    ["Kjell", "Kari", "Even"],
  );
});

test("a concern for the board, a missed sighting or a discharge since it was placed asks for a look", () => {
  const placed = card("b1", "1", "crisis", 10);
  const state = (entries, absences = []) => board([placed], { entries, absences });
  const concern = (hours) => [entry("e", "1", "concern_raised", hours, { urgency: "board", reason: "x" })];
  assert.equal(reasonToReview(state(concern(2)), placed), "bekymring til tavla");
  assert.equal(reasonToReview(state(concern(20)), placed), "");
  assert.equal(
    reasonToReview(state([entry("e", "1", "sighting_reported", 2, { what: "missed" })]), placed),
    "ikke møtt",
  );
  const home = [{ id: "f", client_id: "1", kind: "admitted", ended_at: hoursAgo(3) }];
  assert.equal(reasonToReview(state([], home), placed), "utskrevet eller løslatt");
  assert.equal(reasonToReview(state([], [{ ...home[0], kind: "travel" }]), placed), "");
});

test("a peer and a landlord have no board", () => {
  const state = board([]);
  assert.equal(boardTeams(state).length, 1);
  for (const role of ["peer", "landlord", "admin"])
    assert.deepEqual(boardTeams({ ...state, me: { ...state.me, role } }), []);
});

test("the form knows where they are, whose board it is, and the team's own days", () => {
  const state = board([card("b1", "1", "tight", 50, { goal: "Sove", reasons: ["crisis"] })]);
  state.teams.get(TEAM).review_days = "7";
  const ctx = { state, client: state.clients.get("1"), today: "2026-11-24" };
  const values = FORMS.board_placed.preset(ctx);
  assert.deepEqual([values.column, values.goal, values.review_on], ["tight", "Sove", "2026-12-01"]);
  assert.equal(bodyOf(FORMS.board_placed, values, ctx).team_id, TEAM);
  assert.equal(cardOf(state, "2"), undefined);
  assert.deepEqual(bodyOf(FORMS.board_removed, {}, ctx), { team_id: TEAM });
});
