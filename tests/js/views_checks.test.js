/** Whom the duty should ask after beside the clock, and what takes them off the list. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { boardConcerns, checksToday } from "../../fieldapp/static/js/views/checks.js";
import { arrange } from "../../fieldapp/static/js/views/day.js";
import { aState, entry, hoursAgo, unwatched } from "./_state.js";

const CLIENTS = [unwatched("1", "Even"), unwatched("2", "Kari"), unwatched("3", "Kjell")];
const names = (rows) => rows.map((row) => row.client.name);
const concern = (id, client, hours, urgency = "today", more = {}) =>
  entry(id, client, "concern_raised", hours, { reason: "rotete", urgency }, more);
const missed = (id, client, hours, source = "pharmacy", more = {}) =>
  entry(id, client, "sighting_reported", hours, { what: "missed", source }, more);
const today = (entries, more = {}) => checksToday(aState({ clients: CLIENTS, entries, ...more }));

test("a concern for today and a sighting missed or worried stand, one for now or the board does not", () => {
  const worried = entry("e3", "3", "sighting_reported", 1, { what: "worried", source: "shelter" });
  const seen = entry("e5", "3", "sighting_reported", 1, { what: "seen", source: "shelter" });
  const rows = today([
    concern("e1", "1", 2),
    missed("e2", "2", 3),
    worried,
    concern("e4", "3", 1, "board"),
    concern("e6", "3", 1, "now"),
    seen,
  ]);
  assert.deepEqual(names(rows), ["Kari", "Kjell", "Even"]);
  assert.deepEqual(
    rows.map((row) => row.entries.length),
    [1, 1, 1],
  );
});

test("an answer takes it off, and its Angre puts it back", () => {
  const answer = entry("a1", "1", "concern_answered", 0, { entry_id: "e1" });
  assert.deepEqual(today([concern("e1", "1", 2), answer]), []);
  assert.equal(today([concern("e1", "1", 2), answer], { retracted: ["a1"] }).length, 1);
  assert.equal(
    today([concern("e1", "1", 2), { ...answer, local: "held" }]).length,
    1,
    "an answer the server refused is none",
  );
});

test("being met or heard afterwards takes it off, a bomtur and an earlier visit do not", () => {
  const visit = (hours, outcome) => entry("v", "1", "visit_logged", hours, { outcome });
  for (const [one, left] of [
    [visit(1, "seen"), 0],
    [visit(1, "heard"), 0],
    [visit(1, "no_answer"), 1],
    [visit(3, "seen"), 1],
  ]) {
    assert.equal(today([concern("e1", "1", 2), one]).length, left, one.body.outcome);
  }
});

test("the second day of not collecting from the same source says so, and comes before the first day of another", () => {
  const rows = today([missed("e1", "1", 1), missed("e2", "2", 2), missed("e3", "2", 26), missed("e4", "1", 25, "lar")]);
  assert.deepEqual(
    rows.map((row) => [row.client.name, row.days]),
    [
      ["Kari", 2],
      ["Even", 1],
    ],
  );
});

test("who came out of an institution in the last fourteen days comes first", () => {
  const out = (client_id, days, kind = "admitted") => ({
    id: `f${client_id}`,
    client_id,
    kind,
    started_at: hoursAgo(900),
    ended_at: hoursAgo(24 * days),
  });
  const entries = [missed("e1", "1", 1), missed("e0", "1", 25), concern("e2", "2", 20)];
  assert.deepEqual(names(today(entries, { absences: [out("2", 6)] })), ["Kari", "Even"]);
  assert.deepEqual(names(today(entries, { absences: [out("2", 15)] })), ["Even", "Kari"]);
  assert.deepEqual(names(today(entries, { absences: [out("2", 6, "travel")] })), ["Even", "Kari"]);
});

test("what is meant for the board stands for the next meeting, also after a contact, until it is answered", () => {
  const entries = [concern("e1", "1", 5, "board"), entry("v", "1", "visit_logged", 1, { outcome: "seen" })];
  assert.deepEqual(names(boardConcerns(aState({ clients: CLIENTS, entries }))), ["Even"]);
  assert.deepEqual(
    boardConcerns(
      aState({ clients: CLIENTS, entries: [...entries, entry("a", "1", "concern_answered", 0, { entry_id: "e1" })] }),
    ),
    [],
  );
});

test("a peer and a landlord get no list of others' worries, and nobody's stands twice", () => {
  const state = aState({ clients: CLIENTS, entries: [concern("e1", "1", 2)] });
  const rows = arrange(state);
  assert.deepEqual([names(rows.checks), names(rows.rest)], [["Even"], ["Kari", "Kjell"]]);
  for (const role of ["peer", "landlord"])
    assert.deepEqual(arrange({ ...state, me: { ...state.me, role } }).checks, []);
});

test("what stopped no clock stands until somebody answers or has met the person since it came", () => {
  const dead = entry(
    "e1",
    "1",
    "home_entered",
    80,
    { found: "dead", ground: "agreement", reason: "x" },
    { flags: ["no_effect"], received_at: hoursAgo(2) },
  );
  const fixed = entry(
    "e2",
    "2",
    "entry_corrected",
    1,
    { entry_id: "e9", what: "text", body: { kind: "admitted" } },
    { flags: ["no_effect"], received_at: hoursAgo(1) },
  );
  const visit = (hours) => entry("v", "1", "visit_logged", hours, { outcome: "seen" });
  assert.deepEqual(names(today([dead, fixed])), ["Kari", "Even"]);
  assert.deepEqual(names(today([dead, visit(20)])), ["Even"], "a meeting before it came answers nothing");
  assert.deepEqual(today([dead, visit(1)]), []);
  assert.deepEqual(today([dead, entry("a", "1", "concern_answered", 0, { entry_id: "e1" })]), []);
  assert.deepEqual(today([{ ...dead, flags: [] }]), []);
});
